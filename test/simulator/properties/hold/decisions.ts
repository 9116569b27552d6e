import type { CandidateVerdict, Decision } from '../../../../src/placement/decision.ts';
import type { Run } from '../../../../src/simulator/simulate.ts';
import { demand, isAtMost, type Property } from './violation.ts';

/** Each decision of Spillway's follows from its own numbers, and its only node is reserved at once. */
export const decisionsAreSound: Property = (run) => {
  const { decisions } = run.recorder;
  let seen = 0;
  return () => {
    for (; seen < decisions.length; seen += 1) {
      const decision = decisions[seen];
      if (decision !== undefined) holdDecision(decision, run);
    }
  };
};

function holdDecision(decision: Decision, { world, picture }: Run): void {
  const { pod, atMs, candidates, nodes, result } = decision;
  const say = (what: string) => `${pod.name} (${result}, ${nodes.join(' ')}): ${what}`;
  demand(atMs === world.timeline.nowMs, () => say(`decided at ${atMs}, not now`));
  for (const candidate of candidates) {
    const { forecastMilli, estimateMilli, usageMilli, node } = candidate;
    const numbers = [forecastMilli ?? 0, estimateMilli ?? 0, usageMilli ?? 0];
    const areReal = numbers.every((milli) => milli >= 0 && Number.isFinite(milli));
    demand(areReal, () => say(`${node} has the numbers ${numbers.join(', ')}`));
    if (candidate.verdict === 'answered') holdAnswer(candidate, decision, say);
  }
  const roomy = wantsEdge(decision) ? candidates.find(hasRoom) : undefined;
  demand(roomy === undefined, () => say(`the cloud, and ${roomy?.node} had room`));
  const [only, ...others] = nodes;
  if (only === undefined || others.length > 0 || result === 'passed') return;
  const entry = picture.pods.get(pod.uid);
  const isReserved = entry?.node?.name === only || entry?.bound === true || entry?.leaving === true;
  demand(isReserved, () => say('the only node is not reserved'));
}

/** On an edge node that is known a pod stays below the threshold, or for want of a cloud node below the limit. */
function holdAnswer(candidate: CandidateVerdict, { result }: Decision, say: (what: string) => string): void {
  const {
    node,
    tier,
    freshness,
    forecastMilli = 0,
    estimateMilli = 0,
    thresholdMilli,
    limitMilli,
  } = candidate;
  if (tier !== 'edge' || freshness === 'unknown' || result === 'passed') return;
  const most = result === 'overload' ? limitMilli : thresholdMilli;
  const planned = forecastMilli + estimateMilli;
  demand(isAtMost(planned, most ?? 0), () => say(`${planned}m are planned on ${node}, which takes ${most}m`));
}

function wantsEdge({ result, policy }: Decision): boolean {
  const keepsSomeAway = policy.edgeShareRatio !== undefined || policy.cloudMinPods !== undefined;
  return result === 'overflow' && policy.placement === 'edge-first' && !keepsSomeAway;
}

function hasRoom({
  tier,
  closed,
  reason,
  forecastMilli,
  estimateMilli = 0,
  thresholdMilli = 0,
}: CandidateVerdict): boolean {
  if (tier !== 'edge' || forecastMilli === undefined || closed === true) return false;
  if (['node-not-ready', 'node-cordoned', 'edge-metrics-unknown'].includes(reason)) return false;
  return forecastMilli + estimateMilli < thresholdMilli - 1e-6;
}
