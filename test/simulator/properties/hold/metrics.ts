import { parseCpuMilli } from '../../../../src/placement/quantity.ts';
import type { ServedMetrics, SimNode, SimPod, World } from '../../../../src/simulator/model/world.ts';
import { demand, isAtMost, type Property } from './violation.ts';

/** The least quota that the kernel takes. */
const LEAST_QUOTA_MILLI = 10;

/**
 * What metrics-server serves was used: by nodes no more than they have and no less than their pods used in the
 * same time, by a pod no more than its quota.
 */
export const metricsAreTrue: Property = ({ world }) => {
  let seen: ServedMetrics | undefined;
  return () => {
    const { served } = world.metricsApi;
    if (served === seen || served === undefined) return;
    seen = served;
    const podsByName = new Map(
      Array.from(world.pods.values(), (pod) => [`${pod.namespace}/${pod.name}`, pod]),
    );
    const ofPods = new Map<SimNode, Map<string, number>>();
    for (const { metadata, containers = [], window = '' } of served.pods) {
      const pod = podsByName.get(`${metadata?.namespace}/${metadata?.name}`);
      const milli = containers.reduce((sum, { usage }) => sum + milliOf(usage?.['cpu']), 0);
      demand(milli >= 0, () => `${metadata?.name} used ${milli}m`);
      // Gone since the scrape.
      if (pod?.node === undefined) continue;
      const quota = quotaOf(pod);
      demand(isAtMost(milli, quota), () => `${pod.name} used ${milli}m of a quota of ${quota}m`);
      const sums = ofPods.get(pod.node) ?? new Map<string, number>();
      ofPods.set(pod.node, sums.set(window, (sums.get(window) ?? 0) + milli));
    }
    holdNodes(world, served, ofPods);
  };
};

function holdNodes(
  { nodes }: World,
  served: ServedMetrics,
  ofPods: ReadonlyMap<SimNode, ReadonlyMap<string, number>>,
): void {
  for (const { metadata, usage, window = '' } of served.nodes) {
    const node = nodes.get(metadata?.name ?? '');
    const milli = milliOf(usage?.['cpu']);
    demand(milli >= 0, () => `${metadata?.name} used ${milli}m`);
    if (node === undefined) continue;
    const { name, allocatable } = node;
    demand(isAtMost(milli, allocatable.cpuMilli), () => `${name} used ${milli}m of ${allocatable.cpuMilli}m`);
    const podMilli = ofPods.get(node)?.get(window) ?? 0;
    demand(isAtMost(podMilli, milli + 1e-3), () => `pods used ${podMilli}m of the ${milli}m of ${name}`);
  }
}

function milliOf(cpu: string | undefined): number {
  return parseCpuMilli(cpu ?? '') ?? Number.NaN;
}

/** Of its first container, which has all its load. */
function quotaOf({ spec }: SimPod): number {
  const limit = spec.containers[0]?.resources?.limits?.['cpu'];
  const milli = limit === undefined ? 0 : milliOf(limit);
  return milli === 0 ? Number.POSITIVE_INFINITY : Math.max(LEAST_QUOTA_MILLI, milli);
}
