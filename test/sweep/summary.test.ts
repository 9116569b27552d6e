import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { combinationsOf, runsOf, runsOfShard } from '../../src/sweep/plan.ts';
import { tradeOffPlot } from '../../src/sweep/plot.ts';
import { summarize } from '../../src/sweep/summary.ts';
import { outcomesOf, planOf } from './results.ts';

describe('a plan', () => {
  const plan = planOf(['threshold=0.7,0.8', 'resolution=10,15,30'], [1, 2]);

  it('has every combination, the last key changing fastest', () => {
    expect(combinationsOf(plan)).toEqual([
      [0.7, 10],
      [0.7, 15],
      [0.7, 30],
      [0.8, 10],
      [0.8, 15],
      [0.8, 30],
    ]);
  });

  it('without axes has one', () => {
    expect(runsOf(planOf([], [3]))).toEqual([{ index: 0, combination: [], seed: 3 }]);
  });

  it('is divided among shards without rest', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 20 }), (count) => {
        const parts = Array.from({ length: count }, (_, index) =>
          runsOfShard(plan, { number: index + 1, count }),
        );
        const together = parts.flat().sort((left, right) => left.index - right.index);
        expect(together).toEqual(runsOf(plan));
        const sizes = parts.map((part) => part.length);
        expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
      }),
    );
  });
});

describe('the seeds of a combination', () => {
  const plan = planOf(['threshold=0.7,0.8'], [1, 2, 3]);

  it('are one line: mean, lowest, highest', () => {
    const outcomes = outcomesOf([0.8, 0], [0.9, 6], [1, 3], [0.5, 0], [0.5, 0], [0.5, 0]);
    const [first] = summarize(plan, outcomes.toReversed());
    expect(first?.measures.edgeFillRatio).toEqual({ mean: 0.9, min: 0.8, max: 1 });
    expect(first?.measures.secondsAboveThreshold).toEqual({ mean: 3, min: 0, max: 6 });
    expect(first?.measures.responseP50Ms).toEqual({ mean: 0, min: 0, max: 0 });
  });

  it('that could not be measured do not count; without any there is nothing to show', () => {
    const outcomes = outcomesOf([null, 0], [0.9, 0], [0.7, 0], [null, 1], [null, 1], [null, 1]);
    const [first, second] = summarize(plan, outcomes);
    expect(first?.measures.edgeFillRatio).toEqual({ mean: 0.8, min: 0.7, max: 0.9 });
    expect(second?.measures.edgeFillRatio).toBe(null);
    expect(second?.isOnFront).toBe(false);
  });

  it('that failed are told, and the others go on', () => {
    const [first, second] = summarize(plan, outcomesOf([0.8, 0], 'Error: a bug', [0.6, 0], [0.5, 0]));
    expect(first).toMatchObject({
      runs: 2,
      failures: [{ seed: 2, error: 'Error: a bug' }],
      measures: { edgeFillRatio: { mean: 0.7 } },
    });
    expect(second?.failures).toEqual([
      { seed: 2, error: 'was not run' },
      { seed: 3, error: 'was not run' },
    ]);
  });
});

describe('the Pareto front', () => {
  it.each([
    {
      name: 'fuller and less above is better',
      points: [
        [0.9, 0],
        [0.8, 5],
      ],
      front: [true, false],
    },
    {
      name: 'fuller for more above is a trade',
      points: [
        [0.8, 0],
        [0.9, 5],
      ],
      front: [true, true],
    },
    {
      name: 'as full, and longer above',
      points: [
        [0.9, 0],
        [0.9, 5],
      ],
      front: [true, false],
    },
    {
      name: 'equal ones are both on it',
      points: [
        [0.9, 0],
        [0.9, 0],
        [0.8, 0],
      ],
      front: [true, true, false],
    },
    {
      name: 'unknown is not on it',
      points: [
        [null, 0],
        [0.1, 5],
      ],
      front: [false, true],
    },
  ] as const)('$name', ({ points, front }) => {
    const plan = planOf([`threshold=${points.map((_, index) => `0.${index + 1}`).join(',')}`]);
    expect(summarize(plan, outcomesOf(...points)).map(({ isOnFront }) => isOnFront)).toEqual(front);
  });
});

describe('the plot', () => {
  const plan = planOf(['threshold=0.1,0.2,0.3']);

  it('has the fullest on top and the least above on the left', () => {
    const lines = tradeOffPlot(summarize(plan, outcomesOf([0.5, 0], [1, 100], [0.5, 50])));
    expect(lines[1]).toMatch(/^ {2}1\.000 │ {59}●$/);
    expect(lines[15]).toMatch(/^ {2}0\.500 │● {29}·$/);
    expect(lines.at(-1)).toMatch(/^ {9}0 +100\.0 s above the threshold$/);
  });

  it('of equal points is one point', () => {
    const lines = tradeOffPlot(summarize(plan, outcomesOf([0.5, 0], [0.5, 0], [0.5, 0])));
    expect(lines.join('').match(/●/g)).toHaveLength(1);
  });

  it('of nothing is nothing', () => {
    expect(tradeOffPlot(summarize(plan, outcomesOf([null, 0], 'bug')))).toEqual([]);
  });
});
