import { taintsChanged } from '../events.ts';
import type { NodeAmounts, NodeInfo, NodeState } from '../node-info.ts';
import type { FilterPlugin } from '../plugin.ts';
import type { PodInfo } from '../pod-info.ts';
import type { Amounts } from '../requests.ts';

const NONE: Amounts = { cpuMilli: 0, memoryBytes: 0, ephemeralStorageBytes: 0, scalars: new Map() };

/** plugins/noderesources/fit.go: by requests, never by what is used. */
export const resourcesFitFilter: FilterPlugin = {
  plugin: 'NodeResourcesFit',
  prepare: ({ pod }) => {
    const { requests } = pod.amounts;
    return {
      filter: ({ state, pods, requested }: NodeInfo) =>
        lacking(requests, state.allocatable, requested, pods.size),
    };
  },
  mayHelp: (pod, event) => {
    switch (event.type) {
      case 'assignedPodDeleted':
        return true;
      case 'nodeAdded':
        return fitsEmpty(pod, event.node);
      case 'nodeUpdated':
        return (
          taintsChanged(event.before, event.node) ||
          (fitsEmpty(pod, event.node) && offersMore(pod, event.before, event.node))
        );
      default:
        return false;
    }
  },
};

/** fitsRequest: all that is lacking, not only the first. Most nodes lack nothing, and cost no allocation. */
function lacking(
  requests: Amounts,
  allocatable: NodeAmounts,
  requested: Amounts,
  pods: number,
): readonly string[] | undefined {
  const isFull = pods + 1 > allocatable.pods;
  const lacksCpu = isLacking(requests.cpuMilli, allocatable.cpuMilli, requested.cpuMilli);
  const lacksMemory = isLacking(requests.memoryBytes, allocatable.memoryBytes, requested.memoryBytes);
  const lacksStorage = isLacking(
    requests.ephemeralStorageBytes,
    allocatable.ephemeralStorageBytes,
    requested.ephemeralStorageBytes,
  );
  if (!(isFull || lacksCpu || lacksMemory || lacksStorage) && requests.scalars.size === 0) return undefined;
  const reasons = [
    ...(isFull ? ['Too many pods'] : []),
    ...(lacksCpu ? ['Insufficient cpu'] : []),
    ...(lacksMemory ? ['Insufficient memory'] : []),
    ...(lacksStorage ? ['Insufficient ephemeral-storage'] : []),
  ];
  for (const [resource, amount] of requests.scalars) {
    const there = allocatable.scalars.get(resource) ?? 0;
    if (isLacking(amount, there, requested.scalars.get(resource) ?? 0)) {
      reasons.push(`Insufficient ${resource}`);
    }
  }
  return reasons.length === 0 ? undefined : reasons;
}

function isLacking(amount: number, allocatable: number, requested: number): boolean {
  return amount > 0 && amount > allocatable - requested;
}

/** isFit: as if the node had no pods. */
function fitsEmpty({ amounts }: PodInfo, { allocatable }: NodeState): boolean {
  return lacking(amounts.requests, allocatable, NONE, 0) === undefined;
}

/** haveAnyRequestedResourcesIncreased. */
function offersMore({ amounts }: PodInfo, before: NodeState, after: NodeState): boolean {
  const [old, now] = [before.allocatable, after.allocatable];
  const { requests } = amounts;
  return (
    now.pods > old.pods ||
    (requests.cpuMilli > 0 && now.cpuMilli > old.cpuMilli) ||
    (requests.memoryBytes > 0 && now.memoryBytes > old.memoryBytes) ||
    (requests.ephemeralStorageBytes > 0 && now.ephemeralStorageBytes > old.ephemeralStorageBytes) ||
    Array.from(requests.scalars).some(
      ([resource, amount]) =>
        amount > 0 && (now.scalars.get(resource) ?? 0) > (old.scalars.get(resource) ?? 0),
    )
  );
}
