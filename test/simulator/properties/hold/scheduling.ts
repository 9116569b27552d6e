import type { taintsOf } from '../../../../src/simulator/model/objects.ts';
import { tolerates } from '../../../../src/simulator/model/tolerations.ts';
import type { NodeInfo } from '../../../../src/simulator/scheduler/node-info.ts';
import type { KnownPod, Scheduler } from '../../../../src/simulator/scheduler/state.ts';
import { demand, type Property } from './violation.ts';

/** Pods that the scheduler knows and that have no node wait in its queue or are about to be bound; no others do. */
export const schedulerForgetsNoPod: Property = ({ scheduler }) => {
  const { queue, pods } = scheduler;
  return () => {
    let isTurn = false;
    let backsOff = false;
    for (const [uid, { pod, node }] of pods) {
      // One that ended while it was being bound needs no node any more; the watch has yet to say so.
      if (pod.node !== undefined || node !== undefined || pod.terminatingAtMs !== undefined) continue;
      const entry = queue.entries.get(uid);
      demand(entry !== undefined, () => `${pod.name} has no node and is not queued`);
      const { place } = entry;
      demand(place !== 'inFlight', () => `${pod.name} was taken from the queue and forgotten`);
      demand(
        place !== 'unschedulable' || queue.unschedulable.has(entry),
        () => `${pod.name} waits for an event and would hear of none`,
      );
      isTurn ||= place === 'active';
      backsOff ||= place === 'backoff' || place === 'errorBackoff';
    }
    for (const [uid, { info }] of queue.entries) {
      const pod = pods.get(uid)?.pod;
      demand(pod !== undefined && pod.node === undefined, () => `${info.name} is queued and needs no node`);
    }
    demand(!isTurn || scheduler.turnAtMs !== undefined, 'it is the turn of a pod and nobody will take it');
    demand(!backsOff || scheduler.flushAtMs !== undefined, 'a pod backs off and nobody will look at it');
  };
};

/** The scheduler's books add up, and the pods on a node never request more than it has. */
export const requestsFit: Property = ({ scheduler: { nodes, pods } }) => {
  return () => {
    let placed = 0;
    for (const known of pods.values()) if (known.node?.pods.has(known.info)) placed += 1;
    let counted = 0;
    for (const [name, { state, pods: onNode, requested }] of nodes.infos) {
      counted += onNode.size;
      let cpuMilli = 0;
      let memoryBytes = 0;
      for (const { amounts } of onNode) {
        cpuMilli += amounts.requests.cpuMilli;
        memoryBytes += amounts.requests.memoryBytes;
      }
      demand(
        cpuMilli === requested.cpuMilli && memoryBytes === requested.memoryBytes,
        () => `${name}: ${requested.cpuMilli}m and ${requested.memoryBytes} requested, counted ${cpuMilli}m`,
      );
      const { allocatable } = state;
      demand(
        cpuMilli <= allocatable.cpuMilli &&
          memoryBytes <= allocatable.memoryBytes &&
          onNode.size <= allocatable.pods,
        () => `${name} is overcommitted: ${onNode.size} pods request ${cpuMilli}m`,
      );
    }
    demand(counted === placed, () => `${placed} pods have a node in the scheduler's books, nodes ${counted}`);
  };
};

/** A pod goes where the filters let it, as the scheduler knew the node when it decided, and Spillway's answer too. */
export const filtersAreObeyed: Property = ({ scheduler, recorder }) => {
  const nodeOf = new Map<KnownPod, NodeInfo>();
  for (const known of scheduler.pods.values()) if (known.node !== undefined) nodeOf.set(known, known.node);
  return () => {
    for (const known of scheduler.pods.values()) {
      const { node, pod } = known;
      if (node === undefined) nodeOf.delete(known);
      if (node === undefined || nodeOf.get(known) === node) continue;
      nodeOf.set(known, node);
      const refusal = refusalOf(known, node);
      demand(refusal === undefined, () => `${pod.name} went to ${node.state.name}, which ${refusal}`);
      const asked = recorder.pods.get(pod)?.at(-1)?.decision;
      if (asked === undefined) continue;
      const nodes = recorder.decisions[asked]?.nodes ?? [];
      demand(
        nodes.includes(node.state.name),
        () => `${pod.name} went to ${node.state.name}, not to ${nodes}`,
      );
    }
    if (nodeOf.size > scheduler.pods.size) forgetGone(nodeOf, scheduler);
  };
};

function refusalOf({ pod: { spec } }: KnownPod, { state }: NodeInfo): string | undefined {
  const { tolerations = [], nodeSelector = {} } = spec;
  const taints = [
    ...(state.taints as ReturnType<typeof taintsOf>),
    ...(state.unschedulable
      ? [{ key: 'node.kubernetes.io/unschedulable', effect: 'NoSchedule' } as const]
      : []),
  ];
  const keepsAway = taints.find(
    (taint) => taint.effect !== 'PreferNoSchedule' && !tolerations.some((one) => tolerates(one, taint)),
  );
  if (keepsAway !== undefined) return `has the taint ${keepsAway.key}`;
  const missing = Object.entries(nodeSelector).find(([key, value]) => state.labels[key] !== value);
  return missing && `lacks the label ${missing[0]}`;
}

function forgetGone(nodeOf: Map<KnownPod, NodeInfo>, { pods }: Scheduler): void {
  for (const known of nodeOf.keys()) if (pods.get(known.pod.uid) !== known) nodeOf.delete(known);
}
