import { describe, expect, it } from 'vitest';
import { type Curve, curveAt } from '../../../src/simulator/model/curve.ts';

const points = [
  { atMs: 0, milli: 100 },
  { atMs: 10, milli: 200 },
  { atMs: 10, milli: 50 },
  { atMs: 20, milli: 0 },
];
const line: Curve = { between: 'line', points };
const step: Curve = { between: 'step', points };

describe('a curve', () => {
  it.each([
    { curve: line, atMs: -5, before: 100, after: 100, what: 'before its first point' },
    { curve: line, atMs: 5, before: 150, after: 150, what: 'between two points' },
    { curve: line, atMs: 10, before: 200, after: 50, what: 'where it jumps' },
    { curve: line, atMs: 15, before: 25, after: 25, what: 'between two others' },
    { curve: line, atMs: 99, before: 0, after: 0, what: 'after its last point' },
    { curve: step, atMs: 5, before: 100, after: 100, what: 'within a step' },
    { curve: step, atMs: 10, before: 100, after: 50, what: 'at a step' },
    { curve: step, atMs: 20, before: 50, after: 0, what: 'at its last point' },
  ])('$curve.between, $what: $before, then $after', ({ curve, atMs, before, after }) => {
    expect(curveAt(curve, atMs, 'before')).toBe(before);
    expect(curveAt(curve, atMs, 'after')).toBe(after);
  });
});
