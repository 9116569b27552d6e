import { describe, expect, it } from 'vitest';
import {
  limitByBehavior,
  limitByRules,
  scaleDownLimit,
  scaleUpLimit,
} from '../../../src/simulator/autoscaler/limits.ts';
import type { Remembered } from '../../../src/simulator/autoscaler/memory.ts';
import { behaviorOf } from '../../../src/simulator/autoscaler/spec.ts';
import type { ScalingPolicy, ScalingRules } from '../../../src/simulator/autoscaler/types.ts';
import { NOW_MS } from './questions.ts';

describe('without behavior', () => {
  // TestConvertDesiredReplicasWithRules of horizontal_test.go in 1.36, and the edges of each limit.
  it.each([
    { current: 5, desired: 7, min: 3, max: 8, replicas: 7, reason: 'DesiredWithinRange' },
    { current: 3, desired: 1, min: 2, max: 8, replicas: 2, reason: 'TooFewReplicas' },
    { current: 1, desired: 0, min: 0, max: 10, replicas: 0, reason: 'DesiredWithinRange' },
    { current: 20, desired: 1000, min: 1, max: 10, replicas: 10, reason: 'TooManyReplicas' },
    { current: 3, desired: 1000, min: 1, max: 2000, replicas: 6, reason: 'ScaleUpLimit' },
    { current: 1, desired: 9, min: 1, max: 2000, replicas: 4, reason: 'ScaleUpLimit' },
    { current: 1, desired: 4, min: 1, max: 2000, replicas: 4, reason: 'DesiredWithinRange' },
    { current: 3, desired: 9, min: 1, max: 6, replicas: 6, reason: 'TooManyReplicas' },
    { current: 100, desired: 1, min: 1, max: 200, replicas: 1, reason: 'DesiredWithinRange' },
  ])('$current to $desired within $min to $max: $replicas, $reason', ({ replicas, reason, ...one }) => {
    const { current: currentReplicas, desired: desiredReplicas, min: minReplicas, max: maxReplicas } = one;
    const limited = limitByRules({ currentReplicas, desiredReplicas, minReplicas, maxReplicas });
    expect(limited).toMatchObject({ replicas, reason });
  });
});

type Policies = Partial<Record<'pods' | 'percent', readonly [value: number, periodSeconds: number]>>;

function policiesOf({ pods, percent }: Policies): ScalingPolicy[] {
  return [
    ...(pods ? [{ type: 'Pods', value: pods[0], periodSeconds: pods[1] } as const] : []),
    ...(percent ? [{ type: 'Percent', value: percent[0], periodSeconds: percent[1] } as const] : []),
  ];
}

/** Spread evenly over the last 120 s, each in the middle of its share, as the tests of the controller do. */
function spread(counts: readonly number[]): readonly Remembered[] {
  const shareSeconds = 120 / counts.length;
  return counts.map((count, index) => {
    const secondsAgo = Math.trunc(120 - shareSeconds * (index + 1) + shareSeconds / 2);
    return { count, atMs: NOW_MS - secondsAgo * 1000 };
  });
}

interface Case {
  readonly current: number;
  readonly desired: number;
  readonly bounds?: readonly [min: number, max: number];
  readonly up?: Policies;
  readonly down?: Policies;
  readonly upSteps?: readonly number[];
  readonly downSteps?: readonly number[];
  readonly replicas: number;
  readonly reason: string;
}

const FEW = [1, 5, 9];
const MANY = [8, 12, 9, 11];
const OK = 'DesiredWithinRange';

// TestScalingWithRules of horizontal_test.go in 1.36, in its order; `bounds` are 1 to 1000 when left out.
const cases: readonly Case[] = [
  { current: 5, desired: 7, bounds: [3, 8], replicas: 7, reason: OK },
  { current: 3, desired: 1, bounds: [2, 8], replicas: 2, reason: 'TooFewReplicas' },
  { current: 1, desired: 0, bounds: [0, 10], replicas: 0, reason: OK },
  { current: 20, desired: 1000, bounds: [1, 10], replicas: 10, reason: 'TooManyReplicas' },
  { current: 100, desired: 1000, bounds: [100, 150], replicas: 150, reason: 'TooManyReplicas' },
  { current: 3, desired: 1000, up: { percent: [1, 60] }, replicas: 4, reason: 'ScaleUpLimit' },
  { current: 1000, desired: 3, down: { pods: [20, 60] }, replicas: 980, reason: 'ScaleDownLimit' },
  { current: 10, desired: 50, replicas: 20, reason: 'ScaleUpLimit' },
  {
    current: 10,
    desired: 500,
    up: { pods: [100, 60], percent: [100, 60] },
    replicas: 110,
    reason: 'ScaleUpLimit',
  },
  {
    current: 10,
    desired: 500,
    up: { pods: [2, 60], percent: [100, 60] },
    replicas: 20,
    reason: 'ScaleUpLimit',
  },
  { current: 10, desired: 50, up: { pods: [100, 60] }, replicas: 50, reason: OK },
  { current: 10, desired: 50, up: { percent: [10_000, 60] }, replicas: 50, reason: OK },
  { current: 10, desired: 50, up: { pods: [30, 60] }, replicas: 40, reason: 'ScaleUpLimit' },
  { current: 10, desired: 50, up: { percent: [200, 60] }, replicas: 30, reason: 'ScaleUpLimit' },
  {
    current: 100,
    desired: 2,
    down: { pods: [20, 60], percent: [1, 60] },
    replicas: 80,
    reason: 'ScaleDownLimit',
  },
  {
    current: 100,
    desired: 2,
    down: { pods: [2, 60], percent: [1, 60] },
    replicas: 98,
    reason: 'ScaleDownLimit',
  },
  { current: 10, desired: 0, down: { pods: [100, 60] }, replicas: 1, reason: 'TooFewReplicas' },
  {
    current: 10,
    desired: 2,
    bounds: [5, 99],
    down: { percent: [100, 60] },
    replicas: 5,
    reason: 'TooFewReplicas',
  },
  { current: 10, desired: 2, down: { pods: [5, 60] }, replicas: 5, reason: 'ScaleDownLimit' },
  { current: 10, desired: 5, down: { percent: [50, 60] }, replicas: 5, reason: OK },
  {
    ...{ current: 100, desired: 500, bounds: [1, 200], up: { pods: [300, 60] } },
    ...{ upSteps: FEW, replicas: 200, reason: 'TooManyReplicas' },
  },
  { current: 100, desired: 500, up: { pods: [5, 120] }, upSteps: FEW, replicas: 100, reason: 'ScaleUpLimit' },
  {
    current: 100,
    desired: 500,
    up: { pods: [150, 120] },
    upSteps: FEW,
    replicas: 235,
    reason: 'ScaleUpLimit',
  },
  {
    current: 100,
    desired: 500,
    up: { percent: [200, 120] },
    upSteps: FEW,
    replicas: 255,
    reason: 'ScaleUpLimit',
  },
  {
    ...{ current: 6, desired: 24, up: { percent: [300, 300] } },
    ...{ upSteps: [4], downSteps: [2], replicas: 16, reason: 'ScaleUpLimit' },
  },
  { current: 10, desired: 5, downSteps: FEW, replicas: 5, reason: OK },
  {
    current: 100,
    desired: 0,
    down: { pods: [115, 120] },
    downSteps: FEW,
    replicas: 1,
    reason: 'TooFewReplicas',
  },
  {
    current: 100,
    desired: 2,
    down: { pods: [5, 120] },
    downSteps: FEW,
    replicas: 100,
    reason: 'ScaleDownLimit',
  },
  {
    ...{ current: 100, desired: 0, down: { percent: [50, 120] } },
    ...{ downSteps: [2, 4, 6], replicas: 56, reason: 'ScaleDownLimit' },
  },
  {
    ...{ current: 10, desired: 1, down: { percent: [50, 180] } },
    ...{ upSteps: [2], downSteps: [4], replicas: 6, reason: 'ScaleDownLimit' },
  },
  {
    ...{ current: 100, desired: 0, down: { percent: [10, 120] } },
    ...{ downSteps: [10, 10, 10], replicas: 100, reason: 'ScaleDownLimit' },
  },
  {
    ...{ current: 10, desired: 5, down: { percent: [1000, 120] } },
    ...{ downSteps: [10, 10, 10], replicas: 5, reason: OK },
  },
  { current: 100, desired: 200, up: { pods: [1000, 60] }, upSteps: MANY, replicas: 200, reason: OK },
  { current: 100, desired: 5, down: { pods: [1000, 60] }, downSteps: MANY, replicas: 5, reason: OK },
];

describe('with behavior', () => {
  it.each(cases)(
    '$current to $desired, up $up $upSteps, down $down $downSteps: $replicas, $reason',
    (one) => {
      const { current, desired, bounds = [1, 1000], up, down, upSteps = [], downSteps = [] } = one;
      const behavior = behaviorOf({
        scaleUp: up && { policies: policiesOf(up) },
        scaleDown: down && { policies: policiesOf(down) },
      });
      const question = {
        currentReplicas: current,
        desiredReplicas: desired,
        minReplicas: bounds[0],
        maxReplicas: bounds[1],
      };
      const steps = { up: spread(upSteps), down: spread(downSteps) };
      const limited = limitByBehavior(question, behavior, steps, NOW_MS);
      expect(limited).toMatchObject({ replicas: one.replicas, reason: one.reason });
    },
  );
});

describe('selectPolicy', () => {
  const steps = { up: [], down: [] };
  const policies = policiesOf({ pods: [2, 60], percent: [50, 60] });
  const rules = (selectPolicy: ScalingRules['selectPolicy']): ScalingRules => ({ selectPolicy, policies });

  // Min: TestCalculateScaleUpLimitWithScalingRules and TestCalculateScaleDownLimitWithBehaviors.
  it.each([
    { selectPolicy: 'Min', current: 1, up: 2, down: 0 },
    { selectPolicy: 'Min', current: 5, up: 7, down: 3 },
    { selectPolicy: 'Max', current: 5, up: 8, down: 2 },
    { selectPolicy: 'Disabled', current: 5, up: 5, down: 5 },
  ] as const)('$selectPolicy: $current may go to $up or $down', ({ selectPolicy, current, up, down }) => {
    expect(scaleUpLimit(current, rules(selectPolicy), steps, NOW_MS)).toBe(up);
    expect(scaleDownLimit(current, rules(selectPolicy), steps, NOW_MS)).toBe(down);
  });

  it.each([
    { secondsAgo: 59.999, limit: 9 },
    { secondsAgo: 60, limit: 12 },
  ])('a step $secondsAgo s ago in a period of 60 s', ({ secondsAgo, limit }) => {
    const up = [{ count: 3, atMs: NOW_MS - secondsAgo * 1000 }];
    const only: ScalingRules = { selectPolicy: 'Max', policies: policiesOf({ pods: [2, 60] }) };
    expect(scaleUpLimit(10, only, { up, down: [] }, NOW_MS)).toBe(limit);
  });
});
