import { isMature } from '../placement/load.ts';
import type { UsageSample } from '../placement/types.ts';
import { type NodeEntry, type Picture, type PodEntry, podKey } from './picture.ts';
import type { PodUsage } from './records.ts';
import { overlapRatio } from './workload-samples.ts';

/**
 * A pod with a load of its own that ran for so many windows and that pod metrics still do not list is not
 * listed at all (a selector, a runtime that reports nothing): what it uses is in the node's overhead.
 */
const UNLISTED_AFTER_WINDOWS = 4;

export interface ListedPod {
  readonly pod: PodEntry;
  readonly item: PodUsage;
}

/** The bound pod that an item of pod metrics speaks of, and its node; undefined: none that is known. */
export function findListed(
  picture: Picture,
  item: PodUsage,
): (ListedPod & { readonly node: NodeEntry }) | undefined {
  const pod = picture.podsByName.get(podKey(item.namespace, item.name));
  if (pod?.node === undefined || !pod.bound || isOfPredecessor(pod, item)) return undefined;
  return { pod, item, node: pod.node };
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
  const ranFor = (pod: PodEntry, windows: number) =>
    pod.bound && pod.startedAtMs !== undefined && pod.startedAtMs <= endMs - windows * windowMs;
  if (listedMilli === undefined && Array.from(node.pods).some((pod) => ranFor(pod, 1))) return;
  let podUsageMilli = listedMilli ?? 0;
  for (const pod of node.pods) {
    if (pod.usage === undefined && pod.sharing === 'own' && ranFor(pod, UNLISTED_AFTER_WINDOWS)) {
      pod.usage = { usageMilli: 0, windowMs, endMs };
    }
    podUsageMilli += unlistedUsageMilli(pod, node.metrics);
  }
  node.metrics = { ...node.metrics, podUsageMilli };
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
