import { forecastNode } from './forecast.ts';
import type { Freshness } from './freshness.ts';
import type { Reason } from './reasons.ts';
import type { NodeFacts, PlacementSettings } from './types.ts';

/** Sums of fractions of millicores: a difference below this is no difference. */
const TOLERANCE_MILLI = 1e-6;

/** An edge node judged for a pod. Flat, since one is made for every candidate of every decision. */
export interface Admission {
  readonly node: NodeFacts;
  readonly freshness: Freshness;
  readonly forecastMilli: number;
  readonly thresholdMilli: number;
  readonly limitMilli: number;
  /** The gate after this look at the node: it shuts at the threshold and opens below resume. */
  readonly closed: boolean;
  /** Undefined: the node admits the pod. */
  readonly refusal?: Reason | undefined;
  /** Whether it could take the pod above its threshold, when there is no cloud node to go to. */
  readonly belowLimit: boolean;
}

export function isAtMost(milli: number, boundMilli: number): boolean {
  return milli <= boundMilli + TOLERANCE_MILLI;
}

/**
 * Whether an edge node takes a pod of this estimate.
 *
 * @param ownThresholdRatio the pod's own threshold, if it names one. Hysteresis belongs to the node's
 *   threshold, so it does not apply then.
 * @param held the pod has the place already: the gate does not apply to it either
 */
export function admit(
  node: NodeFacts,
  estimateMilli: number,
  ownThresholdRatio: number | undefined,
  settings: PlacementSettings,
  nowMs: number,
  held = false,
): Admission {
  const { milli: forecastMilli, freshness } = forecastNode(node, settings, nowMs);
  const thresholdMilli = (ownThresholdRatio ?? settings.thresholdRatio) * node.allocatableMilli;
  const limitMilli = settings.limitRatio * node.allocatableMilli;
  const closed = nextClosed(node, forecastMilli, settings);
  const afterMilli = forecastMilli + estimateMilli;
  const known = freshness !== 'unknown' || settings.unknownMetrics !== 'treat-as-full';
  const refusal =
    stateRefusal(node) ??
    (!known
      ? 'edge-metrics-unknown'
      : !isAtMost(afterMilli, thresholdMilli)
        ? 'edge-above-threshold'
        : closed && !held && ownThresholdRatio === undefined
          ? 'edge-not-resumed'
          : undefined);
  const belowLimit = node.ready && node.schedulable && known && isAtMost(afterMilli, limitMilli);
  return { node, freshness, forecastMilli, thresholdMilli, limitMilli, closed, refusal, belowLimit };
}

/** A node that takes no pod at all, of whichever tier. Undefined: it may. */
export function stateRefusal(node: NodeFacts): Reason | undefined {
  if (!node.ready) return 'node-not-ready';
  return node.schedulable ? undefined : 'node-cordoned';
}

/** Reaching the threshold shuts the node's gate; only a forecast below `resume` opens it again. */
export function nextClosed(node: NodeFacts, forecastMilli: number, settings: PlacementSettings): boolean {
  if (isAtMost(settings.thresholdRatio * node.allocatableMilli, forecastMilli)) return true;
  return node.closed && isAtMost(settings.resumeRatio * node.allocatableMilli, forecastMilli);
}
