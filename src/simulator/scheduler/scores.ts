import type { SimPod } from '../model/world.ts';
import type { NodeInfo } from './books.ts';

const MAX_NODE_SCORE = 100;

/** One of the scheduler's in-tree score plugins. */
export interface Scorer {
  readonly plugin: string;
  readonly weight: number;
  /** From 0 to 100. */
  readonly score: (pod: SimPod, info: NodeInfo) => number;
}

export const SCORERS: readonly Scorer[] = [{ plugin: 'NodeResourcesFit', weight: 1, score: leastAllocated }];

/** pkg/scheduler/framework/plugins/noderesources/least_allocated.go: whole numbers, rounded down at each step. */
export function leastAllocated(pod: SimPod, info: NodeInfo): number {
  const request = pod.scoredRequests;
  const { allocatable } = info.node;
  const parts = [
    unusedScore(info.scoredCpuMilli + request.cpuMilli, allocatable.cpuMilli),
    unusedScore(info.scoredMemoryBytes + request.memoryBytes, allocatable.memoryBytes),
  ].filter((score) => score !== undefined);
  if (parts.length === 0) return 0;
  return Math.floor(parts.reduce((sum, score) => sum + score, 0) / parts.length);
}

/** Undefined: the node does not say how much it has of it. */
function unusedScore(requested: number, capacity: number): number | undefined {
  if (capacity === 0 || capacity === Number.POSITIVE_INFINITY) return undefined;
  if (requested > capacity) return 0;
  return Math.floor(((capacity - requested) * MAX_NODE_SCORE) / capacity);
}
