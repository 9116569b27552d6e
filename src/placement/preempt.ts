import { isBelowLimit, judgeEdge } from './admission.ts';
import type { Question } from './decision.ts';
import { podEstimate, sumLoads } from './load.ts';
import type { NodeFacts, PlacementSettings, PodFacts } from './types.ts';

/**
 * Of the nodes that preemption considers, those where the pod may go once the victims are gone. The
 * scheduler's dry run does not ask an extender's filter (kubernetes#94418), so pods would be evicted in vain
 * from a node that filter refuses again. A node whose victim list is empty is judged the same way
 * (kubernetes#135486). The bound is the limit, as for any pod that finds no other node.
 *
 * @param victims the uids of the pods that would be evicted, by node name
 */
export function nodesAfterPreemption(
  question: Question,
  victims: ReadonlyMap<string, ReadonlySet<string>>,
  settings: PlacementSettings,
): readonly string[] {
  const { policy, candidates, unknownNodes } = question;
  if (policy.placement === 'off') return [...candidates.map(({ name }) => name), ...unknownNodes];
  return candidates
    .filter((node) => takesAfter(question, node, victims.get(node.name) ?? new Set(), settings))
    .map(({ name }) => name);
}

function takesAfter(
  { pod, policy, doubted, nowMs }: Question,
  node: NodeFacts,
  victims: ReadonlySet<string>,
  settings: PlacementSettings,
): boolean {
  if (!node.ready || !node.schedulable) return false;
  if (node.tier === 'cloud') return policy.placement !== 'edge-only';
  if (policy.placement === 'cloud-only') return false;
  const emptied = withoutVictims(node, victims, settings);
  const estimateMilli = podEstimate(pod, settings.load, nowMs).milli;
  const ask = { estimateMilli, ownThresholdRatio: policy.thresholdRatio, doubted };
  return isBelowLimit(judgeEdge(emptied, ask, settings, nowMs));
}

/** The node as it will be known once the victims have gone: see `NodeMetrics.goneUsageMilli`. */
function withoutVictims(
  node: NodeFacts,
  victims: ReadonlySet<string>,
  settings: PlacementSettings,
): NodeFacts {
  const pods: PodFacts[] = [];
  let goneUsageMilli = node.metrics?.goneUsageMilli ?? 0;
  for (const pod of node.pods) {
    if (victims.has(pod.uid)) goneUsageMilli += pod.usage?.usageMilli ?? 0;
    else pods.push(pod);
  }
  const metrics = node.metrics && { ...node.metrics, goneUsageMilli };
  return { ...node, metrics, pods, loads: sumLoads(pods, settings.load) };
}
