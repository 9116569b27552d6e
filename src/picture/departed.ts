import { type NodeEntry, type Picture, type PodEntry, podKey } from './picture.ts';
import type { PodUsage } from './records.ts';
import { localTimeMs } from './workload-samples.ts';

/**
 * A pod that was bound to a node and counts there no more: gone, ended, or its load taken over by its siblings.
 * Metrics are looked at 5 to 35 s after the scrape, so they still list it, and its node's usage holds what it
 * used. Forgotten, that would look like the node's own overhead until the next scrape.
 */
export interface Departed {
  readonly node: NodeEntry;
  readonly atMs: number;
  /** What was last measured of it. */
  readonly usageMilli: number;
}

/** Its pod must be bound to the node. */
export function remember(picture: Picture, pod: PodEntry, node: NodeEntry): void {
  const key = podKey(pod.namespace, pod.name);
  // Again at the end, where the newest are.
  picture.departed.delete(key);
  picture.departed.set(key, { node, atMs: picture.nowMs, usageMilli: pod.usage?.usageMilli ?? 0 });
  forgetOld(picture);
}

/** The node that a listed pod has left since its sample began; undefined: none that is known of. */
export function leftSince(picture: Picture, item: PodUsage): NodeEntry | undefined {
  const departed = picture.departed.get(podKey(item.namespace, item.name));
  if (departed === undefined || departed.atMs <= item.timestampMs - item.windowMs) return undefined;
  return departed.node;
}

/** Without pod metrics: the last usage of the pods that have left a node since the end of its new sample. */
export function takeGoneUsage(picture: Picture, { name, metrics }: NodeEntry): void {
  if (metrics === undefined || metrics.podUsageMilli !== undefined) return;
  const endMs = localTimeMs(picture, metrics.endMs);
  for (const { node, atMs, usageMilli } of picture.departed.values()) {
    if (node.name === name && atMs > endMs) metrics.goneUsageMilli += usageMilli;
  }
}

/** Whom no sample that is still to come will list. */
export function forgetOld({ departed, nowMs, settings }: Picture): void {
  const keptMs = settings.placement.freshness.ageingAfterMs;
  for (const [key, { atMs }] of departed) {
    if (Math.abs(nowMs - atMs) <= keptMs) return;
    departed.delete(key);
  }
}
