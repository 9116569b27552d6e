import { isMature } from '../placement/load.ts';
import type { UsageSample } from '../placement/types.ts';
import { leftSince } from './departed.ts';
import { type NodeEntry, type Picture, type PodEntry, podKey } from './picture.ts';
import type { PodUsage } from './records.ts';
import { overlapRatio } from './workload-samples.ts';

/**
 * A pod with a load of its own that was ready for so many windows and that pod metrics do not list is not
 * listed at all (a selector, a runtime that reports nothing): what it uses is in the node's overhead.
 */
const UNLISTED_AFTER_WINDOWS = 4;

export interface ListedPod {
  readonly pod: PodEntry;
  readonly item: PodUsage;
}

/** What pod metrics list of one node. */
export interface ListedPods {
  readonly pods: ListedPod[];
  /** Their usage, and that of pods which have left the node since. */
  sumMilli: number;
}

/** Adds an item of pod metrics to its node's, if it is known of which node it speaks. */
export function addListed(picture: Picture, listed: Map<NodeEntry, ListedPods>, item: PodUsage): void {
  const pod = picture.podsByName.get(podKey(item.namespace, item.name));
  const counts = pod?.node !== undefined && pod.bound && !isOfPredecessor(pod, item);
  const node = counts ? pod.node : leftSince(picture, item);
  if (node === undefined) return;
  let ofNode = listed.get(node);
  if (ofNode === undefined) {
    ofNode = { pods: [], sumMilli: 0 };
    listed.set(node, ofNode);
  }
  ofNode.sumMilli += item.usageMilli;
  if (counts) ofNode.pods.push({ pod, item });
}

/** Two pods of one name, one after the other (a StatefulSet's): the sample may be the first one's. */
function isOfPredecessor(pod: PodEntry, item: PodUsage): boolean {
  return pod.startedAtMs !== undefined && item.timestampMs < pod.startedAtMs;
}

/** @returns whether it was new: the same sample may be listed many times */
export function takePodUsage(picture: Picture, { pod, item }: ListedPod): boolean {
  if (pod.usage?.endMs === item.timestampMs) return false;
  pod.usage = { usageMilli: item.usageMilli, windowMs: item.windowMs, endMs: item.timestampMs };
  if (pod.predicted === undefined || !isMature(pod)) return true;
  picture.observer.predictionMeasured?.(pod.predicted.source, item.usageMilli - pod.predicted.milli);
  pod.predicted = undefined;
  return true;
}

/** Splits a node's usage into its pods' and the overhead. */
export function takePodSum(node: NodeEntry, listedMilli: number | undefined): void {
  if (node.metrics === undefined) return;
  const { endMs, windowMs } = node.metrics;
  const ranAllAlong = ({ bound, startedAtMs }: PodEntry) =>
    bound && startedAtMs !== undefined && startedAtMs <= endMs - windowMs;
  if (listedMilli === undefined && Array.from(node.pods).some(ranAllAlong)) return;
  let podUsageMilli = listedMilli ?? 0;
  for (const pod of node.pods) {
    if (isNotListed(pod, node.metrics)) pod.usage = { usageMilli: 0, windowMs, endMs };
    podUsageMilli += unlistedUsageMilli(pod, node.metrics);
  }
  node.metrics = { ...node.metrics, podUsageMilli };
}

/** Judged anew whenever it becomes ready: only what lies after that says what it uses. */
function isNotListed({ bound, sharing, readyAtMs, usage }: PodEntry, window: UsageSample): boolean {
  if (!bound || sharing !== 'own' || readyAtMs === undefined || window.windowMs <= 0) return false;
  const sinceMs = window.endMs - UNLISTED_AFTER_WINDOWS * window.windowMs;
  return readyAtMs <= sinceMs && (usage === undefined || usage.endMs <= sinceMs);
}

/**
 * metrics-server lists a new pod 30 to 60 s after it started, but its node's usage holds what it uses from
 * the first second. Left in the overhead, that would count twice: a ready replica gets the same requests as
 * its siblings, so it used their mean for as long as it was ready.
 */
function unlistedUsageMilli(pod: PodEntry, window: UsageSample): number {
  const meanMilli = pod.workload?.samples.at(-1)?.meanMilli;
  if (pod.sharing !== 'shared' || pod.readyAtMs === undefined || meanMilli === undefined) return 0;
  if (pod.usage !== undefined && pod.usage.endMs > window.endMs - window.windowMs) return 0;
  return meanMilli * overlapRatio(pod.readyAtMs, Number.POSITIVE_INFINITY, window);
}
