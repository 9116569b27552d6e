import { nextClosed } from '../placement/admission.ts';
import { forecastNode } from '../placement/forecast.ts';
import { isMature } from '../placement/load.ts';
import type { WorkloadSample } from '../placement/types.ts';
import { refreshLoads } from './loads.ts';
import { type NodeEntry, type Picture, type PodEntry, podKey, type WorkloadEntry } from './picture.ts';
import type { MetricsLook, NodeUsage, PodUsage } from './records.ts';

/** Two scrapes give a slope; older ones say little about a load that follows users. */
const WORKLOAD_SAMPLES = 2;
/**
 * A pod with a load of its own that ran for so many windows and that pod metrics still do not list is not
 * listed at all (a selector, a runtime that reports nothing): what it uses is in the node's overhead.
 */
const UNLISTED_AFTER_WINDOWS = 4;

/** One look at the metrics: takes what is new, and marks what is missing. */
export function sampleTaken(picture: Picture, look: MetricsLook, nowMs: number): void {
  picture.nowMs = nowMs;
  const advanced = takeNodes(picture, look.nodes);
  const touched = look.pods === undefined ? new Set<WorkloadEntry>() : takePods(picture, look.pods, advanced);
  for (const workload of touched) takeWorkload(picture, workload, advanced);
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
    if (node.metrics?.endMs === item.timestampMs) node.metrics = { ...node.metrics, missing: false };
    else if (takeNode(picture, node, item)) advanced.add(node);
  }
  for (const node of picture.nodes.values()) {
    if (node.metrics !== undefined && !listed.has(node)) node.metrics = { ...node.metrics, missing: true };
  }
  return advanced;
}

function takeNode(picture: Picture, node: NodeEntry, item: NodeUsage): boolean {
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
  return true;
}

function takePods(
  picture: Picture,
  items: readonly PodUsage[],
  advanced: ReadonlySet<NodeEntry>,
): ReadonlySet<WorkloadEntry> {
  const listedMilli = new Map<NodeEntry, number>();
  const touched = new Set<WorkloadEntry>();
  for (const item of items) {
    const pod = picture.podsByName.get(podKey(item.namespace, item.name));
    if (pod?.node === undefined || !pod.bound || isOfPredecessor(pod, item)) continue;
    if (advanced.has(pod.node)) {
      listedMilli.set(pod.node, (listedMilli.get(pod.node) ?? 0) + item.usageMilli);
    }
    if (pod.usage?.endMs === item.timestampMs) continue;
    takePodUsage(picture, pod, item);
    if (pod.workload !== undefined) touched.add(pod.workload);
  }
  for (const node of advanced) takePodSum(node, listedMilli.get(node));
  return touched;
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

function takePodSum(node: NodeEntry, listedMilli: number | undefined): void {
  if (node.metrics === undefined) return;
  const { endMs, windowMs } = node.metrics;
  const ranFor = (pod: PodEntry, windows: number) =>
    pod.bound && pod.startedAtMs !== undefined && pod.startedAtMs <= endMs - windows * windowMs;
  if (listedMilli === undefined && Array.from(node.pods).some((pod) => ranFor(pod, 1))) return;
  node.metrics = { ...node.metrics, podUsageMilli: listedMilli ?? 0 };
  for (const pod of node.pods) {
    if (pod.usage !== undefined || pod.sharing !== 'own' || !ranFor(pod, UNLISTED_AFTER_WINDOWS)) continue;
    pod.usage = { usageMilli: 0, windowMs, endMs };
  }
}

/** The workload's mean and how many of its pods were ready, over the window of this scrape. */
function takeWorkload(picture: Picture, workload: WorkloadEntry, advanced: ReadonlySet<NodeEntry>): void {
  const mature = Array.from(workload.pods).filter(isMature);
  const measuredNow = mature.filter(({ node }) => node !== undefined && advanced.has(node));
  if (measuredNow.length === 0) return;
  const window = {
    windowMs: mean(measuredNow.map(({ usage }) => usage.windowMs)),
    endMs: mean(measuredNow.map(({ usage }) => usage.endMs)),
  };
  const sample: WorkloadSample = {
    meanMilli: mean(mature.map(({ usage }) => usage.usageMilli)),
    readyPods: readyPodsOver(workload, window),
    windowMs: window.windowMs,
    endMs: localTimeMs(picture, window.endMs),
  };
  const last = workload.samples.at(-1);
  // Nodes whose metrics come at different times make several samples of one window: the last one counts.
  const sameWindow = last !== undefined && sample.endMs - last.endMs < sample.windowMs / 2;
  const before = sameWindow ? workload.samples.slice(0, -1) : workload.samples;
  workload.samples = [...before, sample].slice(-WORKLOAD_SAMPLES);
  workload.pastReady = workload.pastReady.filter(({ toMs }) => toMs > window.endMs);
}

function readyPodsOver(
  workload: WorkloadEntry,
  window: { readonly windowMs: number; readonly endMs: number },
): number {
  let readyPods = 0;
  for (const { readyAtMs, usage } of workload.pods) {
    // Its own window where it was measured, since both times are its node's then.
    if (readyAtMs !== undefined)
      readyPods += overlapRatio(readyAtMs, Number.POSITIVE_INFINITY, usage ?? window);
  }
  for (const { fromMs, toMs } of workload.pastReady) readyPods += overlapRatio(fromMs, toMs, window);
  return readyPods;
}

function overlapRatio(
  fromMs: number,
  toMs: number,
  { endMs, windowMs }: { readonly windowMs: number; readonly endMs: number },
): number {
  const startMs = endMs - windowMs;
  if (windowMs <= 0) return fromMs <= endMs && toMs > endMs ? 1 : 0;
  return Math.max(0, Math.min(endMs, toMs) - Math.max(startMs, fromMs)) / windowMs;
}

/** A node's time on the local clock, or now where its clock can't be right. */
function localTimeMs(picture: Picture, nodeTimeMs: number): number {
  const ageMs = picture.nowMs - nodeTimeMs;
  return ageMs >= 0 && ageMs <= picture.settings.placement.freshness.ageingAfterMs
    ? nodeTimeMs
    : picture.nowMs;
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

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
