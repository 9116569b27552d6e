import { resolvePolicy } from '../placement/policy.ts';
import { countPodOn, removePod } from './counting.ts';
import { nodeEntry } from './nodes.ts';
import { type Picture, type PodEntry, podKey, type SeenPod } from './picture.ts';
import type { PodRecord } from './records.ts';
import { bindReservation, endReservation, passTime } from './reservations.ts';
import { joinWorkload, leaveWorkload, wasReady, workloadOf } from './workloads.ts';

/** A pod as the watch shows it: new, changed, bound, ready, terminating or ended. */
export function podSeen(picture: Picture, record: PodRecord, nowMs: number): SeenPod {
  passTime(picture, nowMs);
  const seen = takePod(picture, record);
  seen.pod.watched = true;
  return seen;
}

/** A pod as a question about it shows it. The watch may be ahead of the scheduler: it keeps the last word. */
export function podAskedAbout(picture: Picture, record: PodRecord, nowMs: number): SeenPod {
  passTime(picture, nowMs);
  const known = picture.pods.get(record.uid);
  if (known?.watched !== true) return takePod(picture, record);
  return { pod: known, problems: resolvePolicy(record, picture.settings.policy).problems };
}

export function podGone(picture: Picture, uid: string, nowMs: number): void {
  passTime(picture, nowMs);
  const pod = picture.pods.get(uid);
  if (pod === undefined) return;
  endReservation(picture, pod, 'released');
  removePod(picture, pod);
}

function takePod(picture: Picture, record: PodRecord): SeenPod {
  const { policy, problems } = resolvePolicy(record, picture.settings.policy);
  const pod = picture.pods.get(record.uid) ?? newPod(picture, record, policy);
  pod.policy = policy;
  pod.sharing = policy.sharing;
  pod.annotatedMilli = policy.estimateMilli;
  pod.requestMilli = record.requestMilli;
  pod.startedAtMs = record.startedAtMs;
  changeReadiness(picture, pod, record.readyAtMs);
  // A terminating replica gets no more requests: its share goes to its siblings at once. A pod with work of
  // its own goes on with it until it is gone.
  pod.leaving = record.ended || (record.terminating && pod.sharing === 'shared');
  changeWorkload(picture, pod, record.terminating || record.ended ? undefined : record.ownerUid);
  changeNode(picture, pod, record.nodeName);
  return { pod, problems };
}

function newPod(picture: Picture, record: PodRecord, policy: PodEntry['policy']): PodEntry {
  const pod: PodEntry = {
    uid: record.uid,
    namespace: record.namespace,
    name: record.name,
    sharing: policy.sharing,
    policy,
    workload: undefined,
    requestMilli: undefined,
    annotatedMilli: undefined,
    startedAtMs: undefined,
    readyAtMs: undefined,
    usage: undefined,
    node: undefined,
    bound: false,
    leaving: false,
    watched: false,
    predicted: undefined,
    nominationRefusedAtMs: undefined,
  };
  picture.pods.set(pod.uid, pod);
  picture.podsByName.set(podKey(pod.namespace, pod.name), pod);
  return pod;
}

function changeReadiness(picture: Picture, pod: PodEntry, readyAtMs: number | undefined): void {
  if (pod.readyAtMs !== undefined && readyAtMs === undefined && pod.workload !== undefined) {
    wasReady(pod.workload, pod.readyAtMs, picture.nowMs);
  }
  pod.readyAtMs = readyAtMs;
}

function changeWorkload(picture: Picture, pod: PodEntry, ownerUid: string | undefined): void {
  if (pod.workload?.key !== ownerUid && pod.workload !== undefined) {
    leaveWorkload(picture, pod.workload, pod);
  }
  pod.workload = workloadOf(picture, ownerUid);
  if (pod.workload !== undefined) joinWorkload(pod.workload, pod);
}

function changeNode(picture: Picture, pod: PodEntry, nodeName: string | undefined): void {
  if (pod.leaving) {
    endReservation(picture, pod, 'released');
    countPodOn(picture, pod, undefined);
    return;
  }
  if (nodeName === undefined) {
    if (pod.node !== undefined) pod.node.stale = true;
    return;
  }
  const node = nodeEntry(picture, nodeName);
  bindReservation(picture, pod, node);
  countPodOn(picture, pod, node);
  pod.bound = true;
}
