import type { CycleSettings } from './cycle.ts';
import type { NodeInfo } from './node-info.ts';
import { type Cycle, MAX_NODE_SCORE, type ScorePlugin } from './plugin.ts';

/** extenderv1.MaxExtenderPriority. */
const MAX_EXTENDER_SCORE = 10;

export interface Scored {
  /** In the order of the nodes. */
  readonly totals: number[];
  /** Normalised, not weighted. Only of the plugins that had something to say. */
  readonly byPlugin: ReadonlyMap<string, readonly number[]>;
}

/** RunPreScorePlugins and RunScorePlugins (pkg/scheduler/framework/runtime/framework.go). */
export function scoreNodes(
  cycle: Cycle,
  scorers: readonly ScorePlugin[],
  feasible: readonly NodeInfo[],
): Scored {
  const totals: number[] = new Array(feasible.length).fill(0);
  const byPlugin = new Map<string, readonly number[]>();
  for (const { plugin, weight, prepare } of scorers) {
    const prepared = prepare(cycle, feasible);
    if (prepared === undefined) continue;
    const { score, normalize } = prepared;
    const scores: number[] = [];
    for (const node of feasible) scores.push(score(node));
    normalize?.(scores, feasible);
    for (let index = 0; index < scores.length; index += 1) {
      totals[index] = (totals[index] ?? 0) + (scores[index] ?? 0) * weight;
    }
    byPlugin.set(plugin, scores);
  }
  return { totals, byPlugin };
}

/** prioritizeNodes: an extender's 0 to 10 becomes a plugin's 0 to 100. Its errors give no score. */
export function addExtenderScores(
  totals: number[],
  feasible: readonly NodeInfo[],
  podText: () => string,
  { extender, extenderWeight }: CycleSettings,
): void {
  if (extender === undefined || !extender.available()) return;
  const scores = extender.prioritize(
    podText(),
    feasible.map(({ state }) => state.name),
  );
  const factor = extenderWeight * (MAX_NODE_SCORE / MAX_EXTENDER_SCORE);
  for (const [index, { state }] of feasible.entries()) {
    totals[index] = (totals[index] ?? 0) + (scores.get(state.name) ?? 0) * factor;
  }
}
