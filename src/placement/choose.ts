import { type Candidate, canTake, type EdgeCandidate, isBelowLimit } from './admission.ts';
import type { Placement } from './annotations.ts';
import type { DecisionResult, Question } from './decision.ts';
import { best, byBestFit, byIdleness, byRoomBelowLimit, type Evaluation } from './evaluate.ts';
import { cloudPreference } from './preference.ts';
import type { Reason } from './reasons.ts';
import type { PlacementSettings } from './types.ts';

/** What was chosen, and what is said of the candidates that were not. */
export interface Choice {
  readonly result: DecisionResult;
  readonly reason: Reason;
  readonly edge: readonly EdgeCandidate[];
  readonly cloud: readonly Candidate[];
  readonly answered: Reason;
  readonly otherEdge: Reason;
  readonly otherCloud: Reason;
}

/** Prefers one candidate to another: edge first, unless the pod asks otherwise, then cloud, then overload. */
export function choose(question: Question, evaluation: Evaluation, settings: PlacementSettings): Choice {
  const { placement } = question.policy;
  const admitting = inOwnSite(question, evaluation.edge.filter(canTake));
  const usable = evaluation.cloud.filter(canTake);
  const cloudReason = placement === 'edge-only' ? undefined : cloudPreference(question);
  if (cloudReason !== undefined && usable.length > 0) return toCloud(usable, 'cloud', cloudReason);
  if (placement === 'cloud-only') return pending(evaluation, 'cloud-only', 'cloud-only');
  if (admitting.length > 0) return toEdge(admitting, placement, settings);
  if (usable.length > 0 && placement !== 'edge-only') {
    return toCloud(usable, 'overflow', whyNotEdge(evaluation.edge));
  }
  return withoutCloud(question, evaluation);
}

function toEdge(
  admitting: readonly EdgeCandidate[],
  placement: Placement,
  settings: PlacementSettings,
): Choice {
  return {
    result: 'edge',
    reason: 'edge-fits',
    edge: settings.edgeCandidates === 'one' ? best(admitting, byBestFit) : admitting.toSorted(byBestFit),
    cloud: [],
    answered: 'edge-fits',
    otherEdge: 'better-edge-fit',
    otherCloud: placement === 'edge-only' ? 'edge-only' : 'edge-preferred',
  };
}

function toCloud(usable: readonly Candidate[], result: 'cloud' | 'overflow', reason: Reason): Choice {
  return {
    result,
    reason,
    edge: [],
    cloud: usable.toSorted(byIdleness),
    answered: result === 'overflow' ? 'overflow' : 'cloud-wanted',
    otherEdge: reason === 'cloud-only' ? 'cloud-only' : 'cloud-preferred',
    otherCloud: 'edge-preferred',
  };
}

/** The edge is above its threshold and there is no cloud node: as much room as there is below the limit. */
function withoutCloud(question: Question, evaluation: Evaluation): Choice {
  const otherCloud = question.policy.placement === 'edge-only' ? 'edge-only' : 'node-not-ready';
  const roomy = evaluation.edge.filter(isBelowLimit);
  if (roomy.length === 0 || question.nominated === true) {
    // A nominated node may be refused though it is below its limit: then its own refusal says why.
    const reason = roomy.length === 0 ? whyPending(evaluation) : whyNotEdge(evaluation.edge);
    return { ...pending(evaluation, 'edge-above-threshold', otherCloud), reason };
  }
  return {
    result: 'overload',
    reason: 'soft-overload',
    edge: best(roomy, byRoomBelowLimit),
    cloud: [],
    answered: 'soft-overload',
    otherEdge: 'better-edge-fit',
    otherCloud,
  };
}

function pending(evaluation: Evaluation, otherEdge: Reason, otherCloud: Reason): Choice {
  const result = 'pending';
  const reason = evaluation.edge.length + evaluation.cloud.length === 0 ? 'no-candidate' : otherEdge;
  return { result, reason, edge: [], cloud: [], answered: 'edge-fits', otherEdge, otherCloud };
}

/** Own site first; the others only when none there admits the pod. */
function inOwnSite({ policy }: Question, admitting: readonly EdgeCandidate[]): readonly EdgeCandidate[] {
  if (policy.site === undefined) return admitting;
  const own = admitting.filter(({ site }) => site === policy.site);
  return own.length > 0 ? own : admitting;
}

/** The most telling refusal: a threshold that was reached says more than a node that is away. */
const TELLING: readonly Reason[] = [
  'pod-unseen',
  'edge-above-threshold',
  'edge-not-resumed',
  'edge-metrics-unknown',
  'node-not-ready',
  'node-cordoned',
];

function whyNotEdge(edge: readonly Candidate[]): Reason {
  return mostTelling(edge) ?? 'no-edge-candidate';
}

function whyPending({ edge, cloud }: Evaluation): Reason {
  const reason = mostTelling(edge) ?? mostTelling(cloud) ?? 'no-candidate';
  return reason === 'edge-above-threshold' ? 'edge-above-limit' : reason;
}

function mostTelling(candidates: readonly Candidate[]): Reason | undefined {
  const reasons = new Set(candidates.map(({ reason }) => reason));
  return TELLING.find((reason) => reasons.has(reason));
}
