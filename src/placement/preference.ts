import type { Question } from './decision.ts';
import type { Reason } from './reasons.ts';

/**
 * Why a pod prefers the cloud to an edge node that admits it, if it does. All but `cloud-only` are
 * preferences: with no cloud node to go to, such a pod goes to the edge rather than nowhere.
 */
export function cloudPreference({ pod, policy, siblings }: Question): Reason | undefined {
  if (policy.placement === 'cloud-only') return 'cloud-only';
  if (policy.placement === 'cloud-first') return 'cloud-wanted';
  const { edgePods, cloudPods } = siblings ?? { edgePods: 0, cloudPods: 0 };
  if (policy.cloudMinPods !== undefined && cloudPods < policy.cloudMinPods) return 'cloud-min';
  if (policy.edgeShareRatio === undefined) return undefined;
  const allPods = Math.max(1, pod.workload?.podCount ?? 1, pod.workload?.replicas ?? 0);
  return edgePods + 1 > policy.edgeShareRatio * allPods + 1e-9 ? 'edge-share' : undefined;
}
