import { describe, expect, it } from 'vitest';
import { becomeUnready } from '../../../src/simulator/model/pods.ts';
import { cpuOf, even, type Rig, rowsOf, runRig, toFirst, users } from './rig.ts';

describe('a request', () => {
  it.each([
    { what: 'costs CPU', request: { cpuTime: '20ms' }, tookMs: 20 },
    { what: 'is faster on several cores', request: { cpuTime: '20ms', parallelism: 4 }, tookMs: 5 },
    { what: 'is slower on a part of one', request: { cpuTime: '20ms', parallelism: 0.5 }, tookMs: 40 },
    { what: 'waits for what is not CPU', request: { cpuTime: '20ms', wait: '30ms' }, tookMs: 50 },
    {
      what: 'has a way to the tier of its pod, and back',
      request: { cpuTime: '20ms', roundTrip: { edge: '6ms', cloud: '60ms' } },
      tookMs: 80,
    },
  ])('$what', async ({ request, tookMs }) => {
    const run = await runRig({ load: [even(1, request)], seconds: 3.5 });
    expect(rowsOf(run)).toEqual(
      [1, 2, 3].map((second) => ({
        second: expect.closeTo(second + tookMs / 1000, 6),
        tookMs,
        ok: true,
        tier: 'cloud',
      })),
    );
  });

  it('varies as it is said to', async () => {
    const request = { cpuTime: '20ms', variation: 'uniform', wait: '10ms', waitJitter: '10ms' };
    const took = rowsOf(await runRig({ load: [even(10, request)], seconds: 200 })).map(
      ({ tookMs }) => tookMs,
    );
    expect(Math.min(...took)).toBeGreaterThan(20);
    expect(Math.min(...took)).toBeLessThan(23);
    expect(Math.max(...took)).toBeGreaterThan(47);
    expect(Math.max(...took)).toBeLessThan(50);
  });

  it('shares its pod with those that are there: two that come together take twice as long', async () => {
    const load = users(2, { cpuTime: '100ms' }, { thinkTime: '10s' });
    expect(
      rowsOf(await runRig({ limit: '1', load: [load], seconds: 1 })).map(({ tookMs }) => tookMs),
    ).toEqual([200, 200]);
  });

  it('waits for its turn when the pod works on no more at once, first come, first served', async () => {
    const load = users(4, { cpuTime: '100ms', wait: '50ms', concurrency: 2 }, { thinkTime: '10s' });
    const run = await runRig({ limit: '1', load: [load], seconds: 1 });
    expect(rowsOf(run).map(({ tookMs }) => tookMs)).toEqual([250, 250, 500, 500]);
  });

  it('fails when it is not answered in time; what was begun goes on, what was not is left', async () => {
    const load = users(3, { cpuTime: '2s', concurrency: 2, timeout: '1s' }, { thinkTime: '60s' });
    const run = await runRig({ limit: '1', load: [load], seconds: 10 });
    expect(rowsOf(run).map(({ second, ok }) => [second, ok])).toEqual([
      [1, false],
      [1, false],
      [1, false],
    ]);
    expect(cpuOf(run)).toEqual([4]);
  });
});

describe('a long request', () => {
  const system = (points: readonly (readonly [string, string])[]) => ({
    type: 'recordedCpu',
    node: 'cloud-1',
    points: points.map(([at, cpu]) => ({ at, cpu })),
  });

  it.each([
    { what: 'alone', points: [['0s', '0']] as const, second: 10 },
    {
      what: 'beside a system that takes half from 2 s on',
      points: [
        ['0s', '0'],
        ['2s', '0'],
        ['2s', '500m'],
      ] as const,
      second: 18,
    },
    {
      what: 'beside a system that takes ever more: 10 = t - t² / 200',
      points: [
        ['0s', '0'],
        ['100s', '1'],
      ] as const,
      second: 100 - Math.sqrt(8000),
    },
  ])('goes at the pace that is left for it: $what', async ({ points, second }) => {
    const load = [users(1, { cpuTime: '10s' }, { thinkTime: '60s' }), system(points)];
    const run = await runRig({ nodes: { 'cloud-1': 1 }, load, seconds: 30 });
    expect(rowsOf(run)).toMatchObject([{ ok: true, second: expect.closeTo(second, 2) }]);
  });
});

describe('requests are spread', () => {
  const pods = ['cloud-1', 'cloud-1', 'cloud-1', 'cloud-1'];
  it.each([
    { spread: 'roundRobin', counts: [100, 100, 100, 100] },
    { spread: 'leastConnections', counts: [400, 0, 0, 0] },
    { spread: 'random', counts: pods.map(() => expect.closeTo(100, -2)) },
  ])('$spread', async ({ spread, counts }) => {
    const run = await runRig({ pods, load: [even(10, { cpuTime: '10ms', spread })], seconds: 40.05 });
    expect(cpuOf(run).map((seconds) => Math.round(seconds * 100))).toEqual(counts);
  });

  it('to the pod with the fewest unanswered, where they last', async () => {
    const request = { cpuTime: '10ms', wait: '350ms', spread: 'leastConnections' };
    const run = await runRig({ pods, load: [even(10, request)], seconds: 40.05 });
    expect(cpuOf(run)).toEqual([1, 1, 1, 1]);
  });

  it('to ready pods only, from the moment at which they are', async () => {
    const run = await runRig({
      pods: ['cloud-1', 'cloud-1'],
      load: [even(10, { cpuTime: '10ms' })],
      seconds: 40,
      events: [[20, toFirst(({ world, cpu }, pod) => becomeUnready(world, cpu, pod))]],
    });
    const [first = 0, second = 0] = cpuOf(run);
    expect(first).toBeGreaterThan(0.7);
    expect(first).toBeLessThan(1.3);
    expect(first + second).toBeCloseTo(4, 1);
  });
});

describe('without a ready pod', () => {
  const none = (rig: Rig) => toFirst(({ world, cpu }, pod) => becomeUnready(world, cpu, pod))(rig);

  it('a request fails at once, and belongs to no tier', async () => {
    const run = await runRig({ load: [even(1, { cpuTime: '10ms' })], seconds: 4.5, events: [[2.5, none]] });
    expect(rowsOf(run).slice(2)).toEqual(
      [3, 4].map((second) => ({ second, tookMs: 0, ok: false, tier: undefined })),
    );
  });

  it('a user tries again after a while', async () => {
    const load = users(1, { cpuTime: '10ms', retryAfter: '2s' }, { thinkTime: '5s' });
    const run = await runRig({ load: [load], seconds: 12, events: [[1, none]] });
    expect(
      rowsOf(run)
        .slice(1)
        .map(({ second }) => second),
    ).toEqual([5.01, 7.01, 9.01, 11.01].map((at) => expect.closeTo(at, 3)));
  });
});
