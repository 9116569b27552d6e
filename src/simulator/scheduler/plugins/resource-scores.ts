import type { NodeInfo } from '../node-info.ts';
import { MAX_NODE_SCORE, type ScorePlugin } from '../plugin.ts';

/*
 * plugins/noderesources: of CPU and memory, which weigh the same. Whole numbers, rounded down at each step,
 * where Go has int64; floats where it has float64. A node that does not say how much of something it has
 * (0, or infinite here) is judged by the rest.
 */

export type ScoringStrategy = 'LeastAllocated' | 'MostAllocated';

/** NodeResourcesFit: by requests, those that are missing taken as defaults. */
export function resourcesFitScorer(strategy: ScoringStrategy): ScorePlugin {
  const scoreOf = strategy === 'LeastAllocated' ? unusedScore : usedScore;
  return {
    plugin: 'NodeResourcesFit',
    weight: 1,
    prepare: ({ pod }) => {
      const { cpuMilli, memoryBytes } = pod.amounts.incoming;
      return {
        score: ({ state: { allocatable }, nonZeroRequested }: NodeInfo) =>
          mean(
            scoreOf(nonZeroRequested.cpuMilli + cpuMilli, allocatable.cpuMilli),
            scoreOf(nonZeroRequested.memoryBytes + memoryBytes, allocatable.memoryBytes),
          ),
      };
    },
  };
}

/** least_allocated.go and most_allocated.go: nodeScore / weightSum. */
function mean(cpu: number | undefined, memory: number | undefined): number {
  if (cpu === undefined || memory === undefined) return cpu ?? memory ?? 0;
  return Math.floor((cpu + memory) / 2);
}

/** leastRequestedScore. Undefined: not counted. */
function unusedScore(requested: number, capacity: number): number | undefined {
  if (!isSaid(capacity)) return undefined;
  if (requested > capacity) return 0;
  return Math.floor(((capacity - requested) * MAX_NODE_SCORE) / capacity);
}

/** mostRequestedScore. */
function usedScore(requested: number, capacity: number): number | undefined {
  if (!isSaid(capacity)) return undefined;
  return Math.floor((Math.min(requested, capacity) * MAX_NODE_SCORE) / capacity);
}

function isSaid(capacity: number): boolean {
  return capacity !== 0 && capacity !== Number.POSITIVE_INFINITY;
}

/**
 * NodeResourcesBalancedAllocation: whether the pod makes the shares of CPU and memory that are requested more
 * alike. Real requests, without defaults; a pod without any is not scored.
 */
export const balancedAllocationScorer: ScorePlugin = {
  plugin: 'NodeResourcesBalancedAllocation',
  weight: 1,
  prepare: ({ pod }) => {
    const { cpuMilli, memoryBytes } = pod.amounts.requests;
    if (cpuMilli === 0 && memoryBytes === 0) return undefined;
    return {
      score: ({ state: { allocatable }, requested }: NodeInfo) => {
        const { cpuMilli: cpuThere, memoryBytes: memoryThere } = allocatable;
        const withPod = balance(
          share(requested.cpuMilli + cpuMilli, cpuThere),
          share(requested.memoryBytes + memoryBytes, memoryThere),
        );
        const without = balance(
          share(requested.cpuMilli, cpuThere),
          share(requested.memoryBytes, memoryThere),
        );
        return MAX_NODE_SCORE / 2 + Math.trunc((MAX_NODE_SCORE / 2 + withPod - without) / 2);
      },
    };
  },
};

/** balancedResourceScore, with two resources: their standard deviation is half of what they differ by. */
function balance(cpu: number | undefined, memory: number | undefined): number {
  const deviation = cpu === undefined || memory === undefined ? 0 : Math.abs((cpu - memory) / 2);
  return Math.trunc((1 - deviation) * MAX_NODE_SCORE);
}

function share(requested: number, allocatable: number): number | undefined {
  return isSaid(allocatable) ? Math.min(1, requested / allocatable) : undefined;
}
