import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { behaviorOf } from '../../../src/simulator/autoscaler/spec.ts';
import type { AutoscalerSpec, ScalingPolicy } from '../../../src/simulator/autoscaler/types.ts';
import { play, type Step, specWith } from './syncs.ts';

const scalings = (steps: readonly Step[]) =>
  steps.flatMap(({ secondsIn, scaleTo }) => (scaleTo === undefined ? [] : [[secondsIn, scaleTo]]));
const percent = (value: number, periodSeconds: number): ScalingPolicy => ({
  type: 'Percent',
  value,
  periodSeconds,
});
const pods = (value: number, periodSeconds: number): ScalingPolicy => ({
  type: 'Pods',
  value,
  periodSeconds,
});
const quiet = (count: number, load = 10) => Array<number>(count).fill(load);

interface Case {
  readonly name: string;
  readonly spec: Partial<AutoscalerSpec>;
  readonly initial: number;
  /** Percent of one pod's request, by sync; the target is 50 %. */
  readonly loads: readonly number[];
  readonly scalings: readonly (readonly [seconds: number, replicas: number])[];
}

const cases: readonly Case[] = [
  {
    name: 'doubles from sync to sync',
    spec: {},
    initial: 1,
    loads: quiet(6, 2000),
    scalings: [
      [0, 4],
      [15, 8],
      [30, 16],
      [45, 32],
      [60, 40],
    ],
  },
  {
    name: 'holds its first count for 300 s, and 300 s still count',
    spec: {},
    initial: 5,
    loads: quiet(30),
    scalings: [[315, 1]],
  },
  {
    name: 'holds its first count for 300 s with behavior, and 300 s no longer count',
    spec: { behavior: behaviorOf({}) },
    initial: 5,
    loads: quiet(30),
    scalings: [[300, 1]],
  },
  {
    name: 'comes down to the highest proposal of the window, step by step',
    spec: {},
    initial: 10,
    loads: [500, 400, 300, ...quiet(25, 200)],
    scalings: [
      [315, 8],
      [330, 6],
      [345, 4],
    ],
  },
  {
    name: 'adds by a policy in each of its periods',
    spec: { behavior: behaviorOf({ scaleUp: { policies: [pods(2, 60)] } }) },
    initial: 1,
    loads: quiet(14, 2000),
    scalings: [
      [0, 3],
      [60, 5],
      [120, 7],
      [180, 9],
    ],
  },
  {
    name: 'removes by a policy in each of its periods',
    spec: {
      behavior: behaviorOf({ scaleDown: { stabilizationWindowSeconds: 0, policies: [percent(10, 60)] } }),
    },
    initial: 100,
    loads: quiet(10, 1000),
    scalings: [
      [0, 90],
      [60, 81],
      [120, 72],
    ],
  },
  {
    name: 'waits for a window upwards',
    spec: { behavior: behaviorOf({ scaleUp: { stabilizationWindowSeconds: 60 } }) },
    initial: 2,
    loads: [100, ...quiet(6, 400)],
    scalings: [
      [60, 6],
      [75, 8],
    ],
  },
];

describe('the course of an autoscaler', () => {
  it.each(cases)('$name', ({ spec, initial, loads, scalings: expected }) => {
    expect(scalings(play(specWith(spec), initial, loads))).toEqual(expected);
  });

  it('says why it waits', () => {
    const [first, ...others] = play(specWith(), 5, quiet(21));
    expect(first?.reasons).toMatchObject({ AbleToScale: 'ScaleDownStabilized' });
    for (const { reasons } of others) expect(reasons).toMatchObject({ AbleToScale: 'ScaleDownStabilized' });
  });
});

const policy = fc.oneof(
  fc.tuple(fc.integer({ min: 1, max: 20 }), fc.integer({ min: 1, max: 120 })).map((args) => pods(...args)),
  fc
    .tuple(fc.integer({ min: 1, max: 200 }), fc.integer({ min: 1, max: 120 }))
    .map((args) => percent(...args)),
);
const rules = fc.record({
  stabilizationWindowSeconds: fc.option(fc.integer({ min: 0, max: 400 }), { nil: undefined }),
  selectPolicy: fc.constantFrom('Max' as const, 'Min' as const, 'Disabled' as const),
  policies: fc.array(policy, { minLength: 1, maxLength: 3 }),
});
const behavior = fc.option(
  fc.record({ scaleUp: rules, scaleDown: rules }).map((written) => behaviorOf(written)),
  { nil: undefined },
);
const loads = fc.array(fc.integer({ min: 0, max: 3000 }), { minLength: 1, maxLength: 60 });
const bounds = fc.tuple(fc.integer({ min: 1, max: 30 }), fc.integer({ min: 0, max: 30 }));

describe('whatever the load', () => {
  it('replicas stay within their bounds once they are', () => {
    fc.assert(
      fc.property(
        bounds,
        fc.integer({ min: 1, max: 80 }),
        loads,
        behavior,
        ([min, more], initial, all, found) => {
          const spec = specWith({ minReplicas: min, maxReplicas: min + more, behavior: found });
          for (const { scaleTo } of play(spec, initial, all)) {
            if (scaleTo === undefined) continue;
            expect(scaleTo).toBeGreaterThanOrEqual(min);
            expect(scaleTo).toBeLessThanOrEqual(min + more);
          }
        },
      ),
    );
  });

  it('nothing goes down in the first 300 s by default', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 100 }), loads, (initial, all) => {
        for (const { secondsIn, replicas, scaleTo = replicas } of play(specWith(), initial, all)) {
          if (secondsIn <= 300) expect(scaleTo).toBeGreaterThanOrEqual(replicas);
        }
      }),
    );
  });

  it('a load within the tolerance of the target moves nothing', () => {
    const shares = fc.array(fc.integer({ min: 46, max: 54 }), { minLength: 1, maxLength: 40 });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 50 }), shares, behavior, (initial, all, found) => {
        const steps = play(
          specWith({ behavior: found }),
          initial,
          all.map((share) => share * initial),
        );
        expect(scalings(steps)).toEqual([]);
      }),
    );
  });

  it('more than double, and more than four, is never asked for without behavior', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 100 }), loads, (initial, all) => {
        for (const { replicas, scaleTo = replicas } of play(specWith(), initial, all)) {
          expect(scaleTo).toBeLessThanOrEqual(Math.max(2 * replicas, 4));
        }
      }),
    );
  });
});
