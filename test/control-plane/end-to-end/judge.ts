import type { NodeResult, SimulationResult } from '../../../src/outcome/result.ts';
import { curveAt } from '../../../src/simulator/model/curve.ts';
import type { Trace } from '../../../src/trace/schema.ts';

/** A moment at which metrics showed an edge node above its threshold, and what had happened before. */
export interface Excess {
  readonly node: string;
  readonly atS: number;
  readonly milli: number;
  /** When the last pod was placed there before that sample began. */
  readonly lastPlacedS: number;
}

/** KWOK's answers come some milliseconds late, and a sample of 10 s is off by that. */
const MEASURED_TOLERANCE = 0.02;

/** @param windowMs what a sample is the mean of */
export function excesses(
  { nodes, decisions, startMs }: SimulationResult,
  windowMs: number,
): readonly Excess[] {
  return nodes
    .filter(({ tier }) => tier === 'edge')
    .flatMap(({ name, thresholdMilli = 0, measured }) =>
      measured
        .filter(({ milli }) => milli > thresholdMilli * (1 + MEASURED_TOLERANCE))
        .map(({ milli, sampleEndMs }) => {
          const placed = decisions.findLast(
            (decision) =>
              decision.nodes.length === 1 &&
              decision.nodes[0] === name &&
              decision.atMs < sampleEndMs - windowMs,
          );
          return {
            node: name,
            atS: (sampleEndMs - startMs) / 1000,
            milli,
            lastPlacedS: ((placed?.atMs ?? startMs) - startMs) / 1000,
          };
        }),
    );
}

/** The most that was planned for a node when a pod was placed on it, as a share of its threshold. */
export function mostPlanned({ decisions }: SimulationResult, node: string): number {
  const planned = decisions.flatMap((decision) => {
    if (decision.nodes[0] !== node) return [];
    const { forecastMilli, estimateMilli, thresholdMilli } =
      decision.candidates.find((candidate) => candidate.node === node) ?? {};
    if (forecastMilli === undefined || estimateMilli === undefined || thresholdMilli === undefined) return [];
    return [(forecastMilli + estimateMilli) / thresholdMilli];
  });
  return Math.max(0, ...planned);
}

/** CPU used on average over a span, of all edge nodes, as a share of what their thresholds allow. */
export function edgeFill({ nodes, startMs }: SimulationResult, fromS: number, toS: number): number {
  const edge = nodes.filter(({ tier }) => tier === 'edge');
  const used = edge.reduce(
    (sum, node) => sum + meanMilli(node, startMs + fromS * 1000, startMs + toS * 1000),
    0,
  );
  return used / edge.reduce((sum, { thresholdMilli = 0 }) => sum + thresholdMilli, 0);
}

function meanMilli({ real }: NodeResult, fromMs: number, toMs: number): number {
  let used = 0;
  for (const stretch of real) {
    const [from, to] = [Math.max(fromMs, stretch.fromMs), Math.min(toMs, stretch.toMs)];
    if (to > from) used += ((stretch.fromMilli + stretch.toMilli) / 2) * (to - from);
  }
  return used / (toMs - fromMs);
}

/** Demand of all Deployments at a moment since the start, in millicores. */
export function demandAt({ load }: Trace, atS: number): number {
  return load.reduce((sum, one) => {
    if (one.type !== 'demand') return sum;
    const points = one.points.map(({ at, cpu }) => ({ atMs: at, value: cpu }));
    return sum + curveAt({ between: 'line', points }, atS * 1000, 'before');
  }, 0);
}
