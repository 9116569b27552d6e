import { describe, expect, it } from 'vitest';
import { rememberStep } from '../../../src/simulator/autoscaler/normalize.ts';
import { behaviorOf } from '../../../src/simulator/autoscaler/spec.ts';
import { NEW_AUTOSCALER } from '../../../src/simulator/autoscaler/state.ts';
import type { ScalingPolicy } from '../../../src/simulator/autoscaler/types.ts';
import { NOW_MS } from './questions.ts';

interface Case {
  readonly name: string;
  readonly before: readonly (readonly [count: number, secondsAgo: number])[];
  /** Of the Pods and of the Percent policy; undefined: no behavior. */
  readonly periods: readonly [podsSeconds: number, percentSeconds: number] | undefined;
  readonly after: readonly number[];
}

// TestStoreScaleEvents of horizontal_test.go in 1.36: a step of 5.
const cases: readonly Case[] = [
  { name: 'nothing without behavior', before: [], periods: undefined, after: [] },
  { name: 'the first one', before: [], periods: [60, 60], after: [5] },
  { name: 'an old one stays without behavior', before: [[7, 61]], periods: undefined, after: [7] },
  { name: 'an old one is replaced', before: [[7, 61]], periods: [60, 60], after: [5] },
  { name: 'exactly as old as the period is not old', before: [[7, 60]], periods: [60, 60], after: [7, 5] },
  { name: 'a young one stays', before: [[7, 58]], periods: [60, 60], after: [7, 5] },
  {
    name: 'one of two',
    before: [
      [7, 61],
      [6, 59],
    ],
    periods: [60, 60],
    after: [5, 6],
  },
  {
    name: 'the last of two old ones, by the longer period',
    before: [
      [8, 29],
      [6, 59],
      [7, 61],
      [9, 61],
    ],
    periods: [60, 30],
    after: [8, 6, 7, 5],
  },
  {
    name: 'none of two young ones',
    before: [
      [7, 58],
      [6, 59],
    ],
    periods: [120, 30],
    after: [7, 6, 5],
  },
];

describe('steps are remembered for the policies', () => {
  it.each(cases)('$name', ({ before, periods, after }) => {
    const policies = periods?.map(
      (periodSeconds, index): ScalingPolicy => ({
        type: index === 0 ? 'Pods' : 'Percent',
        value: 10,
        periodSeconds,
      }),
    );
    const memory = before.map(([count, secondsAgo]) => ({ count, atMs: NOW_MS - secondsAgo * 1000 }));
    for (const direction of ['up', 'down'] as const) {
      const steps = { up: [], down: [], [direction]: memory };
      const written = direction === 'up' ? { scaleUp: { policies } } : { scaleDown: { policies } };
      const behavior = policies && behaviorOf(written);
      const to = direction === 'up' ? 15 : 5;
      const step = { from: 10, to, atMs: NOW_MS };
      const state = rememberStep({ ...NEW_AUTOSCALER, steps }, behavior, step);
      expect(state.steps[direction].map(({ count }) => count)).toEqual(after);
    }
  });
});
