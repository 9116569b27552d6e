import { resolvePolicy } from '../placement/policy.ts';
import { countPodOn, removePod } from './counting.ts';
import { moveGates, touch } from './gates.ts';
import { nodeEntry } from './node-entries.ts';
import { type Picture, type PodEntry, podKey, type SeenPod } from './picture.ts';
import type { PodRecord } from './records.ts';
import { believe, bindReservation, endReservation, passTime, unseenPod } from './reservations.ts';
import { joinWorkload, leaveWorkload, wasReady, workloadOf } from './workloads.ts';

/** A pod as the watch shows it: new, changed, bound, ready, terminating or ended. */
export function podSeen(picture: Picture, record: PodRecord, nowMs: number): SeenPod {
  passTime(picture, nowMs);
  const { policy, problems } = resolvePolicy(record, picture.settings.policy);
  const before = picture.pods.get(record.uid);
  const waited = before?.bound === false;
  const pod = before ?? newPod(picture, record, policy);
  touch(picture, pod.node);
  takeAsk(pod, record, policy);
  pod.startedAtMs = record.startedAtMs;
  changeReadiness(picture, pod, record.readyAtMs);
  // A terminating replica gets no more requests: its share goes to its siblings at once. A pod with work of
  // its own goes on with it until it is gone.
  pod.leaving = record.ended || (record.terminating && pod.sharing === 'shared');
  changeWorkload(picture, pod, record.terminating || record.ended ? undefined : record.ownerUid);
  changeNode(picture, pod, record.nodeName);
  touch(picture, pod.node);
  moveGates(picture);
  if (waited && pod.bound && pod.node !== undefined) picture.observer.podBound?.(record, pod.node.tier);
  return { pod, problems };
}

/**
 * A pod as a question about it shows it. The watch may be ahead of the scheduler: it keeps the last word. Of a
 * pod that no watch has shown, what it asks for is taken and nothing else: where it is and whether it runs is
 * not the sender's to say, and it joins no workload, whose load it would divide.
 */
export function podAskedAbout(picture: Picture, record: PodRecord, nowMs: number): SeenPod {
  passTime(picture, nowMs);
  const { policy, problems } = resolvePolicy(record, picture.settings.policy);
  const watched = picture.pods.get(record.uid);
  if (watched !== undefined) return { pod: watched, problems };
  const pod = unseenPod(picture, record.uid) ?? entryOf(record, policy);
  takeAsk(pod, record, policy);
  pod.workload = record.ownerUid === undefined ? undefined : picture.workloads.get(record.ownerUid);
  return { pod, problems };
}

export function podGone(picture: Picture, uid: string, nowMs: number): void {
  passTime(picture, nowMs);
  const pod = picture.pods.get(uid);
  if (pod === undefined) {
    const asked = unseenPod(picture, uid);
    if (asked !== undefined) endReservation(picture, asked, 'released');
    return;
  }
  touch(picture, pod.node);
  endReservation(picture, pod, 'released');
  removePod(picture, pod);
  moveGates(picture);
}

/** What the pod asks for: its object says that from the start, in a question as in the watch. */
function takeAsk(pod: PodEntry, record: PodRecord, policy: PodEntry['policy']): void {
  pod.policy = policy;
  pod.sharing = policy.sharing;
  pod.annotatedMilli = policy.estimateMilli;
  pod.requestMilli = record.requestMilli;
  pod.ownerUid = record.ownerUid;
}

function newPod(picture: Picture, record: PodRecord, policy: PodEntry['policy']): PodEntry {
  const asked = unseenPod(picture, record.uid);
  const pod = asked !== undefined && isSamePod(asked, record) ? asked : entryOf(record, policy);
  if (asked !== undefined && asked !== pod) endReservation(picture, asked, 'released');
  // It looked at its workload from outside; now it joins.
  pod.workload = undefined;
  picture.pods.set(pod.uid, pod);
  picture.podsByName.set(podKey(pod.namespace, pod.name), pod);
  believe(picture, pod);
  return pod;
}

function isSamePod(pod: PodEntry, { namespace, name }: PodRecord): boolean {
  return pod.namespace === namespace && pod.name === name;
}

function entryOf(record: PodRecord, policy: PodEntry['policy']): PodEntry {
  return {
    uid: record.uid,
    namespace: record.namespace,
    name: record.name,
    sharing: policy.sharing,
    policy,
    ownerUid: undefined,
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
  };
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
  if (pod.workload !== undefined) joinWorkload(picture, pod.workload, pod);
}

function changeNode(picture: Picture, pod: PodEntry, nodeName: string | undefined): void {
  if (pod.leaving) {
    endReservation(picture, pod, 'released');
    countPodOn(picture, pod, undefined);
    return;
  }
  if (nodeName === undefined) {
    if (pod.bound) unbind(picture, pod);
    else if (pod.node !== undefined) pod.node.stale = true;
    return;
  }
  const node = nodeEntry(picture, nodeName);
  bindReservation(picture, pod, node);
  countPodOn(picture, pod, node);
  pod.bound = true;
}

/**
 * Nothing but an etcd that was restored from a backup takes a binding back. The scheduler will ask about the
 * pod again, and the answer must reserve room, which a pod that is bound has no need of.
 */
function unbind(picture: Picture, pod: PodEntry): void {
  countPodOn(picture, pod, undefined);
  pod.bound = false;
}
