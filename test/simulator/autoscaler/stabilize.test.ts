import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Remembered, remember } from '../../../src/simulator/autoscaler/memory.ts';
import { behaviorOf } from '../../../src/simulator/autoscaler/spec.ts';
import { stabilize, stabilizeWithBehavior } from '../../../src/simulator/autoscaler/stabilize.ts';
import { NOW_MS } from './questions.ts';

const WINDOW_MS = 300_000;

type Recommendations = readonly (readonly [count: number, minutesAgo: number])[];

function memoryOf(recommendations: Recommendations): readonly Remembered[] {
  return recommendations.map(([count, minutesAgo]) => ({ count, atMs: NOW_MS - minutesAgo * 60_000 }));
}

const counts = (memory: readonly Remembered[]) => memory.map(({ count }) => count);

describe('without behavior', () => {
  // TestNormalizeDesiredReplicas of horizontal_test.go in 1.36, and the edge of the window.
  it.each([
    { name: 'nothing before', before: [], desired: 5, replicas: 5, memory: [5] },
    {
      name: 'stabilized',
      before: [
        [4, 2],
        [5, 1],
      ],
      desired: 3,
      replicas: 5,
      memory: [4, 5, 3],
    },
    {
      name: 'upwards',
      before: [
        [1, 2],
        [2, 1],
      ],
      desired: 3,
      replicas: 3,
      memory: [1, 2, 3],
    },
    {
      name: 'old ones',
      before: [
        [10, 10],
        [9, 9],
      ],
      desired: 3,
      replicas: 3,
      memory: [10, 3],
    },
    {
      name: 'some old',
      before: [
        [10, 10],
        [4, 1],
        [5, 2],
        [9, 9],
      ],
      desired: 3,
      replicas: 5,
      memory: [10, 4, 5, 3],
    },
    { name: 'exactly as old as the window', before: [[9, 5]], desired: 3, replicas: 9, memory: [9, 3] },
    { name: 'a little older', before: [[9, 5.001]], desired: 3, replicas: 3, memory: [3] },
  ] as const)('$name', ({ before, desired, replicas, memory }) => {
    const stabilized = stabilize(memoryOf(before), desired, WINDOW_MS, NOW_MS);
    expect(stabilized.replicas).toBe(replicas);
    expect(counts(stabilized.recommendations)).toEqual(memory);
  });
});

interface Case {
  readonly name: string;
  readonly before: Recommendations;
  readonly current: number;
  readonly desired: number;
  readonly replicas: number;
  readonly memory?: readonly number[];
  /** Seconds. */
  readonly up?: number;
  readonly down?: number;
}

// TestNormalizeDesiredReplicasWithBehavior, in its order; then the edges.
const cases: readonly Case[] = [
  { name: 'nothing before', before: [], current: 100, desired: 5, replicas: 5, memory: [5] },
  {
    ...{
      name: 'down',
      before: [
        [4, 2],
        [5, 1],
      ],
      current: 100,
      desired: 3,
      down: 180,
    },
    ...{ replicas: 5, memory: [4, 5, 3] },
  },
  {
    ...{
      name: 'up',
      before: [
        [4, 2],
        [5, 1],
      ],
      current: 1,
      desired: 7,
      up: 300,
    },
    ...{ replicas: 4, memory: [4, 5, 7] },
  },
  {
    name: 'down, though not up',
    before: [
      [1, 2],
      [2, 1],
    ],
    current: 100,
    desired: 3,
    up: 300,
    replicas: 3,
  },
  {
    name: 'up, though not down',
    before: [
      [4, 2],
      [5, 1],
    ],
    current: 1,
    desired: 3,
    down: 300,
    replicas: 3,
  },
  {
    name: 'old ones',
    before: [
      [10, 10],
      [9, 9],
    ],
    current: 100,
    desired: 3,
    replicas: 3,
    memory: [10, 3],
  },
  {
    name: 'old ones, up',
    before: [
      [10, 10],
      [9, 9],
    ],
    current: 1,
    desired: 100,
    replicas: 100,
    memory: [10, 100],
  },
  {
    ...{
      name: 'some old',
      before: [
        [10, 10],
        [4, 1],
        [5, 2],
        [9, 9],
      ],
      current: 100,
      desired: 3,
      down: 180,
    },
    ...{ replicas: 5, memory: [10, 4, 5, 3] },
  },
  {
    ...{
      name: 'some old, up',
      before: [
        [10, 100],
        [6, 1],
        [5, 2],
        [9, 3],
      ],
      current: 1,
      desired: 100,
      up: 300,
    },
    ...{ replicas: 5, memory: [100, 6, 5, 9] },
  },
  {
    ...{
      name: 'not up when the new one is lower',
      before: [
        [2, 100],
        [3, 3],
      ],
      current: 2,
      desired: 1,
    },
    ...{ up: 300, down: 300, replicas: 2 },
  },
  {
    ...{
      name: 'not down when the new one is higher',
      before: [
        [2, 100],
        [1, 3],
      ],
      current: 2,
      desired: 3,
    },
    ...{ up: 300, down: 300, replicas: 2 },
  },
  {
    ...{ name: 'exactly as old as the window', before: [[9, 5]], current: 9, desired: 3, down: 300 },
    ...{ replicas: 3, memory: [9, 3] },
  },
  { name: 'a little younger', before: [[9, 4.999]], current: 9, desired: 3, down: 300, replicas: 9 },
];

describe('with behavior', () => {
  it.each(cases)('$name', ({ before, current, desired, replicas, memory, up = 0, down = 0 }) => {
    const behavior = behaviorOf({
      scaleUp: { stabilizationWindowSeconds: up },
      scaleDown: { stabilizationWindowSeconds: down },
    });
    const stabilized = stabilizeWithBehavior(memoryOf(before), {
      currentReplicas: current,
      desiredReplicas: desired,
      behavior,
      defaultWindowMs: WINDOW_MS,
      nowMs: NOW_MS,
    });
    expect(stabilized.replicas).toBe(replicas);
    if (memory !== undefined) expect(counts(stabilized.recommendations)).toEqual(memory);
  });

  it("takes the controller's window downwards when it has none", () => {
    const behavior = behaviorOf({ scaleDown: { selectPolicy: 'Max' } });
    const before = memoryOf([[9, 4]]);
    const asked = { currentReplicas: 9, desiredReplicas: 3, behavior, nowMs: NOW_MS };
    expect(stabilizeWithBehavior(before, { ...asked, defaultWindowMs: WINDOW_MS }).replicas).toBe(9);
    expect(stabilizeWithBehavior(before, { ...asked, defaultWindowMs: 200_000 }).replicas).toBe(3);
  });
});

describe('the memory', () => {
  const recommendations = fc.array(
    fc.tuple(fc.integer({ min: 0, max: 50 }), fc.integer({ min: 1, max: 90 })),
    {
      minLength: 1,
      maxLength: 60,
    },
  );

  it('keeps all that a window still reaches, and does not grow without end', () => {
    fc.assert(
      fc.property(recommendations, (steps) => {
        let memory: readonly Remembered[] = [];
        const all: Remembered[] = [];
        let atMs = NOW_MS;
        for (const [count, seconds] of steps) {
          atMs += seconds * 1000;
          const entry = { count, atMs };
          memory = remember(memory, entry, atMs - WINDOW_MS);
          all.push(entry);
          const young = (entries: readonly Remembered[]) =>
            entries.filter((one) => one.atMs >= atMs - WINDOW_MS).length;
          expect(young(memory)).toBe(young(all));
          expect(memory.length).toBeLessThanOrEqual(301);
        }
      }),
    );
  });
});
