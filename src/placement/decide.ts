import { canTake, type EdgeCandidate, isBelowLimit } from './admission.ts';
import { type Choice, choose } from './choose.ts';
import type { CandidateVerdict, Decision, Question } from './decision.ts';
import { type Evaluation, evaluate } from './evaluate.ts';
import { podEstimate } from './load.ts';
import type { Reason } from './reasons.ts';
import type { PlacementSettings } from './types.ts';

/**
 * Decides where a pod may go. Pure: the same question gives the same decision, whatever the order of its
 * candidates, and live service and simulator both ask here.
 */
export function decide(question: Question, settings: PlacementSettings): Decision {
  const { pod, policy, nowMs } = question;
  const estimate = podEstimate(pod, settings.load, nowMs);
  const about = { uid: pod.uid, namespace: pod.namespace, name: pod.name };
  if (policy.placement === 'off') {
    return { pod: about, atMs: nowMs, policy, estimate, ...passed(question) };
  }
  const evaluation = evaluate(question, estimate.milli, settings);
  const choice = choose(question, evaluation, settings);
  return {
    pod: about,
    atMs: nowMs,
    policy,
    estimate,
    result: choice.result,
    reason: choice.reason,
    nodes: [...choice.edge, ...choice.cloud].map(({ node }) => node),
    candidates: settle(question, evaluation, choice),
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

/** Makes what each candidate was judged by itself the decision's word on it. */
function settle(question: Question, evaluation: Evaluation, choice: Choice): readonly CandidateVerdict[] {
  const { edge, cloud } = evaluation;
  const ownSite = question.policy.site;
  const ownSiteTaken = ownSite !== undefined && choice.edge[0]?.site === ownSite;
  for (const candidate of edge) {
    candidate.reason = edgeRefusal(candidate, choice, ownSiteTaken && candidate.site !== ownSite);
    candidate.verdict = 'refused';
  }
  for (const candidate of cloud) {
    if (canTake(candidate)) candidate.reason = choice.otherCloud;
    candidate.verdict = 'refused';
  }
  for (const candidate of [...choice.edge, ...choice.cloud]) {
    candidate.reason = choice.answered;
    candidate.verdict = 'answered';
  }
  const unknown = question.unknownNodes.map(
    (node) => ({ node, verdict: 'refused', reason: 'node-unknown' }) as const,
  );
  return [...edge, ...cloud, ...unknown];
}

function edgeRefusal(candidate: EdgeCandidate, choice: Choice, otherSite: boolean): Reason {
  if (choice.otherEdge === 'cloud-only') return 'cloud-only';
  if (canTake(candidate)) return otherSite ? 'other-site' : choice.otherEdge;
  const aboveLimit = choice.result === 'pending' && !isBelowLimit(candidate);
  return aboveLimit && candidate.reason === 'edge-above-threshold' ? 'edge-above-limit' : candidate.reason;
}
