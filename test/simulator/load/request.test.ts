import { describe, expect, it } from 'vitest';
import { crashPod } from '../../../src/simulator/model/kubelet.ts';
import { loseNode, regainNode } from '../../../src/simulator/model/nodes.ts';
import { becomeUnready, terminate } from '../../../src/simulator/model/pods.ts';
import type { SimNode, SimPod } from '../../../src/simulator/model/world.ts';
import { arrivals, type Rig, type RigRun, rowsOf, runRig, users } from './rig.ts';

const even = (perSecond: number, request: object) => arrivals(perSecond, { ...request }, { spacing: 'even' });
const toFirst = (what: (rig: Rig, pod: SimPod, node: SimNode) => void) => (rig: Rig) => {
  const [pod] = rig.pods;
  if (pod?.node !== undefined) what(rig, pod, pod.node);
};
const cpuOf = (run: RigRun) => {
  const accounts = Array.from(run.cpu.accounts.values());
  return run.pods.map(
    (pod) =>
      Math.round(accounts.reduce((sum, { usedByPod }) => sum + (usedByPod.get(pod) ?? 0), 0) / 1e3) / 1e3,
  );
};

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

describe('when a pod', () => {
  const slow = users(1, { cpuTime: '1s' }, { thinkTime: '60s' });

  it.each([
    {
      what: 'is deleted, a request that ends within its termination is answered',
      cpuTime: '1500ms',
      ok: true,
      second: 1.5,
    },
    { what: 'is deleted, a request that takes longer fails with it', cpuTime: '4s', ok: false, second: 3 },
  ])('$what', async ({ cpuTime, ok, second }) => {
    const run = await runRig({
      load: [users(1, { cpuTime }, { thinkTime: '60s' })],
      seconds: 10,
      // It takes 2 s.
      events: [[1, toFirst(({ world, cpu }, pod) => terminate(world, cpu, pod))]],
    });
    expect(rowsOf(run)).toMatchObject([{ ok, second }]);
  });

  it('crashes, its requests fail, and the next are answered when it is ready again', async () => {
    const run = await runRig({
      load: [users(2, { cpuTime: '1s', retryAfter: '500ms' })],
      seconds: 5.2,
      events: [[0.5, toFirst(({ world, cpu }, pod) => crashPod(world, cpu, pod))]],
    });
    const rows = rowsOf(run).filter(({ second }) => second < 3);
    expect(rows.slice(0, 2)).toMatchObject([
      { ok: false, second: 0.5 },
      { ok: false, second: 0.5 },
    ]);
    // Refused at 0.5 s and 1 s; it is ready again at 1.5 s.
    expect(rows.filter(({ ok, tier }) => ok || tier !== undefined).at(-1)).toMatchObject({
      ok: true,
      second: 2.5,
    });
  });

  it.each(['lost', 'disconnected'] as const)(
    'has its node %s, its requests time out, and new ones too',
    async (state) => {
      const run = await runRig({
        nodes: { 'edge-1': 4 },
        pods: ['edge-1'],
        load: [even(1, { cpuTime: '600ms', timeout: '5s' })],
        seconds: 9.9,
        events: [[2.5, toFirst(({ world, cpu }, _, node) => loseNode(world, cpu, node, state))]],
      });
      expect(rowsOf(run).map(({ second, ok }) => [Math.round(second * 100) / 100, ok])).toEqual([
        [1.6, true],
        [7, false],
        [8, false],
        [9, false],
      ]);
    },
  );

  it('has its node back, it answers again', async () => {
    const run = await runRig({
      nodes: { 'edge-1': 4 },
      pods: ['edge-1'],
      load: [even(1, { cpuTime: '100ms', timeout: '30s' })],
      seconds: 8.5,
      events: [
        [2.5, toFirst(({ world, cpu }, _, node) => loseNode(world, cpu, node, 'disconnected'))],
        [5.5, toFirst(({ world, cpu }, _, node) => regainNode(world, cpu, node))],
      ],
    });
    expect(rowsOf(run).map(({ second }) => Math.round(second))).toEqual([1, 2, 6, 7, 8]);
  });

  it('is on a node that nothing happens to, it answers', async () => {
    expect(rowsOf(await runRig({ load: [slow], seconds: 10 }))).toMatchObject([{ ok: true, second: 1 }]);
  });
});

describe('users who leave', () => {
  const stages = [
    { duration: '1s', target: 2 },
    { duration: '0s', target: 0 },
  ];
  const leaving = (over: object) =>
    runRig({ limit: '2', load: [users(2, { cpuTime: '4s' }, { stages, ...over })], seconds: 30 });

  it('wait for their last answer', async () => {
    expect(rowsOf(await leaving({}))).toMatchObject([
      { ok: true, second: 4 },
      { ok: true, second: 4 },
    ]);
  });

  it('break off when it takes too long: neither answered nor failed', async () => {
    const run = await leaving({ gracefulRampDown: '2s' });
    expect(rowsOf(run)).toEqual([]);
    expect(cpuOf(run)).toEqual([8]);
  });

  it('and return meanwhile just go on', async () => {
    const again = [
      ...stages,
      { duration: '1s', target: 0 },
      { duration: '0s', target: 2 },
      { duration: '6s', target: 2 },
    ];
    const run = await leaving({ stages: again, gracefulRampDown: '2s' });
    expect(rowsOf(run).map(({ second }) => Math.round(second))).toEqual([4, 4, 8, 8]);
  });

  it('are counted in the result, changes only', async () => {
    const { result, world } = await leaving({});
    const begin = world.timeline.nowMs - 30_000;
    expect(result?.users).toEqual([
      { atMs: begin, users: 2 },
      { atMs: begin + 1000, users: 0 },
    ]);
  });
});

describe('a run', () => {
  const load = [users(7, { cpuTime: '9ms', variation: 'exponential', waitJitter: '20ms' })];
  const settings = { nodes: { 'edge-1': 0.5, 'cloud-1': 1 }, pods: ['edge-1', 'cloud-1'], load, seconds: 20 };

  it('is the same with the same seed, and another with another', async () => {
    const [once, again, other] = [
      await runRig(settings),
      await runRig(settings),
      await runRig({ ...settings, seed: 2 }),
    ];
    expect(rowsOf(again)).toEqual(rowsOf(once));
    expect(again.result).toEqual(once.result);
    expect(rowsOf(other)).not.toEqual(rowsOf(once));
  });

  it('has answers in the order of their times', async () => {
    const times = rowsOf(await runRig(settings)).map(({ second }) => second);
    expect(times).toEqual(times.toSorted((left, right) => left - right));
  });

  it('without users costs nothing, however long', async () => {
    const stages = [{ duration: '10s', target: 2 }];
    const busy = users(2, { cpuTime: '100ms' }, { stages });
    const short = await runRig({ load: [busy], seconds: 20 });
    const long = await runRig({ load: [busy], seconds: 1_000_000 });
    expect(long.timelineSteps).toBe(short.timelineSteps);
  });
});
