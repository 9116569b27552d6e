import type { NodeState } from './node-info.ts';
import type { PodInfo } from './pod-info.ts';

/** What happened to the cluster, as far as it may help a pod that waits (pkg/scheduler/eventhandlers.go). */
export type ClusterEvent =
  | { readonly type: 'nodeAdded'; readonly node: NodeState }
  | { readonly type: 'nodeUpdated'; readonly before: NodeState; readonly node: NodeState }
  | { readonly type: 'nodeDeleted'; readonly before: NodeState }
  /** A pod that runs on a node, or was just bound to it. */
  | { readonly type: 'assignedPodAdded'; readonly pod: PodInfo }
  /** Its status changed, or it is being deleted. */
  | { readonly type: 'assignedPodUpdated'; readonly pod: PodInfo }
  | { readonly type: 'assignedPodDeleted'; readonly pod: PodInfo }
  /** An object that only this plugin watches. */
  | { readonly type: 'pluginObjectChanged'; readonly plugin: string }
  /** The status of the pod that waits, which the scheduler itself writes when an attempt fails. */
  | { readonly type: 'ownStatusUpdated' };

/**
 * framework/events.go, UpdateNodeTaint: the taints changed, or the node is no longer cordoned. A plugin that
 * registers added nodes without this event is woken by it all the same (scheduler.go, buildQueueingHintMap).
 */
export function taintsChanged(before: NodeState, node: NodeState): boolean {
  return (before.unschedulable && !node.unschedulable) || !areEqual(before.taints, node.taints);
}

/** framework/events.go, NodeSchedulingPropertiesChange: other changes are no event. */
export function isNodeEvent(before: NodeState, node: NodeState): boolean {
  return (
    taintsChanged(before, node) ||
    !areEqual(before.object.status?.allocatable, node.object.status?.allocatable) ||
    !areEqual(before.labels, node.labels) ||
    !areEqual(before.annotations, node.annotations) ||
    !areEqual(conditions(before), conditions(node))
  );
}

function conditions({ object }: NodeState): readonly (readonly [string, string])[] {
  return (object.status?.conditions ?? []).map(({ type, status }) => [type, status] as const).sort();
}

function areEqual(left: unknown, right: unknown): boolean {
  return JSON.stringify(left) === JSON.stringify(right);
}
