import type { CandidateVerdict } from './decision.ts';
import { forecastNode } from './forecast.ts';
import type { Freshness } from './freshness.ts';
import type { Reason } from './reasons.ts';
import type { NodeFacts, PlacementSettings, Tier } from './types.ts';

/** Sums of fractions of millicores: a difference below this is no difference. */
export const TOLERANCE_MILLI = 1e-6;

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
  /** The gate now: it shuts at the threshold and opens below resume. */
  readonly closed: boolean;
}

function isAtMost(milli: number, boundMilli: number): boolean {
  return milli <= boundMilli + TOLERANCE_MILLI;
}

/** A pod as an edge node looks at it. */
export interface EdgeAsk {
  readonly estimateMilli: number;
  /** The pod's own threshold. Hysteresis belongs to the node's, so it does not apply then. */
  readonly ownThresholdRatio?: number | undefined;
  /** The pod has its place on the node already: the gate does not apply to it either. */
  readonly held?: boolean | undefined;
  /** See `Question.doubted`. */
  readonly doubted?: boolean | undefined;
}

/** Whether an edge node takes a pod. */
export function judgeEdge(
  node: NodeFacts,
  ask: EdgeAsk,
  settings: PlacementSettings,
  nowMs: number,
): EdgeCandidate {
  const { milli: forecastMilli, freshness } = forecastNode(node, settings, nowMs);
  const { estimateMilli, ownThresholdRatio = settings.thresholdRatio } = ask;
  const candidate: EdgeCandidate = {
    node: node.name,
    tier: 'edge',
    site: node.site,
    freshness,
    usageMilli: node.metrics?.usageMilli,
    forecastMilli,
    estimateMilli,
    allocatableMilli: node.allocatableMilli,
    thresholdMilli: ownThresholdRatio * node.allocatableMilli,
    limitMilli: settings.limitRatio * node.allocatableMilli,
    closed: nextClosed(node, forecastMilli, settings),
    verdict: 'answered',
    reason: 'edge-fits',
  };
  const refusal = stateRefusal(node) ?? edgeRefusal(candidate, ask, settings);
  if (refusal !== undefined) {
    candidate.verdict = 'refused';
    candidate.reason = refusal;
  }
  return candidate;
}

/** The first that holds is the one that is told. */
function edgeRefusal(
  { freshness, forecastMilli, thresholdMilli, closed }: EdgeCandidate,
  { estimateMilli, ownThresholdRatio, held = false, doubted = false }: EdgeAsk,
  { unknownMetrics }: PlacementSettings,
): Reason | undefined {
  if (doubted) return 'pod-unseen';
  if (freshness === 'unknown' && unknownMetrics === 'treat-as-full') return 'edge-metrics-unknown';
  if (!isAtMost(forecastMilli + estimateMilli, thresholdMilli)) return 'edge-above-threshold';
  if (closed && !held && ownThresholdRatio === undefined) return 'edge-not-resumed';
  return undefined;
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
    reason !== 'pod-unseen' &&
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
