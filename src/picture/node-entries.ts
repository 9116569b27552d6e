import type { NodeEntry, Picture } from './picture.ts';

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
