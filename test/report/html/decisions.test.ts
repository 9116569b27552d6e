import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { spread } from '../../../src/report/html/figures/decisions.ts';
import { apart } from '../../../src/report/html/plot.ts';

describe('dots that would cover each other', () => {
  it('stand below one another', () => {
    expect(spread([100, 100, 105, 500])).toEqual([
      { x: 100, row: 0 },
      { x: 100, row: 1 },
      { x: 105, row: 2 },
      { x: 500, row: 0 },
    ]);
  });

  it('never cover each other, and never go back in time', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(1000), { maxLength: 200 }), (unsorted) => {
        const xs = [...unsorted].sort((left, right) => left - right);
        const spots = spread(xs);
        spots.forEach((spot, index) => {
          expect(spot.x).toBeGreaterThanOrEqual(xs[index] ?? 0);
          for (const other of spots.slice(0, index)) {
            if (other.row === spot.row) expect(Math.abs(other.x - spot.x)).toBeGreaterThanOrEqual(14);
          }
        });
      }),
    );
  });
});

describe('labels at the ends of lines', () => {
  it('are moved apart by the height of a line', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(200), { maxLength: 6 }), (ys) => {
        const placed = apart(
          ys.map((yPx) => ({ text: '', yPx, tone: '' })),
          200,
        );
        const sorted = placed.map(({ yPx }) => yPx).sort((left, right) => left - right);
        sorted.slice(1).forEach((yPx, index) => {
          expect(yPx - (sorted[index] ?? 0)).toBeGreaterThanOrEqual(15);
        });
      }),
    );
  });

  it('stay where they are when there is room', () => {
    const labels = [10, 80].map((yPx) => ({ text: '', yPx, tone: '' }));
    expect(apart(labels, 100).map(({ yPx }) => yPx)).toEqual([80, 10]);
  });
});
