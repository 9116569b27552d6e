import { scheduleIn } from '../engine/timeline.ts';
import { buildReplica } from './build.ts';
import type { Cpu } from './cpu.ts';
import { terminate } from './pods.ts';
import { victimsOf } from './victims.ts';
import { type SimReplicaSet, tellPod, tellReplicaSet, type World } from './world.ts';

/** One creation is answered before the next is sent; a millisecond is what a local API server takes. */
const CREATION_MS = 1;

/** The ReplicaSet gets another number of replicas, and creates or deletes pods to match. */
export function scaleTo(world: World, cpu: Cpu, replicaSet: SimReplicaSet, replicas: number): void {
  replicaSet.replicas = replicas;
  tellReplicaSet(world, replicaSet);
  reconcile(world, cpu, replicaSet);
}

/** A pod that somebody else deleted is replaced. */
export function replaceDeleted(world: World): void {
  world.watchers.push({
    pod: ({ owner }, change) => {
      if (owner !== undefined && change === 'terminating') createMissing(world, owner);
    },
  });
}

function reconcile(world: World, cpu: Cpu, replicaSet: SimReplicaSet): void {
  createMissing(world, replicaSet);
  const surplus = replicaSet.active - replicaSet.replicas;
  if (surplus <= 0) return;
  const active = Array.from(replicaSet.pods).filter(({ terminatingAtMs }) => terminatingAtMs === undefined);
  for (const pod of victimsOf(active, surplus, world.timeline.nowMs)) terminate(world, cpu, pod);
}

function createMissing(world: World, replicaSet: SimReplicaSet): void {
  const missing = replicaSet.replicas - replicaSet.active;
  for (let index = 0; index < missing; index += 1) {
    scheduleIn(world.timeline, index * CREATION_MS, () => create(world, replicaSet));
  }
}

function create(world: World, replicaSet: SimReplicaSet): void {
  // Scaled down again, or created by an earlier look, while it was still creating.
  if (replicaSet.active >= replicaSet.replicas) return;
  replicaSet.created += 1;
  replicaSet.active += 1;
  const pod = buildReplica(world, replicaSet);
  replicaSet.pods.add(pod);
  world.pods.set(pod.uid, pod);
  tellPod(world, pod, 'created');
}
