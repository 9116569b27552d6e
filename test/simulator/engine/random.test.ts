import { describe, expect, it } from 'vitest';
import { below, createRandom, uniform } from '../../../src/simulator/engine/random.ts';

function draws(seed: number, purpose: string, count: number): readonly number[] {
  const random = createRandom(seed, purpose);
  return Array.from({ length: count }, () => uniform(random));
}

describe('random numbers', () => {
  it('follow from seed and purpose', () => {
    expect(draws(1, 'scheduler', 5)).toEqual(draws(1, 'scheduler', 5));
    expect(draws(1, 'scheduler', 5)).not.toEqual(draws(2, 'scheduler', 5));
    expect(draws(1, 'scheduler', 5)).not.toEqual(draws(1, 'kubelet', 5));
  });

  it('are what they always were: traces keep their results', () => {
    const random = createRandom(42, 'scheduler');
    expect(Array.from({ length: 8 }, () => below(random, 1000))).toMatchInlineSnapshot(`
      [
        848,
        107,
        972,
        848,
        930,
        584,
        242,
        814,
      ]
    `);
  });

  it.each([0, 1, 7, 4_294_967_295])('of seed %i spread evenly', (seed) => {
    const numbers = draws(seed, 'spread', 10_000);
    const buckets = Array.from({ length: 10 }, (_, index) =>
      numbers.filter((number) => Math.floor(number * 10) === index),
    );
    // 1000 each are expected; the standard deviation is 30.
    for (const { length } of buckets) expect(Math.abs(length - 1000)).toBeLessThan(150);
  });
});
