import type { NodeResult, SimulationResult } from '../outcome/result.ts';
import { TOLERANCE_MILLI } from '../placement/admission.ts';
import type { Trace } from '../trace/schema.ts';
import { edgeFillRatio } from './fill.ts';
import { lineOf, msAbove } from './lines.ts';
import { nodeUses } from './nodes.ts';
import { type PodMeasures, podMeasures } from './pods.ts';
import { cloudWhileEdgeFits } from './room.ts';

/** What a run comes to, in numbers. docs/policies.md defines each. Null: the run has nothing to measure it by. */
export interface Measures extends PodMeasures {
  readonly edgeFillRatio: number | null;
  /** Of all edge nodes together. */
  readonly secondsAboveThreshold: number;
  readonly overshootMilli: number;
  readonly overshootRatio: number;
  readonly cloudWhileEdgeFits: number;
  readonly responseP50Ms: number | null;
  readonly responseP95Ms: number | null;
  readonly failedRequests: number | null;
  readonly expectationsHeld: number;
  readonly expectationsFailed: number;
}

export interface NodeMeasures {
  readonly node: string;
  readonly secondsAboveThreshold: number;
  /** The most that it used above its threshold. */
  readonly overshootMilli: number;
  /** The same as a share of its threshold. */
  readonly overshootRatio: number;
}

export function measure(trace: Trace, result: SimulationResult): Measures {
  const uses = nodeUses(trace, result);
  const edge = measureEdgeNodes(result);
  const pods = podMeasures(result);
  return {
    edgeFillRatio: rounded(edgeFillRatio(uses) ?? null),
    secondsAboveThreshold: rounded(edge.reduce((sum, node) => sum + node.secondsAboveThreshold, 0)),
    overshootMilli: most(edge.map(({ overshootMilli }) => overshootMilli)),
    overshootRatio: most(edge.map(({ overshootRatio }) => overshootRatio)),
    ...pods,
    pendingSeconds: rounded(pods.pendingSeconds),
    cloudWhileEdgeFits: cloudWhileEdgeFits(trace, result, uses),
    ...responses(result),
    expectationsHeld: result.expectations.filter(({ held }) => held).length,
    expectationsFailed: result.expectations.filter(({ held }) => !held).length,
  };
}

export function measureEdgeNodes({ nodes }: Pick<SimulationResult, 'nodes'>): readonly NodeMeasures[] {
  return nodes.filter(({ tier }) => tier === 'edge').map(measureNode);
}

function measureNode({ name, real, thresholdMilli = 0 }: NodeResult): NodeMeasures {
  const aboveMs = msAbove(real.map(lineOf), thresholdMilli + TOLERANCE_MILLI);
  const highest = real.reduce((top, { fromMilli, toMilli }) => Math.max(top, fromMilli, toMilli), 0);
  const overMilli = highest > thresholdMilli + TOLERANCE_MILLI ? highest - thresholdMilli : 0;
  return {
    node: name,
    secondsAboveThreshold: rounded(aboveMs / 1000),
    overshootMilli: rounded(overMilli),
    overshootRatio: rounded(thresholdMilli > 0 ? overMilli / thresholdMilli : 0),
  };
}

/** With several workloads, the quantiles of the slowest: quantiles of parts make none of the whole. */
function responses({ workloads }: SimulationResult) {
  const summaries = workloads.flatMap(({ summary }) => summary ?? []);
  if (summaries.length === 0) return { responseP50Ms: null, responseP95Ms: null, failedRequests: null };
  return {
    responseP50Ms: rounded(most(summaries.map(({ p50Ms }) => p50Ms))),
    responseP95Ms: rounded(most(summaries.map(({ p95Ms }) => p95Ms))),
    failedRequests: summaries.reduce((sum, { failed }) => sum + failed, 0),
  };
}

function most(values: readonly number[]): number {
  return values.reduce((highest, value) => Math.max(highest, value), 0);
}

/** To a millionth: what is behind it is the arithmetic's, not the run's. */
function rounded<T extends number | null>(value: T): T | number {
  return value === null ? value : Math.round(value * 1e6) / 1e6;
}
