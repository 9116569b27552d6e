import type { CandidateVerdict } from './decision.ts';
import { forecastNode } from './forecast.ts';
import type { Freshness } from './freshness.ts';
import type { Reason } from './reasons.ts';
import type { NodeFacts, PlacementSettings, Tier } from './types.ts';

/** Sums of fractions of millicores: a difference below this is no difference. */
const TOLERANCE_MILLI = 1e-6;

/**
 * A node judged for a pod by itself, before it is held against the others: `answered` means that it can take
 * the pod. `settle` changes verdict and reason to the decision's. One object from the forecast to the log and
 * always of the same fields, since one is made for every candidate of every decision.
 */
export interface Candidate extends CandidateVerdict {
  readonly tier: Tier;
  readonly freshness: Freshness;
  readonly forecastMilli: number;
  readonly estimateMilli: number;
  readonly allocatableMilli: number;
  verdict: CandidateVerdict['verdict'];
  reason: Reason;
}

export interface EdgeCandidate extends Candidate {
  readonly thresholdMilli: number;
  readonly limitMilli: number;
  /** The gate after this look at the node: it shuts at the threshold and opens below resume. */
  readonly closed: boolean;
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
export function judgeEdge(
  node: NodeFacts,
  estimateMilli: number,
  ownThresholdRatio: number | undefined,
  settings: PlacementSettings,
  nowMs: number,
  held = false,
): EdgeCandidate {
  const { milli: forecastMilli, freshness } = forecastNode(node, settings, nowMs);
  const thresholdMilli = (ownThresholdRatio ?? settings.thresholdRatio) * node.allocatableMilli;
  const closed = nextClosed(node, forecastMilli, settings);
  const refusal =
    stateRefusal(node) ??
    (freshness === 'unknown' && settings.unknownMetrics === 'treat-as-full'
      ? 'edge-metrics-unknown'
      : !isAtMost(forecastMilli + estimateMilli, thresholdMilli)
        ? 'edge-above-threshold'
        : closed && !held && ownThresholdRatio === undefined
          ? 'edge-not-resumed'
          : undefined);
  return {
    node: node.name,
    tier: 'edge',
    site: node.site,
    freshness,
    usageMilli: node.metrics?.usageMilli,
    forecastMilli,
    estimateMilli,
    allocatableMilli: node.allocatableMilli,
    thresholdMilli,
    limitMilli: settings.limitRatio * node.allocatableMilli,
    closed,
    verdict: refusal === undefined ? 'answered' : 'refused',
    reason: refusal ?? 'edge-fits',
  };
}

/** A cloud node has no threshold; the scheduler saw to its requests. */
export function judgeCloud(
  node: NodeFacts,
  estimateMilli: number,
  settings: PlacementSettings,
  nowMs: number,
): Candidate {
  const { milli: forecastMilli, freshness } = forecastNode(node, settings, nowMs);
  const refusal = stateRefusal(node);
  return {
    node: node.name,
    tier: 'cloud',
    site: node.site,
    freshness,
    usageMilli: node.metrics?.usageMilli,
    forecastMilli,
    estimateMilli,
    allocatableMilli: node.allocatableMilli,
    thresholdMilli: undefined,
    limitMilli: undefined,
    closed: undefined,
    verdict: refusal === undefined ? 'answered' : 'refused',
    reason: refusal ?? 'cloud-wanted',
  };
}

/** Of a candidate as it was judged by itself. */
export function canTake({ verdict }: Candidate): boolean {
  return verdict === 'answered';
}

/** Whether a judged edge node could take the pod above its threshold, when there is no cloud node to go to. */
export function isBelowLimit({ reason, forecastMilli, estimateMilli, limitMilli }: EdgeCandidate): boolean {
  return (
    !isAway(reason) &&
    reason !== 'edge-metrics-unknown' &&
    isAtMost(forecastMilli + estimateMilli, limitMilli)
  );
}

/** The reasons of a node that takes no pod at all, of whichever tier. */
export function isAway(reason: Reason): boolean {
  return reason === 'node-not-ready' || reason === 'node-cordoned';
}

function stateRefusal(node: NodeFacts): Reason | undefined {
  if (!node.ready) return 'node-not-ready';
  return node.schedulable ? undefined : 'node-cordoned';
}

/** Reaching the threshold shuts the node's gate; only a forecast below `resume` opens it again. */
export function nextClosed(node: NodeFacts, forecastMilli: number, settings: PlacementSettings): boolean {
  if (isAtMost(settings.thresholdRatio * node.allocatableMilli, forecastMilli)) return true;
  return node.closed && isAtMost(settings.resumeRatio * node.allocatableMilli, forecastMilli);
}
