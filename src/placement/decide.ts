import type { CandidateVerdict, Decision, DecisionResult, Question } from './decision.ts';
import {
  byBestFit,
  byIdleness,
  byRoomBelowLimit,
  type CloudCandidate,
  cloudVerdict,
  type EdgeCandidate,
  type Evaluation,
  edgeVerdict,
  evaluate,
} from './evaluate.ts';
import { podEstimate } from './load.ts';
import { cloudPreference } from './preference.ts';
import type { Reason } from './reasons.ts';
import type { PlacementSettings } from './types.ts';

/** What was chosen, and what is said of the candidates that were not. */
interface Choice {
  readonly result: DecisionResult;
  readonly reason: Reason;
  readonly edge: readonly EdgeCandidate[];
  readonly cloud: readonly CloudCandidate[];
  readonly answered: Reason;
  readonly otherEdge: Reason;
  readonly otherCloud: Reason;
}

/**
 * Decides where a pod may go. Pure: the same question gives the same decision, whatever the order of its
 * candidates, and live service and simulator both ask here.
 */
export function decide(question: Question, settings: PlacementSettings): Decision {
  const { pod, policy, nowMs } = question;
  const estimate = podEstimate(pod, settings.load, nowMs);
  const base = {
    pod: { uid: pod.uid, namespace: pod.namespace, name: pod.name },
    atMs: nowMs,
    policy,
    estimate,
  };
  if (policy.placement === 'off') return { ...base, ...passed(question) };
  const evaluation = evaluate(question, estimate.milli, settings);
  const choice = choose(question, evaluation, settings);
  return {
    ...base,
    result: choice.result,
    reason: choice.reason,
    nodes: [...choice.edge, ...choice.cloud].map(({ node }) => node.name),
    candidates: verdicts(question, evaluation, choice, estimate.milli),
  };
}

function passed({ candidates, unknownNodes }: Question) {
  const nodes = [...candidates.map(({ name }) => name), ...unknownNodes];
  return {
    result: 'passed',
    reason: 'unmanaged',
    nodes,
    candidates: nodes.map((node) => ({ node, verdict: 'answered', reason: 'unmanaged' }) as const),
  } satisfies Partial<Decision>;
}

function choose(question: Question, evaluation: Evaluation, settings: PlacementSettings): Choice {
  const { placement } = question.policy;
  const admitting = inOwnSite(
    question,
    evaluation.edge.filter(({ admission }) => admission.refusal === undefined).sort(byBestFit),
  );
  const usable = evaluation.cloud.filter(({ refusal }) => refusal === undefined).sort(byIdleness);
  const cloudReason = placement === 'edge-only' ? undefined : cloudPreference(question);
  if (cloudReason !== undefined && usable.length > 0) return toCloud(usable, 'cloud', cloudReason);
  if (placement === 'cloud-only') return pending(evaluation, 'cloud-only', 'cloud-only');
  if (admitting.length > 0) return toEdge(admitting, placement, settings);
  if (usable.length > 0 && placement !== 'edge-only') {
    return toCloud(usable, 'overflow', whyNotEdge(evaluation.edge));
  }
  return withoutCloud(question, evaluation);
}

function toEdge(admitting: readonly EdgeCandidate[], placement: string, settings: PlacementSettings): Choice {
  return {
    result: 'edge',
    reason: 'edge-fits',
    edge: settings.edgeCandidates === 'one' ? admitting.slice(0, 1) : admitting,
    cloud: [],
    answered: 'edge-fits',
    otherEdge: 'better-edge-fit',
    otherCloud: placement === 'edge-only' ? 'edge-only' : 'edge-preferred',
  };
}

function toCloud(usable: readonly CloudCandidate[], result: 'cloud' | 'overflow', reason: Reason): Choice {
  const answered = result === 'overflow' ? 'overflow' : 'cloud-wanted';
  return {
    result,
    reason,
    edge: [],
    cloud: usable,
    answered,
    otherEdge: reason === 'cloud-only' ? 'cloud-only' : 'cloud-preferred',
    otherCloud: 'edge-preferred',
  };
}

/** The edge is above its threshold and there is no cloud node: as much room as there is below the limit. */
function withoutCloud(question: Question, evaluation: Evaluation): Choice {
  const otherCloud = question.policy.placement === 'edge-only' ? 'edge-only' : 'node-not-ready';
  const [roomiest] = evaluation.edge.filter(({ admission }) => admission.belowLimit).sort(byRoomBelowLimit);
  if (roomiest === undefined || question.nominated === true) {
    return { ...pending(evaluation, 'edge-above-threshold', otherCloud), reason: whyPending(evaluation) };
  }
  return {
    result: 'overload',
    reason: 'soft-overload',
    edge: [roomiest],
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
  const own = admitting.filter(({ node }) => node.site === policy.site);
  return own.length > 0 ? own : admitting;
}

/** The most telling refusal: a threshold that was reached says more than a node that is away. */
const TELLING: readonly Reason[] = [
  'edge-above-threshold',
  'edge-not-resumed',
  'edge-metrics-unknown',
  'node-not-ready',
  'node-cordoned',
];

function whyNotEdge(edge: readonly EdgeCandidate[]): Reason {
  return mostTelling(edge.map(({ admission }) => admission.refusal)) ?? 'no-edge-candidate';
}

function whyPending({ edge, cloud }: Evaluation): Reason {
  const reason =
    mostTelling(edge.map(({ admission }) => admission.refusal)) ??
    mostTelling(cloud.map(({ refusal }) => refusal)) ??
    'no-candidate';
  return reason === 'edge-above-threshold' ? 'edge-above-limit' : reason;
}

function mostTelling(refusals: readonly (Reason | undefined)[]): Reason | undefined {
  return TELLING.find((reason) => refusals.includes(reason));
}

function verdicts(
  question: Question,
  evaluation: Evaluation,
  choice: Choice,
  estimateMilli: number,
): readonly CandidateVerdict[] {
  const answered = { verdict: 'answered', reason: choice.answered } as const;
  const chosen = new Set([...choice.edge, ...choice.cloud].map(({ node }) => node.name));
  const { site } = question.policy;
  const ownSiteTaken = choice.result === 'edge' && choice.edge[0]?.node.site === site && site !== undefined;
  const refused = (reason: Reason) => ({ verdict: 'refused', reason }) as const;
  const edgeReason = ({ node, admission }: EdgeCandidate): Reason => {
    if (choice.otherEdge === 'cloud-only') return 'cloud-only';
    if (
      admission.refusal === 'edge-above-threshold' &&
      choice.result === 'pending' &&
      !admission.belowLimit
    ) {
      return 'edge-above-limit';
    }
    if (admission.refusal !== undefined) return admission.refusal;
    return ownSiteTaken && node.site !== site ? 'other-site' : choice.otherEdge;
  };
  return [
    ...evaluation.edge.map((candidate) =>
      edgeVerdict(
        candidate,
        estimateMilli,
        chosen.has(candidate.node.name) ? answered : refused(edgeReason(candidate)),
      ),
    ),
    ...evaluation.cloud.map((candidate) =>
      cloudVerdict(
        candidate,
        estimateMilli,
        chosen.has(candidate.node.name) ? answered : refused(candidate.refusal ?? choice.otherCloud),
      ),
    ),
    ...question.unknownNodes.map((node) => ({ node, ...refused('node-unknown') })),
  ];
}
