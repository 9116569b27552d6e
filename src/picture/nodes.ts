import { matchesSelector } from '../placement/selector.ts';
import { moveGate } from './gates.ts';
import { forgetIfUnused, nodeEntry } from './node-entries.ts';
import type { Picture } from './picture.ts';
import type { NodeRecord } from './records.ts';
import { endReservation } from './reservations.ts';

export function nodeSeen(picture: Picture, record: NodeRecord): void {
  const { edgeSelector, siteLabel } = picture.settings.tiers;
  const node = nodeEntry(picture, record.name);
  node.known = true;
  node.tier = matchesSelector(record.labels, edgeSelector) ? 'edge' : 'cloud';
  node.site = siteLabel === undefined ? undefined : record.labels[siteLabel];
  node.allocatableMilli = record.allocatableMilli;
  node.ready = record.ready;
  node.schedulable = record.schedulable;
  moveGate(picture, node);
}

/** What was measured of it goes too: a node that joins under the same name is another machine. */
export function nodeGone(picture: Picture, name: string): void {
  const node = picture.nodes.get(name);
  if (node === undefined) return;
  node.known = false;
  node.metrics = undefined;
  node.closed = false;
  node.predictedMilli = undefined;
  // Nothing can be bound there any more.
  for (const pod of Array.from(node.pods)) if (!pod.bound) endReservation(picture, pod, 'released');
  forgetIfUnused(picture, node);
}
