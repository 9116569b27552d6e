import { nodeGone, nodeSeen } from './nodes.ts';
import type { Picture } from './picture.ts';
import { podGone, podSeen } from './pods.ts';
import type { MetricsLook, NodeRecord, PodRecord, ReplicaSetRecord } from './records.ts';
import { passTime } from './reservations.ts';
import { sampleTaken } from './samples.ts';
import { replicaSetGone, replicaSetSeen } from './workloads.ts';

/** All that a cluster tells, by its watches and its metrics. */
export type ClusterEvent =
  | { readonly type: 'nodeSeen'; readonly node: NodeRecord }
  | { readonly type: 'nodeGone'; readonly name: string }
  | { readonly type: 'podSeen'; readonly pod: PodRecord }
  | { readonly type: 'podGone'; readonly uid: string }
  | { readonly type: 'replicaSetSeen'; readonly replicaSet: ReplicaSetRecord }
  | { readonly type: 'replicaSetGone'; readonly uid: string }
  | { readonly type: 'sampleTaken'; readonly look: MetricsLook };

/** The one way in: `serve`, simulations and live links all tell the picture by this. */
export function apply(picture: Picture, event: ClusterEvent, nowMs: number): void {
  passTime(picture, nowMs);
  switch (event.type) {
    case 'nodeSeen':
      nodeSeen(picture, event.node);
      break;
    case 'nodeGone':
      nodeGone(picture, event.name);
      break;
    case 'podSeen':
      podSeen(picture, event.pod, nowMs);
      break;
    case 'podGone':
      podGone(picture, event.uid, nowMs);
      break;
    case 'replicaSetSeen':
      replicaSetSeen(picture, event.replicaSet);
      break;
    case 'replicaSetGone':
      replicaSetGone(picture, event.uid);
      break;
    case 'sampleTaken':
      sampleTaken(picture, event.look, nowMs);
      break;
  }
}
