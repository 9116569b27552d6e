import type { TierSettings } from '../../picture/picture.ts';
import type { TraceNode } from '../../trace/kubernetes.ts';
import { schedule, scheduleIn } from '../engine/timeline.ts';
import { buildNode } from './build.ts';
import { type Cpu, openAccount, settleNode, workChanged } from './cpu.ts';
import { restartPod, startPod } from './kubelet.ts';
import { becomeReady, becomeUnready, endContainers, remove, terminate } from './pods.ts';
import { tolerationMs } from './tolerations.ts';
import { type SimNode, type SimPod, tellNode, type World } from './world.ts';

/** A node joins the cluster, ready and empty. */
export function joinNode(world: World, cpu: Cpu, object: TraceNode, tiers: TierSettings): void {
  const node = buildNode(object, tiers);
  world.nodes.set(node.name, node);
  openAccount(cpu, node);
  tellNode(world, node, 'joined');
}

/** The node's object is deleted; the pod garbage collector then deletes its pods. */
export function removeNode(world: World, cpu: Cpu, node: SimNode): void {
  settleNode(cpu, node);
  node.state = 'lost';
  world.nodes.delete(node.name);
  tellNode(world, node, 'left');
  for (const pod of Array.from(node.pods)) remove(world, cpu, pod);
}

/**
 * The machine or its connection is gone. The API server hears of it only when the Lease has not been renewed
 * for the grace period; until then its pods are endpoints. A disconnected machine can be lost as well, which
 * nobody notices; one that is lost has no connection to lose.
 */
export function loseNode(world: World, cpu: Cpu, node: SimNode, state: 'disconnected' | 'lost'): void {
  if (node.state === state || node.state === 'lost') return;
  settleNode(cpu, node);
  const wasHeard = node.state === 'up';
  node.state = state;
  for (const pod of node.pods) workChanged(cpu, pod);
  if (!wasHeard) return;
  const silentSinceMs = world.timeline.nowMs;
  node.silentSinceMs = silentSinceMs;
  scheduleIn(world.timeline, world.trace.nodeController.gracePeriod, () => {
    // Heard of again meanwhile, it may be silent for the second time by now.
    if (node.silentSinceMs === silentSinceMs && world.nodes.get(node.name) === node) {
      markUnreachable(world, cpu, node);
    }
  });
}

/** pkg/controller/nodelifecycle: Ready becomes Unknown, the taints follow, its pods are no longer ready. */
function markUnreachable(world: World, cpu: Cpu, node: SimNode): void {
  setReady(world, node, 'Unknown');
  for (const pod of Array.from(node.pods)) {
    becomeUnready(world, cpu, pod);
    evictInTime(world, cpu, node, pod);
  }
}

/** A pod was bound: its kubelet starts it, if it hears of it. */
export function podBound(world: World, cpu: Cpu, pod: SimPod): void {
  startPod(world, cpu, pod);
  // It was decided on before the node was known to be away.
  if (pod.node?.ready === 'Unknown') evictInTime(world, cpu, pod.node, pod);
}

/** pkg/controller/tainteviction: the pod is deleted, and its kubelet does not hear of it. */
function evictInTime(world: World, cpu: Cpu, node: SimNode, pod: SimPod): void {
  const waitMs = tolerationMs(pod);
  if (waitMs === undefined) return;
  const sinceMs = node.readyChangedAtMs;
  scheduleIn(world.timeline, waitMs, () => {
    if (node.ready === 'Unknown' && node.readyChangedAtMs === sinceMs) terminate(world, cpu, pod);
  });
}

/**
 * The kubelet reports again, and hears of pods that were bound or deleted meanwhile. The others are ready again,
 * at once where their containers are, else when they have started.
 */
export function regainNode(world: World, cpu: Cpu, node: SimNode): void {
  if (node.state === 'up') return;
  settleNode(cpu, node);
  const ran = node.state === 'disconnected';
  node.state = 'up';
  node.silentSinceMs = undefined;
  if (node.ready !== 'True') setReady(world, node, 'True');
  for (const pod of Array.from(node.pods)) {
    if (pod.terminatingAtMs !== undefined) endContainers(world, cpu, pod);
    else if (pod.kubelet.starts === 0) startPod(world, cpu, pod);
    else if (!ran) restartPod(world, cpu, pod);
    else if (pod.kubelet.containers === 'ready') {
      schedule(world.timeline, world.timeline.nowMs, () => {
        // Away again at the same moment.
        if (node.state === 'up' && pod.kubelet.containers === 'ready') becomeReady(world, cpu, pod);
      });
    }
    workChanged(cpu, pod);
  }
}

function setReady(world: World, node: SimNode, ready: SimNode['ready']): void {
  node.ready = ready;
  node.readyChangedAtMs = world.timeline.nowMs;
  tellNode(world, node, 'changed');
}
