import type { NodeState } from './node-info.ts';
import type { PodInfo } from './pod-info.ts';

/** What happened to the cluster, as far as it may help a pod that waits (pkg/scheduler/framework/events.go). */
export type ClusterEvent =
  | { readonly type: 'nodeAdded'; readonly node: NodeState }
  | { readonly type: 'nodeUpdated'; readonly before: NodeState; readonly node: NodeState }
  | { readonly type: 'nodeDeleted'; readonly before: NodeState }
  /** A pod that runs on a node, or was just bound to it. */
  | { readonly type: 'assignedPodAdded'; readonly pod: PodInfo }
  /** Its status, or that it is being deleted. */
  | { readonly type: 'assignedPodUpdated'; readonly pod: PodInfo }
  | { readonly type: 'assignedPodDeleted'; readonly pod: PodInfo };
