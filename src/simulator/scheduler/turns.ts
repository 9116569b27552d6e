import { schedule, scheduleIn } from '../engine/timeline.ts';
import { podJson } from '../model/objects.ts';
import { tellPod } from '../model/world.ts';
import { attempt } from './cycle.ts';
import type { ClusterEvent } from './events.ts';
import {
  flushBackoff,
  flushUnschedulable,
  hasTurn,
  MAX_UNSCHEDULABLE_MS,
  nextFlushMs,
  popFromQueue,
  putBack,
  type QueuedPod,
  removeFromQueue,
  wakePod,
  wakePods,
} from './queue.ts';
import { forget, type KnownPod, place, type Scheduler } from './state.ts';

/** flushUnschedulablePodsLeftover runs so often. */
const LEFTOVER_MS = 30_000;

export function tellQueue(scheduler: Scheduler, event: ClusterEvent | undefined): void {
  if (event === undefined) return;
  wakePods(scheduler.queue, event, scheduler.world.timeline.nowMs);
  arrange(scheduler);
}

/** Sees to it that the queue is looked at when there is something to do. */
export function arrange(scheduler: Scheduler): void {
  const { queue, world } = scheduler;
  const { timeline } = world;
  if (scheduler.turnAtMs === undefined && hasTurn(queue)) {
    scheduler.turnAtMs = Math.max(scheduler.busyUntilMs, timeline.nowMs);
    schedule(timeline, scheduler.turnAtMs, () => takeNext(scheduler));
  }
  const flushMs = scheduler.flushAtMs === undefined ? nextFlushMs(queue, timeline.nowMs) : undefined;
  if (flushMs === undefined) return;
  scheduler.flushAtMs = flushMs;
  schedule(timeline, flushMs, () => {
    scheduler.flushAtMs = undefined;
    flushBackoff(queue, timeline.nowMs);
    arrange(scheduler);
  });
}

/** ScheduleOne: one pod; what comes meanwhile has its turn when the cycle has ended. */
function takeNext(scheduler: Scheduler): void {
  const { timeline, trace } = scheduler.world;
  scheduler.turnAtMs = undefined;
  const entry = popFromQueue(scheduler.queue);
  const known = entry && scheduler.pods.get(entry.info.uid);
  if (entry !== undefined && known !== undefined && !known.info.terminating) {
    scheduler.busyUntilMs = timeline.nowMs + trace.scheduler.cycle;
    tryPod(scheduler, known, entry);
  }
  arrange(scheduler);
}

function tryPod(scheduler: Scheduler, known: KnownPod, entry: QueuedPod): void {
  const { world, settings, observer, nodes } = scheduler;
  const { timeline, trace } = world;
  const { pod, info } = known;
  const podText = () => {
    known.text ??= JSON.stringify(podJson(pod));
    return known.text;
  };
  const { inOrder } = nodes;
  const { startIndex } = scheduler;
  const outcome = attempt(
    { pod: info, nodes: inOrder, nowMs: timeline.nowMs, startIndex, podText },
    settings,
  );
  scheduler.startIndex = (startIndex + outcome.processed) % Math.max(1, inOrder.length);
  observer.attempted(pod, outcome);
  if (outcome.result === 'unschedulable') {
    putBack(scheduler.queue, entry, outcome.rejectors, scheduler.busyUntilMs);
    flushLater(scheduler);
    writeCondition(scheduler, known, entry, outcome.reasons);
    return;
  }
  place(known, outcome.info);
  scheduleIn(timeline, trace.scheduler.binding, () => bind(scheduler, known, entry));
}

function bind(scheduler: Scheduler, known: KnownPod, entry: QueuedPod): void {
  const { world, queue, onBound } = scheduler;
  const { pod, node: info } = known;
  if (info === undefined) return;
  const node = world.nodes.get(info.state.name);
  if (pod.terminatingAtMs !== undefined || node === undefined) {
    // handleBindingCycleError
    forget(known);
    if (node === undefined) putBack(queue, entry, new Set(), world.timeline.nowMs);
    tellQueue(scheduler, { type: 'assignedPodDeleted', pod: known.info });
    return;
  }
  removeFromQueue(queue, pod.uid);
  // Nobody asks about it again.
  known.text = undefined;
  pod.node = node;
  pod.boundAtMs = world.timeline.nowMs;
  node.pods.add(pod);
  tellPod(world, pod, 'bound');
  onBound(pod);
}

/**
 * handleSchedulingFailure writes the reason into the pod's status when it is another than before. That is an
 * update of the pod, and thus an event for a pod that the extender refused: it gets one more attempt at once.
 */
function writeCondition(
  scheduler: Scheduler,
  known: KnownPod,
  entry: QueuedPod,
  reasons: ReadonlyMap<string, number>,
): void {
  const { world, queue, nodes, busyUntilMs } = scheduler;
  const message = JSON.stringify([nodes.inOrder.length, ...Array.from(reasons).sort()]);
  if (message === known.message) return;
  known.message = message;
  schedule(world.timeline, busyUntilMs + world.trace.scheduler.watch, () => {
    wakePod(queue, entry, { type: 'ownStatusUpdated' }, world.timeline.nowMs);
    arrange(scheduler);
  });
}

/** The next look at pods that nothing has woken for so long comes when the pod has waited more than that. */
function flushLater(scheduler: Scheduler): void {
  const { world, startMs, busyUntilMs, queue } = scheduler;
  const { timeline } = world;
  const looks = Math.floor((busyUntilMs + MAX_UNSCHEDULABLE_MS - startMs) / LEFTOVER_MS) + 1;
  schedule(timeline, startMs + looks * LEFTOVER_MS, () => {
    flushUnschedulable(queue, timeline.nowMs);
    arrange(scheduler);
  });
}
