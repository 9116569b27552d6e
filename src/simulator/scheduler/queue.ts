import { type IsBefore, popFrom, pushTo } from '../engine/heap.ts';
import type { ClusterEvent } from './events.ts';
import type { PodInfo } from './pod-info.ts';

/**
 * The scheduling queue (pkg/scheduler/backend/queue): pods whose turn comes next (active), pods that wait out
 * their back-off, and pods that no node took, which wait for an event that may help them.
 */
export interface SchedulingQueue {
  readonly settings: QueueSettings;
  readonly entries: Map<string, QueuedPod>;
  /** Heaps keep entries that have moved on: `place` and `stamp` say whether one still stands there. */
  readonly active: Turns;
  readonly backoff: Turns;
  readonly errorBackoff: Turns;
  readonly unschedulable: Set<QueuedPod>;
  stamps: number;
}

interface Turns {
  readonly items: Turn[];
  readonly isBefore: IsBefore<Turn>;
}

export interface QueueSettings {
  /**
   * SchedulerPopFromBackoffQ, on since 1.33: a scheduler that has nothing else to do takes a pod that still
   * backs off, unless an error put it there; back-offs then end with whole seconds.
   */
  readonly popsFromBackoff: boolean;
  /** May the event help a pod that these have refused? */
  readonly mayHelp: (pod: PodInfo, rejectors: ReadonlySet<string>, event: ClusterEvent) => boolean;
}

export interface QueuedPod {
  readonly info: PodInfo;
  place: 'active' | 'backoff' | 'errorBackoff' | 'unschedulable' | 'inFlight';
  /** When it came, or came back. */
  sinceMs: number;
  stamp: number;
  /** Attempts that found no node, and errors in a row since. */
  refusals: number;
  errors: number;
  rejectors: ReadonlySet<string>;
}

interface Turn {
  readonly entry: QueuedPod;
  readonly stamp: number;
  readonly sinceMs: number;
  readonly backoffEndsMs: number;
}

// podInitialBackoffSeconds, podMaxBackoffSeconds and podMaxInUnschedulablePodsDuration, by default.
const INITIAL_BACKOFF_MS = 1000;
const MAX_BACKOFF_MS = 10_000;
export const MAX_UNSCHEDULABLE_MS = 300_000;
/** backoffQOrderingWindowDuration: how often finished back-offs are looked for, too. */
const WINDOW_MS = 1000;

export function createQueue(settings: QueueSettings): SchedulingQueue {
  return {
    settings,
    entries: new Map(),
    active: { items: [], isBefore: sortsBefore },
    backoff: { items: [], isBefore: endsBefore },
    errorBackoff: { items: [], isBefore: endsBefore },
    unschedulable: new Set(),
    stamps: 0,
  };
}

/** Add: a new pod has no back-off. */
export function addToQueue(queue: SchedulingQueue, info: PodInfo, nowMs: number): void {
  const entry: QueuedPod = {
    info,
    place: 'active',
    sinceMs: nowMs,
    stamp: 0,
    refusals: 0,
    errors: 0,
    rejectors: new Set(),
  };
  queue.entries.set(info.uid, entry);
  put(queue, entry, 'active');
}

export function removeFromQueue(queue: SchedulingQueue, uid: string): void {
  const entry = queue.entries.get(uid);
  if (entry === undefined) return;
  queue.entries.delete(uid);
  queue.unschedulable.delete(entry);
  entry.stamp = 0;
}

/** Pop. Undefined: there is none whose turn it is. */
export function popFromQueue(queue: SchedulingQueue): QueuedPod | undefined {
  const entry = next(queue.active) ?? (queue.settings.popsFromBackoff ? next(queue.backoff) : undefined);
  if (entry !== undefined) entry.place = 'inFlight';
  return entry;
}

/**
 * AddUnschedulableIfNotPresent: an attempt failed.
 *
 * @param rejectors who refused nodes; none: an error, after which it is tried again when its back-off ends
 */
export function putBack(
  queue: SchedulingQueue,
  entry: QueuedPod,
  rejectors: ReadonlySet<string>,
  nowMs: number,
): void {
  entry.sinceMs = nowMs;
  entry.rejectors = rejectors;
  if (rejectors.size === 0) {
    entry.errors += 1;
    requeue(queue, entry, nowMs);
    return;
  }
  entry.refusals += 1;
  entry.errors = 0;
  entry.place = 'unschedulable';
  queue.unschedulable.add(entry);
}

/** MoveAllToActiveOrBackoffQueue. */
export function wakePods(queue: SchedulingQueue, event: ClusterEvent, nowMs: number): void {
  for (const entry of queue.unschedulable) wakePod(queue, entry, event, nowMs);
}

/** isPodWorthRequeuing, for one pod. */
export function wakePod(queue: SchedulingQueue, entry: QueuedPod, event: ClusterEvent, nowMs: number): void {
  if (entry.place !== 'unschedulable') return;
  if (queue.settings.mayHelp(entry.info, entry.rejectors, event)) requeue(queue, entry, nowMs);
}

/** flushUnschedulablePodsLeftover: without any event. */
export function flushUnschedulable(queue: SchedulingQueue, nowMs: number): void {
  for (const entry of queue.unschedulable) {
    if (nowMs - entry.sinceMs > MAX_UNSCHEDULABLE_MS) requeue(queue, entry, nowMs);
  }
}

/** flushBackoffQCompleted, which runs once in each window. */
export function flushBackoff(queue: SchedulingQueue, nowMs: number): void {
  for (const heap of [queue.backoff, queue.errorBackoff]) {
    for (let turn = peek(heap); turn !== undefined; turn = peek(heap)) {
      if (isBackingOff(queue, turn.entry, nowMs)) break;
      put(queue, turn.entry, 'active');
    }
  }
}

/** When flushBackoff is due next. Undefined: no pod backs off. */
export function nextFlushMs(queue: SchedulingQueue, nowMs: number): number | undefined {
  const isIdle = peek(queue.backoff) === undefined && peek(queue.errorBackoff) === undefined;
  return isIdle ? undefined : (Math.floor(nowMs / WINDOW_MS) + 1) * WINDOW_MS;
}

export function hasTurn(queue: SchedulingQueue): boolean {
  return (
    peek(queue.active) !== undefined || (queue.settings.popsFromBackoff && peek(queue.backoff) !== undefined)
  );
}

/** requeuePodWithQueueingStrategy, queueAfterBackoff. */
function requeue(queue: SchedulingQueue, entry: QueuedPod, nowMs: number): void {
  queue.unschedulable.delete(entry);
  if (!isBackingOff(queue, entry, nowMs)) put(queue, entry, 'active');
  else put(queue, entry, entry.rejectors.size === 0 ? 'errorBackoff' : 'backoff');
}

function put(queue: SchedulingQueue, entry: QueuedPod, place: 'active' | 'backoff' | 'errorBackoff'): void {
  queue.stamps += 1;
  entry.stamp = queue.stamps;
  entry.place = place;
  const { stamp, sinceMs } = entry;
  const { items, isBefore } = queue[place];
  pushTo(items, { entry, stamp, sinceMs, backoffEndsMs: backoffEndsMs(queue, entry) }, isBefore);
}

/** isPodBackingoff: the second in which it ends still belongs to it. */
function isBackingOff(queue: SchedulingQueue, entry: QueuedPod, nowMs: number): boolean {
  return backoffEndsMs(queue, entry) >= align(queue, nowMs);
}

/** getBackoffTime: 1 s, doubled with each attempt up to 10 s. */
function backoffEndsMs(queue: SchedulingQueue, { refusals, errors, sinceMs }: QueuedPod): number {
  const count = errors > 0 ? errors : refusals;
  if (count === 0) return Number.NEGATIVE_INFINITY;
  return align(queue, sinceMs + Math.min(MAX_BACKOFF_MS, INITIAL_BACKOFF_MS * 2 ** (count - 1)));
}

function align({ settings }: SchedulingQueue, atMs: number): number {
  return settings.popsFromBackoff ? Math.floor(atMs / WINDOW_MS) * WINDOW_MS : atMs;
}

/** PrioritySort (plugins/queuesort/priority_sort.go): by priority, then who waits longer. */
function sortsBefore(left: Turn, right: Turn): boolean {
  const [first, second] = [left.entry.info.priority, right.entry.info.priority];
  if (first !== second) return first > second;
  return left.sinceMs < right.sinceMs || (left.sinceMs === right.sinceMs && left.stamp < right.stamp);
}

/** lessBackoffCompletedWithPriority. */
function endsBefore(left: Turn, right: Turn): boolean {
  return left.backoffEndsMs === right.backoffEndsMs
    ? sortsBefore(left, right)
    : left.backoffEndsMs < right.backoffEndsMs;
}

function next(turns: Turns): QueuedPod | undefined {
  const turn = peek(turns);
  if (turn !== undefined) popFrom(turns.items, turns.isBefore);
  return turn?.entry;
}

/** The first that still stands there. */
function peek({ items, isBefore }: Turns): Turn | undefined {
  for (let [turn] = items; turn !== undefined; [turn] = items) {
    if (turn.entry.stamp === turn.stamp && turn.entry.place !== 'inFlight') return turn;
    popFrom(items, isBefore);
  }
  return undefined;
}
