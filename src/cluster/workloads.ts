import type { Picture, PodEntry, WorkloadEntry } from './picture.ts';
import type { ReplicaSetRecord } from './records.ts';

/** Longer than any window that metrics are averaged over, and the time until they are read. */
const PAST_READY_KEPT_MS = 300_000;

export function replicaSetSeen(picture: Picture, { uid, replicas }: ReplicaSetRecord): void {
  picture.replicas.set(uid, replicas);
  const workload = picture.workloads.get(uid);
  if (workload !== undefined) workload.replicas = replicas;
}

export function replicaSetGone(picture: Picture, uid: string): void {
  picture.replicas.delete(uid);
  const workload = picture.workloads.get(uid);
  if (workload !== undefined) workload.replicas = undefined;
}

/** Pods of one controller are one workload. A bare pod has none: there is nothing to learn from siblings. */
export function workloadOf(picture: Picture, ownerUid: string | undefined): WorkloadEntry | undefined {
  if (ownerUid === undefined) return undefined;
  const existing = picture.workloads.get(ownerUid);
  if (existing !== undefined) return existing;
  const workload: WorkloadEntry = {
    key: ownerUid,
    replicas: picture.replicas.get(ownerUid),
    podCount: 0,
    samples: [],
    saturated: false,
    pods: new Set(),
    pastReady: [],
  };
  picture.workloads.set(ownerUid, workload);
  return workload;
}

export function joinWorkload(workload: WorkloadEntry, pod: PodEntry): void {
  workload.pods.add(pod);
  workload.podCount = workload.pods.size;
}

export function leaveWorkload(picture: Picture, workload: WorkloadEntry, pod: PodEntry): void {
  if (!workload.pods.delete(pod)) return;
  workload.podCount = workload.pods.size;
  if (pod.readyAtMs !== undefined) wasReady(workload, pod.readyAtMs, picture.nowMs);
  if (workload.pods.size === 0) picture.workloads.delete(workload.key);
}

/** Remembers until the next sample that a pod was ready for a while; not for ever where none ever comes. */
export function wasReady(workload: WorkloadEntry, fromMs: number, toMs: number): void {
  const { pastReady } = workload;
  while (pastReady[0] !== undefined && Math.abs(toMs - pastReady[0].toMs) > PAST_READY_KEPT_MS) {
    pastReady.shift();
  }
  pastReady.push({ fromMs, toMs });
}

/** How a workload's pods are spread over the tiers, reserved ones too. */
export function podsByTier(workload: WorkloadEntry | undefined): { edgePods: number; cloudPods: number } {
  let edgePods = 0;
  let cloudPods = 0;
  for (const { node } of workload?.pods ?? []) {
    if (node?.tier === 'edge') edgePods += 1;
    else if (node !== undefined) cloudPods += 1;
  }
  return { edgePods, cloudPods };
}
