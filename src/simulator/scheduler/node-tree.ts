import type { NodeState } from './node-info.ts';
import type { Labels } from './selectors.ts';

/**
 * The order in which the scheduler looks at nodes: one of each zone in turn
 * (pkg/scheduler/backend/cache/node_tree.go).
 */
export interface NodeTree {
  /** Names by zone, both in the order in which they came. */
  readonly zones: Map<string, string[]>;
}

export function createNodeTree(): NodeTree {
  return { zones: new Map() };
}

export function addToTree({ zones }: NodeTree, node: NodeState): void {
  const zone = zoneOf(node.labels);
  const names = zones.get(zone);
  if (names === undefined) zones.set(zone, [node.name]);
  else if (!names.includes(node.name)) names.push(node.name);
}

export function removeFromTree({ zones }: NodeTree, node: NodeState): void {
  const zone = zoneOf(node.labels);
  const names = zones.get(zone) ?? [];
  const index = names.indexOf(node.name);
  if (index >= 0) names.splice(index, 1);
  if (names.length === 0) zones.delete(zone);
}

/** A node that moves to another zone is the last one there. */
export function updateInTree(tree: NodeTree, before: NodeState, after: NodeState): void {
  if (zoneOf(before.labels) === zoneOf(after.labels)) return;
  removeFromTree(tree, before);
  addToTree(tree, after);
}

export function namesInOrder({ zones }: NodeTree): readonly string[] {
  const lists = Array.from(zones.values());
  const longest = Math.max(0, ...lists.map(({ length }) => length));
  const ordered: string[] = [];
  for (let index = 0; index < longest; index += 1) {
    for (const names of lists) {
      const name = names[index];
      if (name !== undefined) ordered.push(name);
    }
  }
  return ordered;
}

/** component-helpers node/topology, GetZoneKey: region and zone, the old labels first. */
function zoneOf(labels: Labels): string {
  const zone =
    labels['failure-domain.beta.kubernetes.io/zone'] ?? labels['topology.kubernetes.io/zone'] ?? '';
  const region =
    labels['failure-domain.beta.kubernetes.io/region'] ?? labels['topology.kubernetes.io/region'] ?? '';
  return region === '' && zone === '' ? '' : `${region}:\0:${zone}`;
}
