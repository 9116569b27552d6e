import { describe, expect, it } from 'vitest';
import type { Scaling } from '../../../src/outcome/result.ts';
import { outcomeOf, START_MS } from './runs.ts';

function scaling(atSeconds: number, from: number, to: number, workload = 'fn/web'): Scaling {
  return { atMs: START_MS + atSeconds * 1000, workload, from, to };
}

const upAndDown = [scaling(15, 1, 4), scaling(30, 4, 8), scaling(90, 8, 2)];
const other = scaling(20, 1, 9, 'fn/api');

describe('sizes', () => {
  const recorded = (...sizes: readonly (readonly [string, number])[]) => ({
    type: 'sizes',
    workload: 'fn/web',
    sizes: sizes.map(([at, replicas]) => ({ at, replicas })),
  });
  const same = recorded(['15s', 4], ['30s', 8], ['90s', 2]);

  it.each([
    { name: 'the same sizes at the same times', expectation: same, held: true },
    {
      name: 'within the time',
      expectation: { ...recorded(['20s', 4], ['30s', 8], ['80s', 2]), toleranceTime: '10s' },
      held: true,
    },
    {
      name: 'within the number',
      expectation: { ...recorded(['15s', 5], ['30s', 7], ['90s', 2]), toleranceReplicas: 1 },
      held: true,
    },
    {
      name: 'too late',
      expectation: { ...recorded(['15s', 4], ['30s', 8], ['80s', 2]), toleranceTime: '9s' },
      held: false,
      what: 'change 3 was to 2 at 90 s, expected: 2 at 80 s',
    },
    {
      name: 'another size',
      expectation: recorded(['15s', 4], ['30s', 9], ['90s', 2]),
      held: false,
      what: 'change 2 was to 8 at 30 s, expected: 9 at 30 s',
    },
    {
      name: 'one missing',
      expectation: recorded(['15s', 4], ['30s', 8], ['90s', 2], ['99s', 1]),
      held: false,
      what: 'change 4 did not come, expected: 1 at 99 s',
    },
    {
      name: 'one too many',
      expectation: recorded(['15s', 4], ['30s', 8]),
      held: false,
      what: 'change 3 was to 2 at 90 s, expected: no further one',
    },
  ])('$name: $held', async ({ expectation, held, what }) => {
    const outcome = await outcomeOf(expectation, { scalings: [...upAndDown, other] });
    expect(outcome.held).toBe(held);
    expect(outcome.diverged?.what).toBe(what);
  });

  it('says what was found, or that there was nothing', async () => {
    expect(await outcomeOf(same, { scalings: upAndDown })).toMatchObject({
      expected: 'fn/web scaled to 4 at 15 s, 8 at 30 s, 2 at 90 s',
      found: '4 at 15 s, 8 at 30 s, 2 at 90 s',
    });
    expect(await outcomeOf(same, {})).toMatchObject({ held: false, found: 'never scaled' });
  });
});

describe('noFlapping', () => {
  it.each([
    { scalings: upAndDown, over: {}, held: false, found: '1' },
    { scalings: upAndDown, over: { within: '60s' }, held: true, found: '0' },
    { scalings: upAndDown, over: { within: '61s' }, held: false, found: '1' },
    { scalings: upAndDown, over: { atMost: 1 }, held: true, found: '1' },
    { scalings: [scaling(10, 1, 4), scaling(20, 4, 9)], over: {}, held: true, found: '0' },
    // Another workload's change is no change of direction of this one.
    { scalings: [scaling(10, 1, 4), scaling(20, 9, 1, 'fn/api')], over: {}, held: true, found: '0' },
    {
      scalings: [scaling(10, 1, 4, 'fn/api'), scaling(20, 4, 1, 'fn/api')],
      over: { workload: 'fn/web' },
      held: true,
      found: '0',
    },
    {
      scalings: [scaling(10, 4, 1), scaling(20, 1, 4), scaling(30, 4, 1)],
      over: { atMost: 1 },
      held: false,
      found: '2',
    },
  ])('$scalings, $over: $held', async ({ scalings, over, held, found }) => {
    expect(await outcomeOf({ type: 'noFlapping', ...over }, { scalings })).toMatchObject({ held, found });
  });

  it('names the change that was one too many', async () => {
    const { diverged } = await outcomeOf({ type: 'noFlapping' }, { scalings: upAndDown });
    expect(diverged).toEqual({
      atMs: START_MS + 90_000,
      what: 'fn/web went from 8 to 2, the other way than just before',
    });
  });
});
