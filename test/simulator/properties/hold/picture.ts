import type { NodeEntry, PodEntry } from '../../../../src/picture/picture.ts';
import { taintsOf } from '../../../../src/simulator/model/objects.ts';
import type { SimNode, SimPod, World } from '../../../../src/simulator/model/world.ts';
import type { Run } from '../../../../src/simulator/simulate.ts';
import { demand, type Property } from './violation.ts';

/** A pod counts on a node of the picture while it is bound there, or reserved for no longer than the TTL. */
export const reservationsEnd: Property = ({ picture }) => {
  const { ttlMs, maxOpen } = picture.settings.reservations;
  return () => {
    let counted = 0;
    for (const [uid, pod] of picture.pods) {
      const { node, bound, name } = pod;
      if (node === undefined) continue;
      counted += 1;
      demand(node.pods.has(pod), () => `${name} counts on ${node.name}, which does not count it`);
      if (bound) continue;
      // By the time of the last event or question: reservations are looked at when one comes.
      const reservation = picture.reservations.peek(uid, { allowStale: true });
      demand(reservation?.node === node, () => `${name} counts on ${node.name} and has no reservation there`);
      const ageMs = picture.nowMs - reservation.atMs;
      demand(ageMs <= ttlMs, () => `the reservation of ${name} is ${ageMs} ms old, its TTL is ${ttlMs}`);
    }
    let onNodes = 0;
    for (const { pods } of picture.nodes.values()) onNodes += pods.size;
    demand(counted === onNodes, () => `${counted} pods count somewhere, nodes count ${onNodes}`);
    const { size } = picture.reservations;
    demand(size <= maxOpen, () => `${size} reservations are open, at most ${maxOpen} may be`);
  };
};

/**
 * What Spillway and the scheduler know of the cluster is what there is, once their watches have told of the last
 * change: the same nodes, each pod where it is bound, and no others.
 */
export const watchersKnowTheWorld: Property = (run) => {
  const { world } = run;
  const { timeline } = world;
  let changedAtMs = timeline.nowMs;
  let isHeld = false;
  const changed = () => {
    changedAtMs = timeline.nowMs;
    isHeld = false;
  };
  world.watchers.push({ node: changed, pod: changed, replicaSet: changed });
  return () => {
    // Strictly: at the very moment some may have been told and others not yet.
    if (isHeld || timeline.nowMs <= changedAtMs + world.trace.scheduler.watch) return;
    isHeld = true;
    holdPicture(run);
    holdScheduler(run);
  };
};

function holdPicture({ world, picture }: Run): void {
  for (const node of world.nodes.values()) {
    const entry = picture.nodes.get(node.name);
    demand(entry !== undefined && isKnown(entry, node), () => `the picture has another ${node.name}`);
  }
  for (const { known, name } of picture.nodes.values()) {
    demand(!known || world.nodes.has(name), () => `the picture has a node ${name}, which left`);
  }
  for (const [uid, pod] of world.pods) {
    const entry = picture.pods.get(uid);
    demand(entry?.watched === true, () => `the picture does not know ${pod.name}`);
    demand(isWhereItIs(entry, pod), () => `the picture has ${pod.name} on ${entry.node?.name ?? 'no node'}`);
  }
  for (const [uid, { name, watched }] of picture.pods) {
    demand(!watched || world.pods.has(uid), () => `the picture has a pod ${name}, which is gone`);
  }
  for (const { uid, workload, replicas, active } of world.replicaSets.values()) {
    demand(picture.replicas.get(uid) === replicas, () => `the picture has other replicas of ${workload}`);
    const count = picture.workloads.get(uid)?.podCount ?? 0;
    demand(count === active, () => `the picture has ${count} pods of ${workload}, which has ${active}`);
  }
}

function isKnown(entry: NodeEntry, { tier, allocatable, ready, unschedulable }: SimNode): boolean {
  return (
    entry.known &&
    entry.tier === tier &&
    entry.allocatableMilli === allocatable.cpuMilli &&
    entry.ready === (ready === 'True') &&
    entry.schedulable === !unschedulable
  );
}

/** One that is terminating counts nowhere, if its siblings take its load over. */
function isWhereItIs(entry: PodEntry, { node, terminatingAtMs }: SimPod): boolean {
  if (terminatingAtMs !== undefined && entry.sharing === 'shared')
    return entry.leaving && entry.node === undefined;
  if (entry.leaving) return false;
  if (node === undefined) return !entry.bound;
  return entry.bound && entry.node?.name === node.name;
}

function holdScheduler({ world, scheduler }: Run): void {
  const { nodes, pods } = scheduler;
  demand(nodes.inOrder.length === world.nodes.size, 'the scheduler knows another number of nodes');
  for (const node of world.nodes.values()) {
    const state = nodes.infos.get(node.name)?.state;
    demand(
      state?.unschedulable === node.unschedulable &&
        JSON.stringify(state.taints) === JSON.stringify(taintsOf(node)),
      () => `the scheduler has another ${node.name}`,
    );
  }
  for (const pod of world.pods.values()) {
    const known = pods.get(pod.uid);
    demand(known?.pod === pod, () => `the scheduler does not know ${pod.name}`);
    demand(
      pod.node === undefined || known.node?.state.name === pod.node.name,
      () => `the scheduler has ${pod.name} on ${known.node?.state.name ?? 'no node'}`,
    );
  }
  demand(pods.size === existing(world), () => `the scheduler knows ${pods.size} pods of ${world.pods.size}`);
}

function existing({ pods }: World): number {
  return pods.size;
}
