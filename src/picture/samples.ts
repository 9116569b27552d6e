import { forecastNode } from '../placement/forecast.ts';
import { forgetOld, takeGoneUsage } from './departed.ts';
import { moveGate } from './gates.ts';
import { refreshLoads } from './loads.ts';
import type { NodeEntry, Picture, WorkloadEntry } from './picture.ts';
import { addListed, type ListedPods, takePodSum, takePodUsage } from './pod-samples.ts';
import type { MetricsLook, NodeUsage } from './records.ts';
import { passTime } from './reservations.ts';
import { takeWorkloadSample } from './workload-samples.ts';

/** So many pods are looked at between two steps: a fraction of a millisecond. */
const PODS_A_STEP = 500;

/** One look at the metrics: takes what is new, and marks what is missing. */
export function sampleTaken(picture: Picture, look: MetricsLook, nowMs: number): void {
  const steps = sampleSteps(picture, look, nowMs);
  while (steps.next().done !== true);
}

/**
 * The same in steps, between which questions may be answered: taking 20 000 pods at once would hold them up
 * for tens of milliseconds. A node changes within one step, so its usage and its pods' are always of the
 * same scrape; other nodes may still be as of the scrape before.
 */
export function* sampleSteps(picture: Picture, look: MetricsLook, nowMs: number): Generator<void, void> {
  passTime(picture, nowMs);
  forgetOld(picture);
  const isDue = createPacer(PODS_A_STEP);
  const listed = yield* collect(picture, look, isDue);
  const advanced = yield* take(picture, look, listed, isDue);
  yield* settle(picture, listed, advanced, isDue);
  if (advanced.size > 0) picture.observer.sampleSettled?.(picture, picture.nowMs);
}

/** By node, what pod metrics list; undefined where they could not be read. */
type Listed = ReadonlyMap<NodeEntry, ListedPods> | undefined;
type IsDue = (cost: number) => boolean;

function* collect(picture: Picture, { pods }: MetricsLook, isDue: IsDue): Generator<void, Listed> {
  if (pods === undefined) return undefined;
  const listed = new Map<NodeEntry, ListedPods>();
  for (const item of pods) {
    if (isDue(1)) yield;
    addListed(picture, listed, item);
  }
  return listed;
}

/** The samples of nodes, of their pods and of the workloads of these; gives the nodes that had a new one. */
function* take(
  picture: Picture,
  { nodes }: MetricsLook,
  listed: Listed,
  isDue: IsDue,
): Generator<void, ReadonlySet<NodeEntry>> {
  const usages = new Map(nodes.map((item) => [item.name, item]));
  const advanced = new Set<NodeEntry>();
  const workloads = new Set<WorkloadEntry>();
  for (const node of Array.from(picture.nodes.values())) {
    if (isDue(1 + node.pods.size)) yield;
    if (takeNode(picture, node, usages.get(node.name))) advanced.add(node);
    takePods(picture, listed?.get(node), workloads);
    if (listed !== undefined && advanced.has(node)) takePodSum(node, listed.get(node)?.sumMilli);
    if (advanced.has(node)) takeGoneUsage(picture, node);
    // A question may come before the last step: the new overhead goes with the new loads.
    node.stale = true;
  }
  for (const workload of workloads) {
    if (isDue(workload.pods.size)) yield;
    takeWorkloadSample(picture, workload, advanced);
  }
  return advanced;
}

function* settle(
  picture: Picture,
  listed: Listed,
  advanced: ReadonlySet<NodeEntry>,
  isDue: IsDue,
): Generator<void, void> {
  markSaturated(picture);
  for (const node of Array.from(picture.nodes.values())) {
    if (isDue(1 + node.pods.size)) yield;
    // Again, now that it is known what a replica that is not listed yet used: as much as its siblings.
    if (listed !== undefined && advanced.has(node)) takePodSum(node, listed.get(node)?.sumMilli);
    settleNode(picture, node);
  }
}

/** Says when so much has been done since it last said so. */
function createPacer(limit: number): IsDue {
  let done = 0;
  return (cost) => {
    done += cost;
    if (done < limit) return false;
    done = 0;
    return true;
  };
}

/** Takes what was measured of a node; not listed: it is missing. Gives whether there is a new sample. */
function takeNode(picture: Picture, node: NodeEntry, item: NodeUsage | undefined): boolean {
  if (!node.known) return false;
  if (item === undefined || node.metrics?.endMs === item.timestampMs) {
    if (node.metrics !== undefined) node.metrics = { ...node.metrics, missing: item === undefined };
    return false;
  }
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

function takePods(picture: Picture, listed: ListedPods | undefined, workloads: Set<WorkloadEntry>): void {
  for (const each of listed?.pods ?? []) {
    if (takePodUsage(picture, each) && each.pod.workload !== undefined) workloads.add(each.pod.workload);
  }
}

function markSaturated(picture: Picture): void {
  for (const workload of picture.workloads.values()) workload.saturated = false;
  for (const node of picture.nodes.values()) {
    const usageMilli = node.metrics?.usageMilli ?? 0;
    if (usageMilli < picture.settings.saturatedRatio * node.allocatableMilli || usageMilli === 0) continue;
    for (const { bound, workload } of node.pods) {
      // What is reserved there has not run there.
      if (bound && workload !== undefined) workload.saturated = true;
    }
  }
}

/** The gate follows the forecast from sample to sample, also when no pod is asked about. */
function settleNode(picture: Picture, node: NodeEntry): void {
  node.stale = true;
  if (!node.known || node.metrics === undefined) return;
  refreshLoads(picture, node);
  node.predictedMilli = forecastNode(node, picture.settings.placement, picture.nowMs).milli;
  moveGate(picture, node);
}
