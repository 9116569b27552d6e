import { describe, expect, it } from 'vitest';
import { type Curve, curveArea, curveAt, nextBend, repeated } from '../../../src/simulator/model/curve.ts';

const points = [
  { atMs: 0, value: 100 },
  { atMs: 10, value: 200 },
  { atMs: 10, value: 50 },
  { atMs: 20, value: 0 },
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

describe('the area under a curve', () => {
  it.each([
    { curve: line, from: -10, to: 0, area: 1000, what: 'before its first point' },
    { curve: line, from: 0, to: 10, area: 1500, what: 'of a slope' },
    { curve: line, from: 5, to: 15, area: 875 + 187.5, what: 'across a jump' },
    { curve: line, from: 15, to: 99, area: 62.5, what: 'to after its last point' },
    { curve: step, from: 0, to: 20, area: 1000 + 500, what: 'of steps' },
    { curve: step, from: 7, to: 7, area: 0, what: 'of no time' },
  ])('$curve.between, $what', ({ curve, from, to, area }) => {
    expect(curveArea(curve, from, to)).toBeCloseTo(area, 9);
  });
});

describe('the next bend of a curve', () => {
  it.each([
    { atMs: -1, bendMs: 0 },
    { atMs: 0, bendMs: 10 },
    { atMs: 10, bendMs: 20 },
    { atMs: 20, bendMs: Number.POSITIVE_INFINITY },
  ])('after $atMs: $bendMs', ({ atMs, bendMs }) => {
    expect(nextBend(line, atMs)).toBe(bendMs);
  });
});

describe('a repeated curve', () => {
  const day: Curve = {
    between: 'line',
    points: [
      { atMs: 10, value: 0 },
      { atMs: 70, value: 60 },
    ],
  };
  const days = repeated(day, 100, 250);

  it.each([
    { atMs: 0, value: 15, what: 'the end of the day before leads into the first' },
    { atMs: 40, value: 30, what: 'the first day' },
    { atMs: 90, value: 30, what: 'the first night' },
    { atMs: 140, value: 30, what: 'the second day' },
    { atMs: 240, value: 30, what: 'the third day' },
  ])('$what', ({ atMs, value }) => {
    expect(curveAt(days, atMs, 'after')).toBeCloseTo(value, 9);
  });

  it('has the same area in each of its periods', () => {
    expect(curveArea(days, 100, 200)).toBeCloseTo(curveArea(days, 0, 100), 9);
  });
});
