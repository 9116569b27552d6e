import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  createTimeline,
  EPOCH_MS,
  runUntil,
  schedule,
  scheduleIn,
} from '../../../src/simulator/engine/timeline.ts';

describe('the timeline', () => {
  it('lets things happen in the order of their times, and of their scheduling when these are equal', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 20 }), { maxLength: 200 }), (times) => {
        const timeline = createTimeline(0);
        const happened: { atMs: number; index: number }[] = [];
        times.forEach((atMs, index) => {
          schedule(timeline, atMs, () => happened.push({ atMs: timeline.nowMs, index }));
        });
        runUntil(timeline, 100);
        const expected = times
          .map((atMs, index) => ({ atMs, index }))
          .sort((left, right) => left.atMs - right.atMs || left.index - right.index);
        expect(happened).toEqual(expected);
      }),
    );
  });

  it('never goes back: what is scheduled for the past happens now, after what is due already', () => {
    const timeline = createTimeline(EPOCH_MS);
    const order: string[] = [];
    schedule(timeline, EPOCH_MS + 10, () => {
      order.push('first');
      schedule(timeline, EPOCH_MS, () => order.push(`late at ${timeline.nowMs - EPOCH_MS}`));
    });
    schedule(timeline, EPOCH_MS + 10, () => order.push('second'));
    runUntil(timeline, EPOCH_MS + 20);
    expect(order).toEqual(['first', 'second', 'late at 10']);
  });

  it('stops at the end, which is included', () => {
    const timeline = createTimeline(0);
    const happened: number[] = [];
    for (const delayMs of [5, 10, 11]) scheduleIn(timeline, delayMs, () => happened.push(delayMs));
    runUntil(timeline, 10);
    expect(happened).toEqual([5, 10]);
    expect(timeline.nowMs).toBe(10);
  });
});
