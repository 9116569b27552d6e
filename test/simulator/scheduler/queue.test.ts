import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ClusterEvent } from '../../../src/simulator/scheduler/events.ts';
import {
  addToQueue,
  createQueue,
  flushBackoff,
  flushUnschedulable,
  nextFlushMs,
  popFromQueue,
  putBack,
  type QueuedPod,
  removeFromQueue,
  type SchedulingQueue,
  wakePods,
} from '../../../src/simulator/scheduler/queue.ts';
import { node, podInfo } from './builders.ts';

const EVENT: ClusterEvent = { type: 'nodeAdded', node: node('n') };
const REFUSED = new Set(['NodeResourcesFit']);
const ERROR = new Set<string>();

/** Every event helps. */
function queue(popsFromBackoff = true): SchedulingQueue {
  return createQueue({ popsFromBackoff, mayHelp: () => true });
}

function add(to: SchedulingQueue, name: string, nowMs: number, priority = 0): void {
  addToQueue(to, podInfo(name, { priority }), nowMs);
}

function pop(from: SchedulingQueue): QueuedPod {
  const entry = popFromQueue(from);
  if (entry === undefined) throw new Error('nothing to pop');
  return entry;
}

const names = (from: SchedulingQueue) => {
  const popped: string[] = [];
  for (let entry = popFromQueue(from); entry !== undefined; entry = popFromQueue(from))
    popped.push(entry.info.name);
  return popped;
};

describe('whose turn it is (priority_sort.go)', () => {
  it('the higher priority first, then who has waited longer', () => {
    const active = queue();
    add(active, 'late', 20);
    add(active, 'early', 10);
    add(active, 'important', 30, 5);
    expect(names(active)).toEqual(['important', 'early', 'late']);
  });

  it('holds for any pods', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.integer({ min: -3, max: 3 }), fc.integer({ min: 0, max: 9 }))),
        (pods) => {
          const active = queue();
          for (const [index, [priority, atMs]] of pods.entries()) add(active, String(index), atMs, priority);
          const sorted = pods
            .map(([priority, atMs], index) => ({ priority, atMs, index }))
            .toSorted(
              (left, right) =>
                right.priority - left.priority || left.atMs - right.atMs || left.index - right.index,
            );
          expect(names(active)).toEqual(sorted.map(({ index }) => String(index)));
        },
      ),
    );
  });

  it('a pod that was removed has no turn, nor does it come back', () => {
    const active = queue();
    add(active, 'gone', 0);
    add(active, 'parked', 0);
    removeFromQueue(active, 'gone');
    putBack(active, pop(active), REFUSED, 0);
    removeFromQueue(active, 'parked');
    wakePods(active, EVENT, 60_000);
    expect(names(active)).toEqual([]);
  });
});

describe('a pod that no node took', () => {
  it('waits for an event that may help', () => {
    const waiting = createQueue({
      popsFromBackoff: true,
      mayHelp: (_pod, rejectors) => rejectors.has('NodeAffinity'),
    });
    add(waiting, 'a', 0);
    add(waiting, 'b', 0);
    putBack(waiting, pop(waiting), REFUSED, 0);
    putBack(waiting, pop(waiting), new Set(['NodeAffinity', 'NodeResourcesFit']), 0);
    expect(names(waiting)).toEqual([]);
    wakePods(waiting, EVENT, 0);
    expect(names(waiting)).toEqual(['b']);
  });

  it('is tried again after more than five minutes without one (flushUnschedulablePodsLeftover)', () => {
    const waiting = queue();
    add(waiting, 'a', 0);
    putBack(waiting, pop(waiting), REFUSED, 1000);
    flushUnschedulable(waiting, 301_000);
    expect(names(waiting)).toEqual([]);
    flushUnschedulable(waiting, 301_001);
    expect(names(waiting)).toEqual(['a']);
  });
});

/** Fails so many times, the last time at 10.4 s, is woken at once, and has its turn at the first look after … */
function turnAfterFailures(
  count: number,
  rejectors: ReadonlySet<string>,
  popsFromBackoff: boolean,
): number | undefined {
  const backoff = queue(popsFromBackoff);
  add(backoff, 'a', 0);
  const entry = pop(backoff);
  for (let failed = 1; failed < count; failed += 1) {
    putBack(backoff, entry, rejectors, 0);
    removeFromQueue(backoff, 'a');
    backoff.entries.set('a', entry);
  }
  putBack(backoff, entry, rejectors, 10_400);
  wakePods(backoff, EVENT, 10_400);
  for (let atMs = 10_400; atMs <= 60_000; ) {
    const looked = atMs;
    const next = nextFlushMs(backoff, looked);
    flushBackoff(backoff, looked);
    // Only what is in the active queue: the back-off is over.
    if (backoff.active.items.some(({ entry: turn, stamp }) => turn.stamp === stamp)) return atMs;
    if (next === undefined) return undefined;
    atMs = next;
  }
  return undefined;
}

describe('the back-off (backoff_queue.go)', () => {
  it.each([
    { count: 1, untilMs: 12_000 },
    { count: 2, untilMs: 13_000 },
    { count: 3, untilMs: 15_000 },
    { count: 4, untilMs: 19_000 },
    { count: 5, untilMs: 21_000 },
    { count: 9, untilMs: 21_000 },
  ])(
    'after $count attempts ends in whole seconds, with the second in which 1 s, 2 s, 4 s … 10 s end',
    ({ count, untilMs }) => {
      expect(turnAfterFailures(count, REFUSED, true)).toBe(untilMs);
      expect(turnAfterFailures(count, ERROR, true)).toBe(untilMs);
    },
  );

  it('before 1.33 ended with its time, at the next whole second', () => {
    expect(turnAfterFailures(1, REFUSED, false)).toBe(12_000);
    expect(turnAfterFailures(2, REFUSED, false)).toBe(13_000);
  });

  it('is cut short when there is nothing else to do, since 1.33 (SchedulerPopFromBackoffQ)', () => {
    for (const popsFromBackoff of [true, false]) {
      const idle = queue(popsFromBackoff);
      add(idle, 'a', 0);
      putBack(idle, pop(idle), REFUSED, 0);
      wakePods(idle, EVENT, 1);
      expect(names(idle)).toEqual(popsFromBackoff ? ['a'] : []);
    }
  });

  it('is not cut short after an error, and ends without any event', () => {
    const failing = queue();
    add(failing, 'a', 0);
    putBack(failing, pop(failing), ERROR, 0);
    expect(names(failing)).toEqual([]);
    expect(nextFlushMs(failing, 0)).toBe(1000);
    flushBackoff(failing, 1000);
    expect(names(failing)).toEqual([]);
    flushBackoff(failing, 2000);
    expect(names(failing)).toEqual(['a']);
  });

  it('counts errors in a row by themselves', () => {
    const failing = queue();
    add(failing, 'a', 0);
    const entry = pop(failing);
    for (const rejectors of [REFUSED, REFUSED, ERROR, ERROR]) putBack(failing, entry, rejectors, 0);
    expect([entry.refusals, entry.errors]).toEqual([2, 2]);
    putBack(failing, entry, REFUSED, 0);
    expect([entry.refusals, entry.errors]).toEqual([3, 0]);
  });

  it('those whose back-off ends first have their turn first, then the more important', () => {
    const backoff = queue();
    add(backoff, 'late', 0, 9);
    add(backoff, 'low', 0);
    add(backoff, 'high', 0, 1);
    for (const atMs of [5000, 10, 0]) putBack(backoff, pop(backoff), REFUSED, atMs);
    wakePods(backoff, EVENT, 5000);
    // "late" failed last; the other two have waited out their back-off of a second and are active.
    expect(names(backoff)).toEqual(['high', 'low', 'late']);
  });
});
