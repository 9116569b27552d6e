import { describe, expect, it } from 'vitest';
import { createRandom } from '../../../src/simulator/engine/random.ts';
import { nextArrival } from '../../../src/simulator/load/arrivals.ts';
import { type Curve, curveArea } from '../../../src/simulator/model/curve.ts';

const point = (atMs: number, value: number) => ({ atMs, value });
const steady: Curve = { between: 'line', points: [point(0, 5)] };
const ramp: Curve = { between: 'line', points: [point(0, 0), point(10_000, 20), point(20_000, 0)] };
const pause: Curve = {
  between: 'step',
  points: [point(0, 2), point(1000, 0), point(5000, 4), point(6000, 0)],
};

function arrivalsOf(curve: Curve, untilMs: number, random?: ReturnType<typeof createRandom>): number[] {
  const times: number[] = [];
  for (let atMs = nextArrival(curve, 0, random); atMs !== undefined && atMs <= untilMs; ) {
    times.push(atMs);
    atMs = nextArrival(curve, atMs, random);
  }
  return times;
}

describe('requests that come evenly', () => {
  it.each([
    { what: 'at a steady rate', curve: steady, times: [200, 400, 600, 800, 1000] },
    { what: 'with a pause, and then no more', curve: pause, times: [500, 1000, 5250, 5500, 5750, 6000] },
  ])('$what', ({ curve, times }) => {
    expect(arrivalsOf(curve, times.at(-1) ?? 0)).toEqual(times.map((atMs) => expect.closeTo(atMs, 6)));
  });

  it('end with a rate of 0', () => {
    expect(nextArrival(pause, 6000, undefined)).toBeUndefined();
    expect(nextArrival({ ...pause, points: [point(0, 0)] }, 0, undefined)).toBeUndefined();
  });

  it('along a slope come whenever the area has grown by one', () => {
    for (const [index, atMs] of arrivalsOf(ramp, 19_000).entries()) {
      expect(curveArea(ramp, 0, atMs) / 1000).toBeCloseTo(index + 1, 6);
    }
  });
});

describe('requests that come by chance', () => {
  const times = arrivalsOf({ between: 'line', points: [point(0, 50)] }, 1_000_000, createRandom(1, 'test'));

  it('come as often as the rate says', () => {
    // 50 000 ± 4 standard deviations of a Poisson count.
    expect(Math.abs(times.length - 50_000)).toBeLessThan(4 * Math.sqrt(50_000));
  });

  it('have gaps that are exponential: their mean and deviation are the same', () => {
    const gaps = times.slice(1).map((atMs, index) => atMs - (times[index] ?? 0));
    const mean = gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length;
    const deviation = Math.sqrt(gaps.reduce((sum, gap) => sum + (gap - mean) ** 2, 0) / gaps.length);
    expect(deviation / mean).toBeCloseTo(1, 1);
  });

  it('follow a rate that changes', () => {
    const many = { ...ramp, points: ramp.points.map(({ atMs, value }) => point(atMs, value * 500)) };
    const come = arrivalsOf(many, 20_000, createRandom(1, 'test'));
    // A quarter of the area lies before 5 s × √2.
    const early = come.filter((atMs) => atMs < 5000 * Math.SQRT2).length;
    expect(early / come.length).toBeCloseTo(0.25, 2);
  });

  it('are others with another seed, the same with the same', () => {
    const first = (seed: number) => nextArrival(steady, 0, createRandom(seed, 'load'));
    expect(first(1)).toBe(first(1));
    expect(first(1)).not.toBe(first(2));
  });
});
