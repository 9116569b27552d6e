import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createBackOff } from '../../src/kubernetes/back-off.ts';

const SETTINGS = { baseMs: 500, maxMs: 30_000 };

describe('createBackOff', () => {
  it.each([
    [0.9999999, [500, 1000, 2000, 4000, 8000, 16_000, 30_000, 30_000]],
    [0, [100, 100, 100, 100, 100, 100, 100, 100]],
  ])('with draws of %f waits %j', (draw, expected) => {
    const backOff = createBackOff(SETTINGS, () => draw);
    expect(expected.map(() => Math.round(backOff.nextDelayMs()))).toEqual(expected);
  });

  it('never waits less than a fifth of the base nor more than the maximum, whatever the server asks', () => {
    const draws = fc.array(
      fc.tuple(fc.double({ min: 0, max: 0.999, noNaN: true }), fc.option(fc.nat(90_000))),
    );
    fc.assert(
      fc.property(draws, (tries) => {
        let draw = 0;
        const backOff = createBackOff(SETTINGS, () => draw);
        for (const [next, retryAfterMs] of tries) {
          draw = next;
          const delayMs = backOff.nextDelayMs(retryAfterMs ?? undefined);
          expect(delayMs).toBeGreaterThanOrEqual(Math.max(100, Math.min(retryAfterMs ?? 0, 30_000)));
          expect(delayMs).toBeLessThanOrEqual(30_000);
        }
      }),
    );
  });

  it('starts at the base again after a reset', () => {
    const backOff = createBackOff(SETTINGS, () => 0.9999999);
    for (let count = 0; count < 5; count += 1) backOff.nextDelayMs();
    backOff.reset();
    expect(Math.round(backOff.nextDelayMs())).toBe(500);
  });
});
