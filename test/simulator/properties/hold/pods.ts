import { type SimPod, serves, type World } from '../../../../src/simulator/model/world.ts';
import type { Run } from '../../../../src/simulator/simulate.ts';
import { demand, type Property } from './violation.ts';

/**
 * No pod is lost or on two nodes: those that exist, those of the nodes and those of the ReplicaSets are the
 * same pods, a pod stays on the node it was bound to, and only one that ended is not there any more.
 */
export const podsAreKept: Property = ({ world }: Run) => {
  const seen = new Map<string, SimPod>(world.pods);
  const nodeOf = new Map<SimPod, SimPod['node']>();
  const holdPod = (pod: SimPod) => {
    const before = nodeOf.get(pod);
    demand(before === undefined || before === pod.node, () => `${pod.name} went from one node to another`);
    if (before === undefined) nodeOf.set(pod, pod.node);
    demand(goesForward(pod, world), () => `${pod.name} does not go its way forward in time`);
    seen.set(pod.uid, pod);
  };
  return () => {
    holdPlaces(world);
    for (const pod of world.pods.values()) holdPod(pod);
    if (seen.size === world.pods.size) return;
    for (const [uid, pod] of seen) {
      if (world.pods.has(uid)) continue;
      demand(pod.goneAtMs !== undefined, () => `${pod.name} was lost: it did not end`);
      seen.delete(uid);
    }
  };
};

/** Nodes and ReplicaSets have the pods that say so, and no others. */
function holdPlaces(world: World): void {
  let bound = 0;
  let owned = 0;
  for (const pod of world.pods.values()) {
    if (pod.node !== undefined) bound += 1;
    if (pod.owner !== undefined) owned += 1;
  }
  const onNodes = countOnNodes(world);
  demand(bound === onNodes, () => `${bound} pods are bound and ${onNodes} are on nodes`);
  const ofReplicaSets = countOfReplicaSets(world);
  demand(owned === ofReplicaSets, () => `${owned} pods have an owner, which have ${ofReplicaSets}`);
}

function countOnNodes({ nodes, pods }: World): number {
  let count = 0;
  for (const node of nodes.values()) {
    for (const pod of node.pods) {
      count += 1;
      demand(pod.node === node, () => `${pod.name} is among the pods of ${node.name} and of another node`);
      demand(pods.get(pod.uid) === pod, () => `${pod.name} is on ${node.name} and does not exist`);
    }
  }
  return count;
}

function countOfReplicaSets({ replicaSets, pods }: World): number {
  let count = 0;
  for (const { workload, pods: own } of replicaSets.values()) {
    count += own.size;
    for (const pod of own) {
      demand(pods.get(pod.uid) === pod, () => `${pod.name} of ${workload} does not exist`);
    }
  }
  return count;
}

function goesForward(pod: SimPod, { timeline: { nowMs } }: World): boolean {
  const { createdAtMs, boundAtMs = nowMs, startedAtMs = nowMs, readyAtMs = nowMs } = pod;
  return (
    createdAtMs <= boundAtMs &&
    boundAtMs <= startedAtMs &&
    startedAtMs <= readyAtMs &&
    readyAtMs <= nowMs &&
    (pod.terminatingAtMs ?? nowMs) <= nowMs &&
    pod.goneAtMs === undefined &&
    (pod.node === undefined) === (pod.boundAtMs === undefined)
  );
}

/** What ReplicaSets keep count of is what can be counted. */
export const countsAreRight: Property = ({ world }) => {
  return () => {
    for (const { workload, pods, active, serving } of world.replicaSets.values()) {
      let countedActive = 0;
      let countedServing = 0;
      for (const pod of pods) {
        if (pod.terminatingAtMs === undefined) countedActive += 1;
        if (serves(pod)) countedServing += 1;
      }
      demand(active === countedActive, () => `${workload}: ${active} active pods, counted ${countedActive}`);
      demand(serving === countedServing, () => `${workload}: ${serving} serving, counted ${countedServing}`);
    }
  };
};
