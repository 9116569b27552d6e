import type { Run } from '../../../../src/simulator/simulate.ts';

/**
 * A property of a run, as `simulate`'s `inspect` takes it: what is returned is called after each thing that
 * happened and throws when the property does not hold. Plain code, not vitest's matchers: it is called tens of
 * thousands of times a second.
 */
export type Property = (run: Run) => () => void;

/** @param found what was found, and what should be; text, or a function where making the text costs time */
export function demand(holds: boolean, found: string | (() => string)): asserts holds {
  if (!holds) throw new Error(typeof found === 'string' ? found : found());
}

/** Whether a is at most b, but for what summing fractions leaves. */
export function isAtMost(a: number, b: number): boolean {
  return a <= b + 1e-6 * Math.max(1, Math.abs(a), Math.abs(b));
}
