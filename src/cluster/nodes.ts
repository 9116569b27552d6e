import { matchesSelector } from '../placement/selector.ts';
import type { NodeEntry, Picture } from './picture.ts';
import type { NodeRecord } from './records.ts';

export function nodeSeen(picture: Picture, record: NodeRecord): void {
  const { edgeSelector, siteLabel } = picture.settings.tiers;
  const node = nodeEntry(picture, record.name);
  node.known = true;
  node.tier = matchesSelector(record.labels, edgeSelector) ? 'edge' : 'cloud';
  node.site = siteLabel === undefined ? undefined : record.labels[siteLabel];
  node.allocatableMilli = record.allocatableMilli;
  node.ready = record.ready;
  node.schedulable = record.schedulable;
}

/** What was measured of it goes too: a node that joins under the same name is another machine. */
export function nodeGone(picture: Picture, name: string): void {
  const node = picture.nodes.get(name);
  if (node === undefined) return;
  node.known = false;
  node.metrics = undefined;
  node.closed = false;
  node.predictedMilli = undefined;
  forgetIfUnused(picture, node);
}

/** The entry of a name, made when a pod names a node before the node itself was seen. */
export function nodeEntry(picture: Picture, name: string): NodeEntry {
  const existing = picture.nodes.get(name);
  if (existing !== undefined) return existing;
  const node: NodeEntry = {
    name,
    known: false,
    tier: 'cloud',
    site: undefined,
    allocatableMilli: 0,
    ready: false,
    schedulable: false,
    metrics: undefined,
    closed: false,
    pods: new Set(),
    loads: { fixedMilli: 0, requestedMilli: 0, shared: [], others: [] },
    stale: false,
    predictedMilli: undefined,
  };
  picture.nodes.set(name, node);
  return node;
}

export function forgetIfUnused(picture: Picture, node: NodeEntry): void {
  if (!node.known && node.pods.size === 0) picture.nodes.delete(node.name);
}
