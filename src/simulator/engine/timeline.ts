/**
 * Virtual time: a queue of what is to happen, and the moment that has been reached. What is due at the same
 * time happens in the order in which it was scheduled, so a run is the same every time.
 */
export interface Timeline {
  readonly queue: Scheduled[];
  nowMs: number;
  sequence: number;
}

interface Scheduled {
  readonly atMs: number;
  readonly sequence: number;
  readonly run: () => void;
}

/**
 * When traces begin on the virtual clock: a round number of milliseconds (in September 2001), so that times
 * in a result can be read, and above 0, so that no time looks like "never".
 */
export const EPOCH_MS = 1_000_000_000_000;

export function createTimeline(startMs: number): Timeline {
  return { queue: [], nowMs: startMs, sequence: 0 };
}

/** A time that has passed means now: nothing happens in the past. */
export function schedule(timeline: Timeline, atMs: number, run: () => void): void {
  const entry: Scheduled = { atMs: Math.max(atMs, timeline.nowMs), sequence: timeline.sequence, run };
  timeline.sequence += 1;
  push(timeline.queue, entry);
}

export function scheduleIn(timeline: Timeline, delayMs: number, run: () => void): void {
  schedule(timeline, timeline.nowMs + delayMs, run);
}

/**
 * Lets everything happen that is due up to and at `endMs`; the clock then stands there.
 *
 * @param reached told every thousand steps how far it is
 */
export function runUntil(timeline: Timeline, endMs: number, reached?: (nowMs: number) => void): void {
  let steps = 0;
  for (let next = timeline.queue[0]; next !== undefined && next.atMs <= endMs; next = timeline.queue[0]) {
    pop(timeline.queue);
    timeline.nowMs = next.atMs;
    next.run();
    steps += 1;
    if (steps % STEPS_BETWEEN === 0) reached?.(next.atMs);
  }
  timeline.nowMs = endMs;
}

const STEPS_BETWEEN = 1000;

function isBefore(left: Scheduled, right: Scheduled): boolean {
  return left.atMs < right.atMs || (left.atMs === right.atMs && left.sequence < right.sequence);
}

/** A binary heap: the entry at n comes before those at 2n + 1 and 2n + 2. */
function push(heap: Scheduled[], entry: Scheduled): void {
  let index = heap.length;
  while (index > 0) {
    const parentIndex = (index - 1) >> 1;
    const parent = heap[parentIndex];
    if (parent === undefined || isBefore(parent, entry)) break;
    heap[index] = parent;
    index = parentIndex;
  }
  heap[index] = entry;
}

function pop(heap: Scheduled[]): void {
  const last = heap.pop();
  if (last === undefined || heap.length === 0) return;
  let index = 0;
  for (;;) {
    const left = heap[2 * index + 1];
    const right = heap[2 * index + 2];
    const rightFirst = left !== undefined && right !== undefined && isBefore(right, left);
    const child = rightFirst ? right : left;
    if (child === undefined || isBefore(last, child)) break;
    heap[index] = child;
    index = 2 * index + (rightFirst ? 2 : 1);
  }
  heap[index] = last;
}
