import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { highest } from '../../src/compare/buckets.ts';
import { areaOf, type Line, msAbove, splitAt, sumChannels } from '../../src/compare/lines.ts';

const line = (fromMs: number, toMs: number, from: number, to = from): Line => ({ fromMs, toMs, from, to });

describe('how long a value is above a limit', () => {
  it.each([
    { name: 'never', lines: [line(0, 10, 5)], ms: 0 },
    { name: 'at it is not above', lines: [line(0, 10, 7)], ms: 0 },
    { name: 'always', lines: [line(0, 10, 8)], ms: 10 },
    { name: 'rising through it', lines: [line(0, 10, 2, 12)], ms: 5 },
    { name: 'falling through it', lines: [line(0, 10, 12, 2)], ms: 5 },
    { name: 'up to it', lines: [line(0, 10, 2, 7)], ms: 0 },
    { name: 'down to it', lines: [line(0, 10, 12, 7)], ms: 10 },
    { name: 'in several parts', lines: [line(0, 10, 8), line(10, 20, 5), line(20, 23, 9)], ms: 13 },
  ])('$name: $ms ms', ({ lines, ms }) => {
    expect(msAbove(lines, 7)).toBe(ms);
  });
});

it('a split line goes through the same values', () => {
  expect(splitAt(line(0, 10, 0, 100), [-1, 0, 4, 10, 11])).toEqual([line(0, 4, 0, 40), line(4, 10, 40, 100)]);
});

describe('sums of lines', () => {
  it('have the same pieces in every channel', () => {
    const [first, second] = sumChannels([[line(0, 10, 1), line(5, 10, 0, 5)], [line(2, 6, 7)]]);
    expect(first).toEqual([line(0, 2, 1), line(2, 5, 1), line(5, 6, 1, 2), line(6, 10, 2, 6)]);
    expect(second).toEqual([line(0, 2, 0), line(2, 5, 7), line(5, 6, 7), line(6, 10, 0)]);
  });

  it('cover the same area as what was summed', () => {
    const lines = fc.array(
      fc
        .tuple(fc.nat(1000), fc.integer({ min: 1, max: 100 }), fc.nat(4000), fc.nat(4000))
        .map(([fromMs, lengthMs, from, to]) => line(fromMs, fromMs + lengthMs, from, to)),
      { maxLength: 30 },
    );
    const area = (some: readonly Line[]) => some.reduce((sum, one) => sum + areaOf(one), 0);
    fc.assert(
      fc.property(lines, lines, (left, right) => {
        const [first = [], second = []] = sumChannels([left, right]);
        expect(area(first)).toBeCloseTo(area(left), 3);
        expect(area(second)).toBeCloseTo(area(right), 3);
      }),
    );
  });
});

it('the highest value of each part of a span is known', () => {
  const buckets = { startMs: 0, widthMs: 10, count: 4 };
  expect(highest(buckets, [line(0, 10, 1, 3), line(10, 15, 2), line(12, 25, 0, 13)])).toEqual([
    3,
    8,
    13,
    undefined,
  ]);
});
