import { type Random, uniform } from '../engine/random.ts';
import { type Curve, curveAt, nextBend } from '../model/curve.ts';

/**
 * When the next request comes: when the area under the curve of their rate has grown by 1, or for requests that
 * come by chance by a draw whose mean is 1 (a Poisson process whose rate changes, by the inverse of its
 * cumulative rate).
 *
 * @param perSecond requests a second
 * @returns undefined: none comes any more
 */
export function nextArrival(
  perSecond: Curve,
  fromMs: number,
  random: Random | undefined,
): number | undefined {
  const wanted = (random === undefined ? 1 : exponential(random)) * 1000;
  return whenGrownBy(perSecond, fromMs, wanted);
}

/** With a mean of 1. V8 computes logarithms by itself, alike on every machine. */
export function exponential(random: Random): number {
  return -Math.log(1 - uniform(random));
}

function whenGrownBy(curve: Curve, fromMs: number, area: number): number | undefined {
  let atMs = fromMs;
  let missing = area;
  for (;;) {
    const endMs = nextBend(curve, atMs);
    const start = curveAt(curve, atMs, 'after');
    if (endMs === Number.POSITIVE_INFINITY) return start > 0 ? atMs + missing / start : undefined;
    const end = curveAt(curve, endMs, 'before');
    const grown = ((start + end) / 2) * (endMs - atMs);
    if (grown >= missing && grown > 0) {
      const slope = (end - start) / (endMs - atMs);
      // The root of start × t + slope × t² / 2 = missing that does not divide by a slope of 0.
      return atMs + (2 * missing) / (start + Math.sqrt(Math.max(0, start * start + 2 * slope * missing)));
    }
    missing -= grown;
    atMs = endMs;
  }
}
