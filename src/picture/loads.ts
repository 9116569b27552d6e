import { sumLoads } from '../placement/load.ts';
import type { NodeEntry, Picture } from './picture.ts';

/** Adds up a node's pods again if they, or their samples, have changed since. */
export function refreshLoads(picture: Picture, node: NodeEntry): void {
  if (!node.stale) return;
  node.loads = sumLoads(node.pods, picture.settings.placement.load);
  node.stale = false;
}
