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
  /** With the defaults that scores use for pods without requests. */
  nonZeroCpuMilli: number;
  nonZeroMemoryBytes: number;
}

/** pkg/scheduler/util/pod_resources.go: a pod without a request is scored as if it asked for this. */
const DEFAULT_CPU_MILLI = 100;
const DEFAULT_MEMORY_BYTES = 200 * 1024 * 1024;

export function createNodeInfo(node: SimNode): NodeInfo {
  const info: NodeInfo = {
    node,
    pods: new Set(),
    requestedCpuMilli: 0,
    requestedMemoryBytes: 0,
    nonZeroCpuMilli: 0,
    nonZeroMemoryBytes: 0,
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

export function nonZeroRequests({ requests }: SimPod) {
  return {
    cpuMilli: requests.cpuMilli || DEFAULT_CPU_MILLI,
    memoryBytes: requests.memoryBytes || DEFAULT_MEMORY_BYTES,
  };
}

function count(info: NodeInfo, pod: SimPod, sign: 1 | -1): void {
  const nonZero = nonZeroRequests(pod);
  info.requestedCpuMilli += sign * pod.requests.cpuMilli;
  info.requestedMemoryBytes += sign * pod.requests.memoryBytes;
  info.nonZeroCpuMilli += sign * nonZero.cpuMilli;
  info.nonZeroMemoryBytes += sign * nonZero.memoryBytes;
}
