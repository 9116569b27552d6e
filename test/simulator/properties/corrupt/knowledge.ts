import { countPodOn } from '../../../../src/picture/counting.ts';
import type { Decision } from '../../../../src/placement/decision.ts';
import type { SimPod } from '../../../../src/simulator/model/world.ts';
import type { NodeInfo } from '../../../../src/simulator/scheduler/node-info.ts';
import type { PodInfo } from '../../../../src/simulator/scheduler/pod-info.ts';
import { place } from '../../../../src/simulator/scheduler/state.ts';
import type { Run } from '../../../../src/simulator/simulate.ts';
import { type Corruption, isEnding, to } from './corruption.ts';

/** Keeps no pod away. */
const SOFT = 'PreferNoSchedule';

/** Bugs of the scheduler and of Spillway's picture: of what they know of the cluster, and make of it. */
export const KNOWLEDGE_BUGS: readonly Corruption[] = [
  {
    what: 'the scheduler forgets a pod that waits',
    caughtBy: 'schedulerForgetsNoPod',
    corrupt: (run) => to(queuedPod(run), ({ uid }) => run.scheduler.queue.entries.delete(uid)),
  },
  {
    what: 'a pod stays queued when it was bound',
    caughtBy: 'schedulerForgetsNoPod',
    corrupt: ({ scheduler: { queue, pods } }) => {
      const [entry] = queue.entries.values();
      const bound = Array.from(pods.values()).find(({ pod }) => pod.node !== undefined);
      return to(
        entry,
        (one) => queue.entries.set(bound?.pod.uid ?? '', one),
        () => bound !== undefined,
      );
    },
  },
  {
    what: 'a pod that no event wakes',
    caughtBy: 'schedulerForgetsNoPod',
    corrupt: ({ scheduler: { queue } }) =>
      to(Array.from(queue.unschedulable)[0], (entry) => queue.unschedulable.delete(entry)),
  },
  {
    what: 'a node is filled beyond its requests',
    caughtBy: 'requestsFit',
    corrupt: ({ scheduler: { nodes } }) =>
      to(
        nodes.inOrder.find(({ requested }) => requested.cpuMilli > 0),
        ({ state, requested }) => {
          Object.assign(state.allocatable, { cpuMilli: requested.cpuMilli - 1 });
        },
      ),
  },
  {
    what: 'the scheduler adds up wrongly',
    caughtBy: 'requestsFit',
    corrupt: ({ scheduler: { nodes } }) =>
      to(nodes.inOrder[0], ({ requested }) => {
        requested.cpuMilli += 1;
      }),
  },
  {
    what: 'a pod goes to a cordoned node',
    caughtBy: 'filtersAreObeyed',
    corrupt: (run) => toPlace(run, ({ state }) => state.unschedulable),
  },
  {
    what: 'a pod goes to a tainted node',
    caughtBy: 'filtersAreObeyed',
    corrupt: (run) =>
      toPlace(run, ({ state }) =>
        state.taints.some(({ key, effect }) => key === 'dedicated' && effect !== SOFT),
      ),
  },
  {
    what: 'a pod goes where its labels do not let it',
    caughtBy: 'filtersAreObeyed',
    corrupt: (run) =>
      toPlace(
        run,
        ({ state }, { spec }) => ![undefined, state.labels['zone']].includes(spec.nodeSelector?.['zone']),
      ),
  },
  {
    what: 'a pod goes to a node that Spillway refused',
    caughtBy: 'filtersAreObeyed',
    corrupt: (run) =>
      toPlace(
        run,
        ({ state }, pod) =>
          run.recorder.pods.get(pod)?.at(-1)?.decision !== undefined &&
          state.taints.length === 0 &&
          pod.spec.nodeSelector === undefined,
      ),
  },
  {
    what: 'a forecast is no number',
    caughtBy: 'decisionsAreSound',
    corrupt: (run) =>
      toDecide(run, ({ candidates, ...decision }) => ({
        ...decision,
        candidates: candidates.map((one) => ({ ...one, forecastMilli: Number.NaN })),
      })),
  },
  {
    what: 'a pod goes to the cloud while the edge has room',
    caughtBy: 'decisionsAreSound',
    corrupt: (run) =>
      toDecide(run, ({ candidates, ...decision }) => ({
        ...decision,
        result: 'overflow',
        policy: { placement: 'edge-first', sharing: 'shared' },
        candidates: candidates.map((one) => ({ ...one, thresholdMilli: 1e6 })),
      })),
  },
  {
    what: 'an edge node is planned above its threshold',
    caughtBy: 'decisionsAreSound',
    corrupt: (run) =>
      toDecide(run, ({ candidates, ...decision }) => ({
        ...decision,
        candidates: candidates.map((one) => ({ ...one, thresholdMilli: 0, limitMilli: 0 })),
      })),
  },
  {
    what: 'the answer is not reserved',
    caughtBy: 'decisionsAreSound',
    corrupt: (run) =>
      toDecide(run, (decision) => ({ ...decision, pod: { ...decision.pod, uid: 'another' } })),
  },
  {
    what: 'a reservation ends and its pod still counts',
    caughtBy: 'reservationsEnd',
    corrupt: ({ picture }) =>
      to(Array.from(picture.reservations.keys())[0], (uid) => picture.reservations.delete(uid)),
  },
  {
    what: 'a reservation outlives its TTL',
    caughtBy: 'reservationsEnd',
    corrupt: ({ picture }) =>
      to(Array.from(picture.reservations.values())[0], (reservation) => {
        Object.assign(reservation, { atMs: reservation.atMs - 3_600_000 });
      }),
  },
  {
    what: 'a node of the picture counts a pod that is not there',
    caughtBy: 'reservationsEnd',
    corrupt: ({ picture }) =>
      to(
        Array.from(picture.pods.values()).find(({ bound, node }) => bound && node !== undefined),
        (pod) => pod.node?.pods.delete(pod),
      ),
  },
  {
    what: 'a watch does not tell of a binding',
    caughtBy: 'watchersKnowTheWorld',
    corrupt: (run) =>
      to(pictured(run), (pod) => {
        countPodOn(run.picture, pod, undefined);
        pod.bound = false;
      }),
  },
  {
    what: 'a watch does not tell of a cordon',
    caughtBy: 'watchersKnowTheWorld',
    corrupt: (run) =>
      to(Array.from(run.world.nodes.values())[0], (node) => {
        node.unschedulable = !node.unschedulable;
      }),
  },
  {
    what: 'a watch does not tell of a scaling',
    caughtBy: 'watchersKnowTheWorld',
    corrupt: ({ picture: { replicas } }) =>
      to(Array.from(replicas)[0], ([uid, count]) => replicas.set(uid, count + 1)),
  },
];

/** One more decision, like one that sent a pod to the edge and yet another than it should be. */
function toDecide({ recorder, world }: Run, change: (decision: Decision) => Decision): boolean {
  const model = recorder.decisions.findLast(({ result }) => result === 'edge');
  const decision = model && { ...model, atMs: world.timeline.nowMs };
  return to(
    decision,
    (one) => recorder.decisions.push(change(one)),
    ({ nodes }) => nodes.length === 1,
  );
}

/** Not one that is about to be bound: it would be, all the same. */
function queuedPod(run: Run): SimPod | undefined {
  const { queue, pods } = run.scheduler;
  const entry = Array.from(queue.entries.values()).find(({ place: where }) => where === 'unschedulable');
  const pod = entry && pods.get(entry.info.uid)?.pod;
  return pod && !isEnding(pod) ? pod : undefined;
}

/** Places a pod that no node took on a node where it fits by its requests. */
function toPlace({ scheduler }: Run, mayNot: (node: NodeInfo, pod: SimPod) => boolean): boolean {
  const { queue, nodes, pods } = scheduler;
  for (const { uid } of Array.from(queue.unschedulable, ({ info }) => info)) {
    const known = pods.get(uid);
    if (known === undefined || (known.pod.spec.tolerations ?? []).length > 0 || isEnding(known.pod)) continue;
    const node = nodes.inOrder.find((one) => hasRoom(one, known.info) && mayNot(one, known.pod));
    if (to(node, (info) => place(known, info))) return true;
  }
  return false;
}

function hasRoom({ state: { allocatable }, requested, pods }: NodeInfo, { amounts }: PodInfo): boolean {
  const { cpuMilli, memoryBytes } = amounts.requests;
  return (
    requested.cpuMilli + cpuMilli <= allocatable.cpuMilli &&
    requested.memoryBytes + memoryBytes <= allocatable.memoryBytes &&
    pods.size < allocatable.pods
  );
}

function pictured({ world, picture }: Run) {
  return Array.from(picture.pods.values()).find((pod) => pod.bound && world.pods.has(pod.uid));
}
