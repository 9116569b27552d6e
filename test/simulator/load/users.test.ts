import { describe, expect, it } from 'vitest';
import { cpuOf, rowsOf, runRig, users } from './rig.ts';

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
