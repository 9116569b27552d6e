import { nextClosed } from '../placement/admission.ts';
import { forecastNode } from '../placement/forecast.ts';
import { isMature } from '../placement/load.ts';
import type { UsageSample } from '../placement/types.ts';
import { refreshLoads } from './loads.ts';
import { type NodeEntry, type Picture, type PodEntry, podKey, type WorkloadEntry } from './picture.ts';
import type { MetricsLook, NodeUsage, PodUsage } from './records.ts';
import { expireReservations } from './reservations.ts';
import { overlapRatio, takeWorkloadSample } from './workload-samples.ts';

/**
 * A pod with a load of its own that ran for so many windows and that pod metrics still do not list is not
 * listed at all (a selector, a runtime that reports nothing): what it uses is in the node's overhead.
 */
const UNLISTED_AFTER_WINDOWS = 4;

/** One look at the metrics: takes what is new, and marks what is missing. */
export function sampleTaken(picture: Picture, look: MetricsLook, nowMs: number): void {
  picture.nowMs = nowMs;
  // In a quiet cluster no question comes that would do it.
  expireReservations(picture);
  const advanced = takeNodes(picture, look.nodes);
  if (look.pods !== undefined) {
    const { usageMilli, workloads } = takePods(picture, look.pods);
    for (const workload of workloads) takeWorkloadSample(picture, workload, advanced);
    for (const node of advanced) takePodSum(node, usageMilli.get(node));
  }
  markSaturated(picture);
  for (const node of picture.nodes.values()) settle(picture, node);
}

function takeNodes(picture: Picture, items: readonly NodeUsage[]): ReadonlySet<NodeEntry> {
  const advanced = new Set<NodeEntry>();
  const listed = new Set<NodeEntry>();
  for (const item of items) {
    const node = picture.nodes.get(item.name);
    if (node === undefined || !node.known) continue;
    listed.add(node);
    if (node.metrics?.endMs === item.timestampMs) {
      node.metrics = { ...node.metrics, missing: false };
      continue;
    }
    takeNode(picture, node, item);
    advanced.add(node);
  }
  for (const node of picture.nodes.values()) {
    if (node.metrics !== undefined && !listed.has(node)) node.metrics = { ...node.metrics, missing: true };
  }
  return advanced;
}

function takeNode(picture: Picture, node: NodeEntry, item: NodeUsage): void {
  if (node.predictedMilli !== undefined) {
    picture.observer.predictionMeasured?.('node', item.usageMilli - node.predictedMilli);
  }
  node.metrics = {
    usageMilli: item.usageMilli,
    windowMs: item.windowMs,
    endMs: item.timestampMs,
    podUsageMilli: undefined,
    goneUsageMilli: 0,
    advancedAtMs: picture.nowMs,
    missing: false,
  };
}

/** Takes the pods' usage; gives what was listed on each node, and the workloads that have new samples. */
function takePods(picture: Picture, items: readonly PodUsage[]) {
  const usageMilli = new Map<NodeEntry, number>();
  const workloads = new Set<WorkloadEntry>();
  for (const item of items) {
    const pod = picture.podsByName.get(podKey(item.namespace, item.name));
    if (pod?.node === undefined || !pod.bound || isOfPredecessor(pod, item)) continue;
    usageMilli.set(pod.node, (usageMilli.get(pod.node) ?? 0) + item.usageMilli);
    if (pod.usage?.endMs === item.timestampMs) continue;
    takePodUsage(picture, pod, item);
    if (pod.workload !== undefined) workloads.add(pod.workload);
  }
  return { usageMilli, workloads };
}

/** Two pods of one name, one after the other (a StatefulSet's): the sample may be the first one's. */
function isOfPredecessor(pod: PodEntry, item: PodUsage): boolean {
  return pod.startedAtMs !== undefined && item.timestampMs < pod.startedAtMs;
}

function takePodUsage(picture: Picture, pod: PodEntry, item: PodUsage): void {
  pod.usage = { usageMilli: item.usageMilli, windowMs: item.windowMs, endMs: item.timestampMs };
  if (pod.predicted === undefined || !isMature(pod)) return;
  picture.observer.predictionMeasured?.(pod.predicted.source, item.usageMilli - pod.predicted.milli);
  pod.predicted = undefined;
}

/** Splits a node's usage into its pods' and the overhead. */
function takePodSum(node: NodeEntry, listedMilli: number | undefined): void {
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

function markSaturated(picture: Picture): void {
  for (const workload of picture.workloads.values()) workload.saturated = false;
  for (const node of picture.nodes.values()) {
    const usageMilli = node.metrics?.usageMilli ?? 0;
    if (usageMilli < picture.settings.saturatedRatio * node.allocatableMilli || usageMilli === 0) continue;
    for (const { workload } of node.pods) if (workload !== undefined) workload.saturated = true;
  }
}

/** The gate follows the forecast from sample to sample, also when no pod is asked about. */
function settle(picture: Picture, node: NodeEntry): void {
  node.stale = true;
  if (!node.known || node.metrics === undefined) return;
  refreshLoads(picture, node);
  const { placement } = picture.settings;
  const { milli } = forecastNode(node, placement, picture.nowMs);
  node.predictedMilli = milli;
  if (node.tier === 'edge') node.closed = nextClosed(node, milli, placement);
}
