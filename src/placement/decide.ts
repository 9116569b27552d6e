import type { Admission } from './admission.ts';
import { type Choice, choose } from './choose.ts';
import type { CandidateVerdict, Decision, Question } from './decision.ts';
import { cloudVerdict, type Evaluation, edgeVerdict, evaluate } from './evaluate.ts';
import { podEstimate } from './load.ts';
import type { Reason } from './reasons.ts';
import type { NodeFacts, PlacementSettings } from './types.ts';

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

function verdicts(
  question: Question,
  evaluation: Evaluation,
  choice: Choice,
  estimateMilli: number,
): readonly CandidateVerdict[] {
  const chosen = new Set<NodeFacts>();
  for (const { node } of choice.edge) chosen.add(node);
  for (const { node } of choice.cloud) chosen.add(node);
  const list: CandidateVerdict[] = [];
  for (const candidate of evaluation.edge) {
    const answered = chosen.has(candidate.node);
    const reason = answered ? choice.answered : edgeRefusal(question, candidate, choice);
    list.push(edgeVerdict(candidate, estimateMilli, answered ? 'answered' : 'refused', reason));
  }
  for (const candidate of evaluation.cloud) {
    const answered = chosen.has(candidate.node);
    const reason = answered ? choice.answered : (candidate.refusal ?? choice.otherCloud);
    list.push(cloudVerdict(candidate, estimateMilli, answered ? 'answered' : 'refused', reason));
  }
  for (const node of question.unknownNodes) list.push({ node, verdict: 'refused', reason: 'node-unknown' });
  return list;
}

function edgeRefusal({ policy }: Question, { node, refusal, belowLimit }: Admission, choice: Choice): Reason {
  if (choice.otherEdge === 'cloud-only') return 'cloud-only';
  if (refusal === 'edge-above-threshold' && choice.result === 'pending' && !belowLimit) {
    return 'edge-above-limit';
  }
  if (refusal !== undefined) return refusal;
  const ownSiteTaken = policy.site !== undefined && choice.edge[0]?.node.site === policy.site;
  return ownSiteTaken && node.site !== policy.site ? 'other-site' : choice.otherEdge;
}
