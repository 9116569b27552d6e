import { moveGates, touchNodesOf } from './gates.ts';
import type { NodeEntry, Picture, PodEntry, WorkloadEntry } from './picture.ts';
import type { ReplicaSetRecord } from './records.ts';

/** Longer than any window that metrics are averaged over, and the time until they are read. */
const PAST_READY_KEPT_MS = 300_000;

export function replicaSetSeen(picture: Picture, { uid, replicas }: ReplicaSetRecord): void {
  picture.replicas.set(uid, replicas);
  changeReplicas(picture, uid, replicas);
}

export function replicaSetGone(picture: Picture, uid: string): void {
  picture.replicas.delete(uid);
  changeReplicas(picture, uid, undefined);
}

function changeReplicas(picture: Picture, uid: string, replicas: number | undefined): void {
  const workload = picture.workloads.get(uid);
  if (workload === undefined || workload.replicas === replicas) return;
  workload.replicas = replicas;
  touchNodesOf(picture, workload);
  moveGates(picture);
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

export function joinWorkload(picture: Picture, workload: WorkloadEntry, pod: PodEntry): void {
  workload.pods.add(pod);
  countPods(picture, workload);
}

export function leaveWorkload(picture: Picture, workload: WorkloadEntry, pod: PodEntry): void {
  if (!workload.pods.delete(pod)) return;
  countPods(picture, workload);
  if (pod.readyAtMs !== undefined) wasReady(workload, pod.readyAtMs, picture.nowMs);
  if (workload.pods.size === 0) picture.workloads.delete(workload.key);
}

/** Pods that come while no more are wanted than there are take a share from the others, and give it back. */
function countPods(picture: Picture, workload: WorkloadEntry): void {
  const wanted = workload.replicas ?? 0;
  const before = Math.max(workload.podCount, wanted);
  workload.podCount = workload.pods.size;
  if (Math.max(workload.podCount, wanted) !== before) touchNodesOf(picture, workload);
}

/** Remembers until the next sample that a pod was ready for a while; not for ever where none ever comes. */
export function wasReady(workload: WorkloadEntry, fromMs: number, toMs: number): void {
  const { pastReady } = workload;
  while (pastReady[0] !== undefined && Math.abs(toMs - pastReady[0].toMs) > PAST_READY_KEPT_MS) {
    pastReady.shift();
  }
  pastReady.push({ fromMs, toMs });
}

/** How the pods of a pod's workload are spread over the tiers, reserved ones too. */
export function podsByTier(
  { unseen }: Picture,
  { uid, ownerUid, workload }: PodEntry,
): { edgePods: number; cloudPods: number } {
  const counts = { edgePods: 0, cloudPods: 0 };
  if (ownerUid === undefined) return counts;
  for (const { node } of workload?.pods ?? []) countTier(counts, node);
  for (const { pod } of unseen.reservations.values()) {
    if (pod.ownerUid === ownerUid && pod.uid !== uid) countTier(counts, pod.node);
  }
  return counts;
}

function countTier(counts: { edgePods: number; cloudPods: number }, node: NodeEntry | undefined): void {
  if (node?.tier === 'edge') counts.edgePods += 1;
  else if (node !== undefined) counts.cloudPods += 1;
}
