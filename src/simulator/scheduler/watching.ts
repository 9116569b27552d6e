import { scheduleIn } from '../engine/timeline.ts';
import { nodeJson } from '../model/objects.ts';
import type { NodeChange, PodChange, SimNode, SimPod } from '../model/world.ts';
import { markTerminating, nodeState } from './node-info.ts';
import { nodeChanged, nodeJoined, nodeLeft } from './nodes.ts';
import { addToQueue, removeFromQueue } from './queue.ts';
import { forget, type KnownPod, know, type Scheduler } from './state.ts';
import { arrange, tellQueue } from './turns.ts';

/** pkg/scheduler/eventhandlers.go: what the watches tell, a moment after it happened. */
export function watchCluster(scheduler: Scheduler): void {
  const { world } = scheduler;
  const later = (tell: () => void) => scheduleIn(world.timeline, world.trace.scheduler.watch, tell);
  world.watchers.push({
    pod: (pod, change) => later(() => podTold(scheduler, pod, change)),
    node: (node, change) => {
      const tell = nodeTold(scheduler, node, change);
      later(tell);
    },
  });
}

/** The node's object is written down as it is when it changes. */
function nodeTold(scheduler: Scheduler, node: SimNode, change: NodeChange): () => void {
  const { nodes } = scheduler;
  if (change === 'left') return () => tellQueue(scheduler, nodeLeft(nodes, node.name));
  const state = nodeState(nodeJson(node));
  const tell = change === 'joined' ? nodeJoined : nodeChanged;
  return () => tellQueue(scheduler, tell(nodes, state));
}

function podTold(scheduler: Scheduler, pod: SimPod, change: PodChange): void {
  const known = scheduler.pods.get(pod.uid);
  if (known === undefined) {
    if (change === 'created') podCreated(scheduler, pod);
    return;
  }
  const { info, node } = known;
  switch (change) {
    case 'created':
      return;
    case 'annotated':
      // Of pods that run: nothing here annotates one that waits, which would be tried again for it.
      if (pod.node !== undefined) tellQueue(scheduler, { type: 'assignedPodUpdated', pod: info });
      return;
    case 'bound':
      tellQueue(scheduler, { type: 'assignedPodAdded', pod: info });
      return;
    case 'started':
    case 'ready':
    case 'unready':
      tellQueue(scheduler, { type: 'assignedPodUpdated', pod: info });
      return;
    case 'terminating':
      markTerminating(node, info);
      if (pod.node !== undefined) tellQueue(scheduler, { type: 'assignedPodUpdated', pod: info });
      return;
    case 'gone':
      podGone(scheduler, known);
      return;
  }
}

function podCreated(scheduler: Scheduler, pod: SimPod): void {
  const { info } = know(scheduler, pod);
  addToQueue(scheduler.queue, info, scheduler.world.timeline.nowMs);
  arrange(scheduler);
}

/** One that waited for a node frees nothing, and is no event (deletePodFromSchedulingQueue). */
function podGone(scheduler: Scheduler, known: KnownPod): void {
  const { queue, pods } = scheduler;
  const { info, node } = known;
  pods.delete(info.uid);
  removeFromQueue(queue, info.uid);
  forget(known);
  if (node !== undefined) tellQueue(scheduler, { type: 'assignedPodDeleted', pod: info });
}
