import { scheduleIn } from '../engine/timeline.ts';
import { type Cpu, resetUsage, settleNode, settleWorkload, workChanged } from './cpu.ts';
import { type SimPod, serves, tellPod, type World } from './world.ts';

/**
 * The steps of a pod's life after it was bound. Each brings the CPU accounts up to date, changes the pod and
 * tells those who watch, in this order: what was used until now depends on how things were until now.
 */

export function start(world: World, cpu: Cpu, pod: SimPod): void {
  settleOwn(cpu, pod);
  resetUsage(cpu, pod);
  pod.startedAtMs = world.timeline.nowMs;
  tellPod(world, pod, 'started');
}

export function becomeReady(world: World, cpu: Cpu, pod: SimPod): void {
  if (pod.readyAtMs !== undefined) return;
  settle(cpu, pod);
  if (pod.owner !== undefined && pod.terminatingAtMs === undefined) pod.owner.serving += 1;
  pod.readyAtMs = world.timeline.nowMs;
  pod.readyChangedAtMs = world.timeline.nowMs;
  workChanged(cpu, pod);
  tellPod(world, pod, 'ready');
}

/** It gets no more requests; those that it has go on, unless it or its node has ended. */
export function becomeUnready(world: World, cpu: Cpu, pod: SimPod): void {
  if (pod.readyAtMs === undefined) return;
  settle(cpu, pod);
  if (pod.owner !== undefined && serves(pod)) pod.owner.serving -= 1;
  pod.readyAtMs = undefined;
  pod.readyChangedAtMs = world.timeline.nowMs;
  workChanged(cpu, pod);
  tellPod(world, pod, 'unready');
}

/**
 * It was deleted: no more requests from now on, and it is gone when its containers have ended. On a node that
 * cannot be reached nobody ends them, and the pod stays as it is.
 */
export function terminate(world: World, cpu: Cpu, pod: SimPod): void {
  if (pod.terminatingAtMs !== undefined) return;
  if (serves(pod)) settle(cpu, pod);
  else settleOwn(cpu, pod);
  if (pod.owner !== undefined && serves(pod)) pod.owner.serving -= 1;
  if (pod.owner !== undefined) pod.owner.active -= 1;
  pod.terminatingAtMs = world.timeline.nowMs;
  workChanged(cpu, pod);
  tellPod(world, pod, 'terminating');
  if (pod.node === undefined) remove(world, cpu, pod);
  else if (pod.node.state === 'up') endContainers(world, cpu, pod);
}

/** The kubelet of a pod that is terminating has heard of it. */
export function endContainers(world: World, cpu: Cpu, pod: SimPod): void {
  scheduleIn(world.timeline, world.trace.kubelet.termination, () => remove(world, cpu, pod));
}

/** The pod's object is gone. */
export function remove(world: World, cpu: Cpu, pod: SimPod): void {
  if (pod.goneAtMs !== undefined) return;
  // Its node was deleted: nobody asked the pod to end before.
  if (pod.terminatingAtMs === undefined) terminate(world, cpu, pod);
  settleOwn(cpu, pod);
  pod.goneAtMs = world.timeline.nowMs;
  pod.node?.pods.delete(pod);
  pod.owner?.pods.delete(pod);
  world.pods.delete(pod.uid);
  workChanged(cpu, pod);
  tellPod(world, pod, 'gone');
}

/** Before it begins or ceases to serve: what the others of its workload get changes with that. */
function settle(cpu: Cpu, pod: SimPod): void {
  if (pod.owner !== undefined) settleWorkload(cpu, pod.owner);
  settleOwn(cpu, pod);
}

/** Before something changes that its siblings do not feel: with 2000 of them that is most of the work. */
function settleOwn(cpu: Cpu, pod: SimPod): void {
  if (pod.node !== undefined) settleNode(cpu, pod.node);
}
