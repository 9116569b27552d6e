import { expect, it } from 'vitest';
import { overlapRatio } from '../../src/picture/workload-samples.ts';

const END_MS = 100_000;

it.each([
  { name: 'all of it', fromMs: 0, toMs: Number.POSITIVE_INFINITY, windowMs: 10_000, ratio: 1 },
  { name: 'its end', fromMs: 95_000, toMs: Number.POSITIVE_INFINITY, windowMs: 10_000, ratio: 0.5 },
  { name: 'its beginning', fromMs: 0, toMs: 92_500, windowMs: 10_000, ratio: 0.25 },
  { name: 'nothing: over before it', fromMs: 0, toMs: 80_000, windowMs: 10_000, ratio: 0 },
  { name: 'nothing: begun after it', fromMs: 101_000, toMs: 102_000, windowMs: 10_000, ratio: 0 },
  { name: 'a window of no length, at its time', fromMs: END_MS, toMs: 101_000, windowMs: 0, ratio: 1 },
  { name: 'a window of no length, over by then', fromMs: 0, toMs: END_MS, windowMs: 0, ratio: 0 },
  { name: 'a window of no length, begun later', fromMs: 100_001, toMs: 101_000, windowMs: 0, ratio: 0 },
])('what was there in a window: $name', ({ fromMs, toMs, windowMs, ratio }) => {
  expect(overlapRatio(fromMs, toMs, { endMs: END_MS, windowMs })).toBe(ratio);
});
