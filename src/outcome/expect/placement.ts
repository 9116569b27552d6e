import { TOLERANCE_MILLI } from '../../placement/admission.ts';
import type { CandidateVerdict, Decision } from '../../placement/decision.ts';
import type { Reason } from '../../placement/reasons.ts';
import type { ExpectationOf } from '../../trace/expectations.ts';
import type { PodResult } from '../result.ts';
import type { Outcome, Run } from './check.ts';
import { byBinding, isBoundAt, lastDecisionOf, podsOf, sinceStart } from './select.ts';

export function checkPlaced({ pod: key, tier, node }: ExpectationOf<'placed'>, run: Run): Outcome {
  const expected = `${key} on ${node ?? `a node of tier ${tier}`}`;
  const pod = run.pods.find(({ namespace, name }) => `${namespace}/${name}` === key);
  if (pod === undefined) return { expected, held: false, found: 'no such pod in this run' };
  const held = node === undefined ? pod.tier === tier : pod.node === node;
  const found = pod.node === undefined ? 'not placed' : `on ${pod.node} (${pod.tier})`;
  return held
    ? { expected, held, found }
    : { expected, held, found, diverged: blame(pod, `${key} ${found}`) };
}

/** The first `pods` pods that are bound go to the edge, and the cloud gets none before the edge holds so many. */
export function checkEdgeFirst({ workload, pods: wanted }: ExpectationOf<'edgeFirst'>, run: Run): Outcome {
  const expected = `the first ${wanted} pods of ${workload} at the edge, none in the cloud before`;
  const bound = podsOf(run, workload)
    .filter(({ boundAtMs }) => boundAtMs !== undefined)
    .sort(byBinding);
  for (const [index, pod] of bound.entries()) {
    const { boundAtMs = 0 } = pod;
    const atEdge = bound.filter((other) => other.tier === 'edge' && isBoundAt(other, boundAtMs)).length;
    if (atEdge >= wanted) {
      return { expected, held: true, found: `the edge holds ${atEdge} at ${sinceStart(run, boundAtMs)}` };
    }
    if (pod.tier === 'edge') continue;
    const what = `${pod.namespace}/${pod.name} went to ${pod.node} while the edge held ${atEdge}`;
    return { expected, held: false, found: `pod ${index + 1} in the cloud`, diverged: blame(pod, what) };
  }
  const count = bound.filter(({ tier }) => tier === 'edge').length;
  return { expected, held: false, found: `never more than ${count} pods at the edge` };
}

/** Judged by the numbers of each decision, not by its verdicts. */
export function checkCloudWhileEdgeFits(
  { workload }: ExpectationOf<'noCloudWhileEdgeFits'>,
  run: Run,
): Outcome {
  const expected = 'no pod in the cloud while an edge node has room for it';
  let inCloud = 0;
  for (const pod of podsOf(run, workload)) {
    if (pod.tier !== 'cloud') continue;
    inCloud += 1;
    const index = lastDecisionOf(pod);
    const decision = index === undefined ? undefined : run.decisions[index];
    if (decision === undefined) {
      const what = `${pod.namespace}/${pod.name} went to ${pod.node}; Spillway was not asked`;
      return {
        expected,
        held: false,
        found: 'a pod that Spillway did not place',
        diverged: blame(pod, what),
      };
    }
    const roomy = decision.policy.placement === 'edge-first' ? edgeWithRoom(decision) : undefined;
    if (roomy === undefined) continue;
    const what = `${pod.namespace}/${pod.name} went to ${pod.node} while ${roomy.node} had room`;
    return { expected, held: false, found: `${roomy.node} had room`, diverged: blame(pod, what) };
  }
  return { expected, held: true, found: `${inCloud} pods in the cloud, none with room at the edge` };
}

/** Whatever its numbers say; unknown metrics are a reason only where the configuration treats them as full. */
const TAKES_NONE: readonly Reason[] = ['node-not-ready', 'node-cordoned', 'edge-metrics-unknown'];

function edgeWithRoom({ candidates, policy }: Decision): CandidateVerdict | undefined {
  // These send pods to the cloud on purpose.
  if (policy.edgeShareRatio !== undefined || policy.cloudMinPods !== undefined) return undefined;
  return candidates.find((candidate) => {
    const { tier, forecastMilli, estimateMilli, thresholdMilli, closed, reason } = candidate;
    if (tier !== 'edge' || forecastMilli === undefined || thresholdMilli === undefined) return false;
    if (closed === true || TAKES_NONE.includes(reason)) return false;
    return forecastMilli + (estimateMilli ?? 0) <= thresholdMilli + TOLERANCE_MILLI;
  });
}

function blame(pod: PodResult, what: string) {
  return { atMs: pod.boundAtMs ?? pod.createdAtMs, what, decision: lastDecisionOf(pod) };
}
