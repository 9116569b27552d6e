import { type ClusterEvent, isNodeEvent } from './events.ts';
import { createNodeInfo, type NodeInfo, type NodeState } from './node-info.ts';
import {
  addToTree,
  createNodeTree,
  type NodeTree,
  namesInOrder,
  removeFromTree,
  updateInTree,
} from './node-tree.ts';

/** The scheduler's nodes (pkg/scheduler/backend/cache/cache.go). */
export interface Nodes {
  /** By name. Of those that left too: pods may still be on them, and be there when one comes back. */
  readonly infos: Map<string, NodeInfo>;
  readonly tree: NodeTree;
  /** Those that are there, in the order in which they are looked at. */
  inOrder: readonly NodeInfo[];
}

export function createNodes(): Nodes {
  return { infos: new Map(), tree: createNodeTree(), inOrder: [] };
}

export function nodeJoined(nodes: Nodes, state: NodeState): ClusterEvent {
  const known = nodes.infos.get(state.name);
  if (known === undefined) nodes.infos.set(state.name, createNodeInfo(state));
  else known.state = state;
  addToTree(nodes.tree, state);
  reorder(nodes);
  return { type: 'nodeAdded', node: state };
}

/** Undefined: nothing changed that matters to any plugin. */
export function nodeChanged(nodes: Nodes, state: NodeState): ClusterEvent | undefined {
  const info = nodes.infos.get(state.name);
  if (info === undefined) return nodeJoined(nodes, state);
  const before = info.state;
  info.state = state;
  updateInTree(nodes.tree, before, state);
  reorder(nodes);
  return isNodeEvent(before, state) ? { type: 'nodeUpdated', before, node: state } : undefined;
}

export function nodeLeft(nodes: Nodes, name: string): ClusterEvent | undefined {
  const info = nodes.infos.get(name);
  if (info === undefined) return undefined;
  removeFromTree(nodes.tree, info.state);
  reorder(nodes);
  return { type: 'nodeDeleted', before: info.state };
}

function reorder(nodes: Nodes): void {
  nodes.inOrder = namesInOrder(nodes.tree).flatMap((name) => nodes.infos.get(name) ?? []);
}
