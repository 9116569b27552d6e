import { scheduleIn } from '../engine/timeline.ts';
import { buildReplica } from './build.ts';
import type { Cpu } from './cpu.ts';
import { settleWorkload } from './cpu.ts';
import { victimsOf } from './victims.ts';
import { type SimPod, type SimReplicaSet, serves, tellPod, tellReplicaSet, type World } from './world.ts';

/** One creation is answered before the next is sent; a millisecond is what a local API server takes. */
const CREATION_MS = 1;

/** The ReplicaSet gets another number of replicas, and creates or deletes pods to match. */
export function scaleTo(world: World, cpu: Cpu, replicaSet: SimReplicaSet, replicas: number): void {
  replicaSet.replicas = replicas;
  tellReplicaSet(world, replicaSet);
  reconcile(world, cpu, replicaSet);
}

function reconcile(world: World, cpu: Cpu, replicaSet: SimReplicaSet): void {
  const active = Array.from(replicaSet.pods).filter(({ terminatingAtMs }) => terminatingAtMs === undefined);
  const missing = replicaSet.replicas - active.length;
  for (let index = 0; index < missing; index += 1) {
    scheduleIn(world.timeline, index * CREATION_MS, () => create(world, replicaSet));
  }
  if (missing >= 0) return;
  for (const pod of victimsOf(active, -missing, world.timeline.nowMs)) terminate(world, cpu, pod);
}

function create(world: World, replicaSet: SimReplicaSet): void {
  const active = Array.from(replicaSet.pods).filter(({ terminatingAtMs }) => terminatingAtMs === undefined);
  // Scaled down again while it was still creating.
  if (active.length >= replicaSet.replicas) return;
  replicaSet.created += 1;
  const pod = buildReplica(world, replicaSet);
  replicaSet.pods.add(pod);
  world.pods.set(pod.uid, pod);
  tellPod(world, pod, 'created');
}

/** It gets no more requests from now on, and is gone when its containers have ended. */
function terminate(world: World, cpu: Cpu, pod: SimPod): void {
  if (pod.owner !== undefined) {
    settleWorkload(cpu, pod.owner);
    if (serves(pod)) pod.owner.serving -= 1;
  }
  pod.terminatingAtMs = world.timeline.nowMs;
  tellPod(world, pod, 'terminating');
  const delayMs = pod.node === undefined ? 0 : world.trace.kubelet.termination;
  scheduleIn(world.timeline, delayMs, () => remove(world, cpu, pod));
}

function remove(world: World, cpu: Cpu, pod: SimPod): void {
  if (pod.owner !== undefined) settleWorkload(cpu, pod.owner);
  pod.goneAtMs = world.timeline.nowMs;
  pod.node?.pods.delete(pod);
  pod.owner?.pods.delete(pod);
  world.pods.delete(pod.uid);
  tellPod(world, pod, 'gone');
}
