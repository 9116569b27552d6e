import type { PodResult, SimulationResult } from '../outcome/result.ts';

export interface PodMeasures {
  readonly overflowPods: number;
  readonly pendingSeconds: number;
  readonly longestPendingSeconds: number;
  readonly peakPods: number;
  readonly createdPods: number;
  readonly churnPods: number;
}

/** Counts of pods of Deployments, and how long they waited. */
export function podMeasures({ pods, endMs }: Pick<SimulationResult, 'pods' | 'endMs'>): PodMeasures {
  const waits = pods.map((pod) => pendingMs(pod, endMs) / 1000);
  const peakPods = mostAtOnce(pods);
  return {
    overflowPods: pods.filter(({ tier }) => tier === 'cloud').length,
    pendingSeconds: waits.reduce((sum, seconds) => sum + seconds, 0),
    longestPendingSeconds: waits.reduce((most, seconds) => Math.max(most, seconds), 0),
    peakPods,
    createdPods: pods.length,
    churnPods: pods.length - peakPods,
  };
}

/** From its creation to its binding; of one that never was bound, to its deletion or the end. */
function pendingMs({ createdAtMs, boundAtMs, terminatingAtMs }: PodResult, endMs: number): number {
  return (boundAtMs ?? terminatingAtMs ?? endMs) - createdAtMs;
}

/** Pods that exist and are not terminating. */
function mostAtOnce(pods: readonly PodResult[]): number {
  const changes = pods.flatMap(({ createdAtMs, terminatingAtMs }) => [
    { atMs: createdAtMs, by: 1 },
    ...(terminatingAtMs === undefined ? [] : [{ atMs: terminatingAtMs, by: -1 }]),
  ]);
  let count = 0;
  let most = 0;
  for (const { by } of changes.sort((left, right) => left.atMs - right.atMs || left.by - right.by)) {
    count += by;
    most = Math.max(most, count);
  }
  return most;
}
