import type { SimNode, SimPod } from '../model/world.ts';

/**
 * What the scheduler counts on a node: the requests of its pods and of those it has only assumed there. Its
 * own books, since binding is asynchronous.
 */
export interface NodeInfo {
  readonly node: SimNode;
  readonly pods: Set<SimPod>;
  requestedCpuMilli: number;
  requestedMemoryBytes: number;
  /** The sums of `scoredRequests`. */
  scoredCpuMilli: number;
  scoredMemoryBytes: number;
}

export function createNodeInfo(node: SimNode): NodeInfo {
  const info: NodeInfo = {
    node,
    pods: new Set(),
    requestedCpuMilli: 0,
    requestedMemoryBytes: 0,
    scoredCpuMilli: 0,
    scoredMemoryBytes: 0,
  };
  for (const pod of node.pods) addPod(info, pod);
  return info;
}

export function addPod(info: NodeInfo, pod: SimPod): void {
  if (info.pods.has(pod)) return;
  info.pods.add(pod);
  count(info, pod, 1);
}

export function removePod(info: NodeInfo, pod: SimPod): void {
  if (info.pods.delete(pod)) count(info, pod, -1);
}

function count(info: NodeInfo, pod: SimPod, sign: 1 | -1): void {
  info.requestedCpuMilli += sign * pod.requests.cpuMilli;
  info.requestedMemoryBytes += sign * pod.requests.memoryBytes;
  info.scoredCpuMilli += sign * pod.scoredRequests.cpuMilli;
  info.scoredMemoryBytes += sign * pod.scoredRequests.memoryBytes;
}
