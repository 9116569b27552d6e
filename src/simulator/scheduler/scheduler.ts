import { schedule, scheduleIn } from '../engine/timeline.ts';
import { type PodChange, type SimPod, tellPod, type World } from '../model/world.ts';
import { addPod, createNodeInfo, type NodeInfo, removePod } from './books.ts';
import { type Attempt, attempt } from './cycle.ts';
import type { Extender } from './extender.ts';

/** Told what the scheduler does, for the record of the run. */
export interface SchedulerObserver {
  readonly attempted: (pod: SimPod, attempt: Attempt) => void;
}

interface Scheduler {
  readonly world: World;
  readonly extender: Extender | undefined;
  readonly observer: SchedulerObserver;
  readonly onBound: (pod: SimPod) => void;
  readonly infos: ReadonlyMap<string, NodeInfo>;
  /** Waiting for their turn, the longest waiting first. */
  readonly active: Set<SimPod>;
  readonly waiting: Map<SimPod, Waiting>;
  /** Until when the cycle under way takes. */
  busyUntilMs: number;
}

/** A pod that no node took. */
interface Waiting {
  attempts: number;
  lastAttemptMs: number;
  byExtender: boolean;
  /** In the queue of unschedulable pods: an event is needed. False: it is back in the active or backoff queue. */
  parked: boolean;
}

// pkg/scheduler/backend/queue: podInitialBackoffSeconds, podMaxBackoffSeconds and
// podMaxInUnschedulablePodsDuration as they are by default.
const INITIAL_BACKOFF_MS = 1000;
const MAX_BACKOFF_MS = 10_000;
const MAX_PARKED_MS = 300_000;

/**
 * A stand-in for kube-scheduler: one pod at a time, binding asynchronously, pods that no node took retried
 * when something happens that may help them. docs/simulator.md says what it leaves out.
 */
export function startScheduler(
  world: World,
  extender: Extender | undefined,
  observer: SchedulerObserver,
  onBound: (pod: SimPod) => void,
): void {
  const scheduler: Scheduler = {
    world,
    extender,
    observer,
    onBound,
    infos: new Map(Array.from(world.nodes, ([name, node]) => [name, createNodeInfo(node)])),
    active: new Set(),
    waiting: new Map(),
    busyUntilMs: world.timeline.nowMs,
  };
  const { watch } = world.trace.scheduler;
  world.watchers.push({
    pod: (pod, change) => scheduleIn(world.timeline, watch, () => podChanged(scheduler, pod, change)),
    node: () => scheduleIn(world.timeline, watch, () => wake(scheduler, () => true)),
  });
}

function podChanged(scheduler: Scheduler, pod: SimPod, change: PodChange): void {
  switch (change) {
    case 'created':
      activate(scheduler, pod);
      return;
    case 'gone':
      scheduler.active.delete(pod);
      scheduler.waiting.delete(pod);
      for (const info of scheduler.infos.values()) removePod(info, pod);
      wake(scheduler, () => true);
      return;
    case 'bound':
      wake(scheduler, ({ byExtender }) => byExtender);
      return;
    case 'started':
    case 'ready':
    case 'terminating':
      return;
  }
}

function activate(scheduler: Scheduler, pod: SimPod): void {
  if (pod.terminatingAtMs !== undefined || pod.node !== undefined) return;
  scheduler.active.add(pod);
  const { timeline } = scheduler.world;
  schedule(timeline, scheduler.busyUntilMs, () => takeNext(scheduler));
}

/** One cycle at a time: a pod that comes meanwhile has its turn when the cycle has ended. */
function takeNext(scheduler: Scheduler): void {
  const { timeline, trace } = scheduler.world;
  if (timeline.nowMs < scheduler.busyUntilMs) {
    schedule(timeline, scheduler.busyUntilMs, () => takeNext(scheduler));
    return;
  }
  const [pod] = scheduler.active;
  if (pod === undefined) return;
  scheduler.active.delete(pod);
  if (pod.terminatingAtMs !== undefined) return;
  scheduler.busyUntilMs = timeline.nowMs + trace.scheduler.cycle;
  tryPod(scheduler, pod);
}

function tryPod(scheduler: Scheduler, pod: SimPod): void {
  const { world, extender, infos, observer } = scheduler;
  const outcome = attempt(pod, infos.values(), {
    extender,
    extenderWeight: world.trace.scheduler.extenderWeight,
    random: world.random.scheduler,
  });
  observer.attempted(pod, outcome);
  if (outcome.result === 'unschedulable') {
    park(scheduler, pod, outcome.byExtender);
    return;
  }
  scheduler.waiting.delete(pod);
  addPod(outcome.info, pod);
  scheduleIn(world.timeline, world.trace.scheduler.binding, () => bind(scheduler, pod, outcome.info));
}

function bind({ world, onBound }: Scheduler, pod: SimPod, info: NodeInfo): void {
  if (pod.terminatingAtMs !== undefined) {
    removePod(info, pod);
    return;
  }
  pod.node = info.node;
  pod.boundAtMs = world.timeline.nowMs;
  info.node.pods.add(pod);
  tellPod(world, pod, 'bound');
  onBound(pod);
}

function park(scheduler: Scheduler, pod: SimPod, byExtender: boolean): void {
  const { timeline } = scheduler.world;
  const attempts = (scheduler.waiting.get(pod)?.attempts ?? 0) + 1;
  const waiting = { attempts, lastAttemptMs: timeline.nowMs, byExtender, parked: true };
  scheduler.waiting.set(pod, waiting);
  scheduleIn(timeline, MAX_PARKED_MS, () => {
    if (scheduler.waiting.get(pod) === waiting && waiting.parked) unpark(scheduler, pod, waiting);
  });
}

function wake(scheduler: Scheduler, helps: (waiting: Waiting) => boolean): void {
  for (const [pod, waiting] of scheduler.waiting) {
    if (waiting.parked && helps(waiting)) unpark(scheduler, pod, waiting);
  }
}

function unpark(scheduler: Scheduler, pod: SimPod, waiting: Waiting): void {
  waiting.parked = false;
  const backoffMs = Math.min(MAX_BACKOFF_MS, INITIAL_BACKOFF_MS * 2 ** (waiting.attempts - 1));
  schedule(scheduler.world.timeline, waiting.lastAttemptMs + backoffMs, () => activate(scheduler, pod));
}
