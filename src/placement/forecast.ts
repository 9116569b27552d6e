import { type Freshness, freshnessOf } from './freshness.ts';
import { loadOfSums, podEstimate, podLoad } from './load.ts';
import type { NodeFacts, NodeMetrics, PlacementSettings, PodFacts } from './types.ts';

export interface Forecast {
  readonly milli: number;
  readonly freshness: Freshness;
}

/** What a node will use once the pods already sent to it have settled in. */
export function forecastNode(node: NodeFacts, settings: PlacementSettings, nowMs: number): Forecast {
  const freshness = freshnessOf(node.metrics, settings.freshness, nowMs);
  const { metrics } = node;
  if (metrics === undefined) return { milli: withoutMetricsMilli(node, settings, nowMs), freshness };
  if (metrics.podUsageMilli === undefined) {
    const milli = withoutPodMetricsMilli(node, metrics, settings, nowMs);
    return { milli: freshness === 'unknown' ? atLeastRequests(milli, node, settings) : milli, freshness };
  }
  const overheadMilli = Math.max(0, metrics.usageMilli - metrics.podUsageMilli);
  if (freshness === 'fresh') {
    return { milli: overheadMilli + loadOfSums(node.loads, settings.load, nowMs), freshness };
  }
  const carefulMilli = overheadMilli + carefulLoadMilli(node.pods, settings, nowMs);
  if (freshness === 'ageing') return { milli: carefulMilli, freshness };
  return { milli: atLeastRequests(carefulMilli, node, settings), freshness };
}

/** With old samples a pod counts at least as much as a new one like it would. */
function carefulLoadMilli(pods: Iterable<PodFacts>, settings: PlacementSettings, nowMs: number): number {
  let milli = 0;
  for (const pod of pods) {
    milli += Math.max(podLoad(pod, settings.load, nowMs).milli, podEstimate(pod, settings.load, nowMs).milli);
  }
  return milli;
}

/**
 * Node metrics without pod metrics happen (kubeedge#2525, #2834). The node's usage already holds what its
 * pods used, for the part of the window in which they ran; the rest of their estimates is still to come.
 */
function withoutPodMetricsMilli(
  node: NodeFacts,
  metrics: NodeMetrics,
  settings: PlacementSettings,
  nowMs: number,
): number {
  let milli = Math.max(0, metrics.usageMilli - metrics.goneUsageMilli);
  for (const pod of node.pods) {
    const missedRatio = missedWindowRatio(pod, metrics);
    if (missedRatio > 0) milli += podEstimate(pod, settings.load, nowMs).milli * missedRatio;
  }
  return milli;
}

function missedWindowRatio(pod: PodFacts, metrics: NodeMetrics): number {
  if (pod.startedAtMs === undefined || metrics.windowMs <= 0) return 1;
  const seenMs = metrics.endMs - pod.startedAtMs;
  return Math.min(1, Math.max(0, 1 - seenMs / metrics.windowMs));
}

/**
 * A node that no scrape ever showed is counted by requests, or by estimates where that was configured. But by what
 * its pods' siblings use elsewhere, where that is more: after a restart the node may be one that was seen, and fails
 * its scrapes because it is full.
 */
function withoutMetricsMilli(node: NodeFacts, settings: PlacementSettings, nowMs: number): number {
  return atLeastRequests(loadOfSums(node.loads, settings.load, nowMs), node, settings);
}

/** A node seen before is never taken for emptier than it was last seen, however small its requests are. */
function atLeastRequests(milli: number, node: NodeFacts, settings: PlacementSettings): number {
  if (settings.unknownMetrics === 'treat-as-usable') return milli;
  return Math.max(milli, node.loads.requestedMilli);
}
