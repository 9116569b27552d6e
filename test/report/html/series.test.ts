import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { timeAxis } from '../../../src/report/html/axis.ts';
import {
  brokenLinePath,
  dotsPath,
  held,
  lastAt,
  type Point,
  stepAreaPath,
  stepPath,
  thin,
  valueAt,
} from '../../../src/report/html/series.ts';

const LENGTH_MS = 1000;
const axis = timeAxis(LENGTH_MS);
const same = (value: number) => value;

const points = fc
  .array(fc.record({ ms: fc.nat(LENGTH_MS - 1), value: fc.integer({ min: -50, max: 50 }) }), {
    maxLength: 200,
    size: 'max',
  })
  .map((all): readonly Point[] => all.sort((left, right) => left.ms - right.ms));

describe('thinning', () => {
  const COLUMNS = 5;
  const columnOf = ({ ms }: Point) => Math.floor((ms / LENGTH_MS) * COLUMNS);
  const thinned = (all: readonly Point[]) => thin(all, axis, ({ value }) => value, COLUMNS);

  it('keeps in each column the first, the lowest, the highest and the last point, and no more than these', () => {
    fc.assert(
      fc.property(points, (all) => {
        if (all.length <= COLUMNS) return;
        const kept = thinned(all);
        for (let column = 0; column < COLUMNS; column += 1) {
          const before = all.filter((point) => columnOf(point) === column);
          const after = kept.filter((point) => columnOf(point) === column);
          expect(after.length).toBeLessThanOrEqual(4);
          if (before.length === 0) continue;
          expect([after[0], after.at(-1)]).toEqual([before[0], before.at(-1)]);
          const range = (some: readonly Point[]) => {
            const values = some.map(({ value }) => value);
            return [Math.min(...values), Math.max(...values)];
          };
          expect(range(after)).toEqual(range(before));
        }
      }),
    );
  });

  it('keeps the order, and all points where there are few', () => {
    fc.assert(
      fc.property(points, (all) => {
        const kept = thinned(all);
        if (all.length <= COLUMNS) expect(kept).toBe(all);
        const positions = kept.map((point) => all.indexOf(point));
        expect(positions).toEqual([...positions].sort((left, right) => left - right));
      }),
    );
  });

  it('makes of a day of seconds at most four points a pixel', () => {
    const day = timeAxis(86_400_000);
    const all = Array.from({ length: 86_400 }, (_, second) => ({
      ms: second * 1000,
      value: Math.sin(second),
    }));
    expect(thin(all, day, ({ value }) => value).length).toBeLessThanOrEqual(4000);
  });
});

describe('paths', () => {
  it.each([
    {
      title: 'a value holds until the next',
      path: stepPath(
        [
          { ms: 0, value: 1 },
          { ms: 500, value: 2 },
        ],
        axis,
        same,
      ),
      wanted: 'M0,1L500,1L500,2',
    },
    {
      title: 'a gap is left open',
      path: brokenLinePath(
        [
          { ms: 0, value: 1 },
          { ms: 10, value: 2 },
          { ms: 500, value: 3 },
          { ms: 510, value: 4 },
        ],
        axis,
        same,
        100,
      ),
      wanted: 'M0,1L10,2M500,3L510,4',
    },
    {
      title: 'dots are strokes without length',
      path: dotsPath(
        [
          { ms: 0, value: 1 },
          { ms: 500, value: 2.26 },
        ],
        axis,
        same,
      ),
      wanted: 'M0,1h0M500,2.3h0',
    },
    { title: 'nothing is drawn of nothing', path: stepAreaPath([], axis, same), wanted: '' },
  ])('$title', ({ path, wanted }) => {
    expect(path).toBe(wanted);
  });
});

describe('values at a moment', () => {
  const line = [
    { ms: 100, value: 10 },
    { ms: 200, value: 20 },
    { ms: 200, value: 50 },
    { ms: 300, value: 50 },
  ];

  it.each([
    { ms: 99, value: undefined },
    { ms: 100, value: 10 },
    { ms: 150, value: 15 },
    { ms: 200, value: 50 },
    { ms: 400, value: 50 },
  ])('at $ms ms it is $value', ({ ms, value }) => {
    expect(valueAt(line, ms)).toBe(value);
  });

  it('finds the last point at or before', () => {
    expect(lastAt(line, 199)?.value).toBe(10);
    expect(lastAt(line, 200)?.value).toBe(50);
    expect(lastAt(line, 0)).toBeUndefined();
  });

  it('draws a value that holds to the end', () => {
    expect(held([{ ms: 1, value: 2 }], 10).at(-1)).toEqual({ ms: 10, value: 2 });
    expect(held([], 10)).toEqual([]);
  });
});
