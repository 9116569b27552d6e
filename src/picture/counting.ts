import { remember } from './departed.ts';
import { forgetIfUnused } from './node-entries.ts';
import { type NodeEntry, type Picture, type PodEntry, podKey } from './picture.ts';
import { leaveWorkload } from './workloads.ts';

/** Moves a pod to where it counts now; undefined: nowhere. */
export function countPodOn(picture: Picture, pod: PodEntry, node: NodeEntry | undefined): void {
  const before = pod.node;
  if (node !== undefined) node.stale = true;
  if (before === node) return;
  pod.node = node;
  node?.pods.add(pod);
  if (before === undefined) return;
  before.pods.delete(pod);
  before.stale = true;
  if (pod.bound) {
    // Without pod metrics the node's usage still holds what the pod used: see placement's forecast.
    if (before.metrics !== undefined) before.metrics.goneUsageMilli += pod.usage?.usageMilli ?? 0;
    remember(picture, pod, before);
  }
  forgetIfUnused(picture, before);
}

export function removePod(picture: Picture, pod: PodEntry): void {
  countPodOn(picture, pod, undefined);
  if (pod.workload !== undefined) leaveWorkload(picture, pod.workload, pod);
  picture.pods.delete(pod.uid);
  const key = podKey(pod.namespace, pod.name);
  if (picture.podsByName.get(key) === pod) picture.podsByName.delete(key);
}
