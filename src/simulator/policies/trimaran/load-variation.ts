import { MAX_NODE_SCORE } from '../../scheduler/plugin.ts';

/*
 * LoadVariationRiskBalancing of kubernetes-sigs/scheduler-plugins v0.32.7, pkg/trimaran: it prefers nodes
 * whose usage is low and steady (loadvariationriskbalancing/analysis.go, resourcestats.go).
 */

export interface LoadVariationArgs {
  /** Multiplies the deviation. */
  readonly margin: number;
  /** The deviation's root. */
  readonly sensitivity: number;
}

export const LOAD_VARIATION_ARGS: LoadVariationArgs = { margin: 1, sensitivity: 1 };

/** Of one resource of a node, all in the same unit. */
export interface ResourceStats {
  readonly capacity: number;
  readonly requested: number;
  readonly usedMean: number;
  readonly usedDeviation: number;
}

/** computeScore, before rounding: 100 is no risk. */
export function resourceScore(stats: ResourceStats, { margin, sensitivity }: LoadVariationArgs): number {
  const { capacity } = stats;
  if (capacity <= 0) return 0;
  const usedMean = within(stats.usedMean, capacity);
  const mu = within((usedMean + Math.max(0, stats.requested)) / capacity, 1);
  const spread = within(within(stats.usedDeviation, capacity) / capacity, 1);
  const sigma = within((sensitivity >= 0 ? spread ** (1 / sensitivity) : spread) * margin, 1);
  return (1 - (mu + sigma) / 2) * MAX_NODE_SCORE;
}

/** Score: the riskier of CPU and memory decides. */
export function loadVariationScore(
  cpu: ResourceStats,
  memory: ResourceStats,
  args: LoadVariationArgs,
): number {
  return Math.round(Math.min(resourceScore(memory, args), resourceScore(cpu, args)));
}

function within(value: number, highest: number): number {
  return Math.max(0, Math.min(value, highest));
}
