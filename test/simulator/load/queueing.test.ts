import { describe, expect, it } from 'vitest';
import { usedByParts } from '../../../src/simulator/model/cpu.ts';
import { arrivals, runRig, sum, users } from './rig.ts';

/** What queueing theory says of these loads, and that no CPU is lost or made on the way. */

const within = (value: number | undefined, expected: number, ratio: number) => {
  expect(value).toBeGreaterThan(expected * (1 - ratio));
  expect(value).toBeLessThan(expected * (1 + ratio));
};

describe('an open load on one core', () => {
  // M/M/1 with processor sharing: mean response time s / (1 - ρ); M/G/1-PS has the same for any s.
  it.each([
    { load: 0.3, variation: 'exponential' },
    { load: 0.7, variation: 'exponential' },
    { load: 0.7, variation: 'uniform' },
    { load: 0.7, variation: 'fixed' },
  ])('of $load is answered as M/G/1-PS says, $variation', async ({ load, variation }) => {
    const request = { cpuTime: '20ms', variation };
    const run = await runRig({ limit: '1', load: [arrivals(load * 50, request)], seconds: 3000 });
    within(run.result?.summary?.meanMs, 20 / (1 - load), 0.05);
    within(run.podCpu, 3000 * load, 0.02);
  });

  it('that comes evenly and fits is answered without waiting', async () => {
    const run = await runRig({
      load: [arrivals(10, { cpuTime: '20ms' }, { spacing: 'even' })],
      seconds: 100,
    });
    expect(run.result?.summary).toMatchObject({ failed: 0, meanMs: 20, maxMs: 20 });
    expect(run.result?.summary?.succeeded).toBe(999);
  });
});

describe('a closed loop', () => {
  it('without contention has N / (wait + cpu) answers a second', async () => {
    const request = { cpuTime: '10ms', wait: '90ms', roundTrip: { cloud: '100ms' } };
    const run = await runRig({ nodes: { 'cloud-1': 8 }, load: [users(5, request)], seconds: 100 });
    expect(run.result?.summary).toMatchObject({ meanMs: 200, p99Ms: 200, failed: 0 });
    within(run.result?.summary?.succeeded, (5 / 0.2) * 100, 0.01);
  });

  it.each([
    { what: 'cores of the node', nodes: { 'cloud-1': 2 }, limit: undefined, cores: 2 },
    { what: 'quota of the pod', nodes: { 'cloud-1': 8 }, limit: '500m', cores: 0.5 },
  ])('that wants more than the $what takes N × cpu / cores', async ({ nodes, limit, cores }) => {
    const run = await runRig({
      nodes,
      ...(limit && { limit }),
      load: [users(20, { cpuTime: '10ms' })],
      seconds: 100,
    });
    within(run.result?.summary?.succeeded, (cores / 0.01) * 100, 0.01);
    within(run.result?.summary?.meanMs, (20 * 10) / cores, 0.02);
    within(run.podCpu, cores * 100, 0.001);
  });

  it.each([1, 5, 20, 60])(
    'of %i users keeps the interactive response time law R = N / X - Z',
    async (count) => {
      const request = { cpuTime: '50ms', variation: 'exponential' };
      const load = users(count, request, { thinkTime: '1s' });
      const run = await runRig({ nodes: { 'cloud-1': 1 }, load: [load], seconds: 2000 });
      const { succeeded = 0, meanMs = 0 } = run.result?.summary ?? {};
      within(meanMs, (count / (succeeded / 2000) - 1) * 1000, 0.02);
      // Asymptotic bounds: X ≤ min(N / (s + Z), 1 / s).
      expect(succeeded / 2000).toBeLessThan(Math.min(count / 1.05, 20) * 1.03);
    },
  );
});

describe('CPU', () => {
  it.each([
    { what: 'without contention', nodes: { 'edge-1': 4, 'cloud-1': 8 }, parallelism: 1 },
    { what: 'on saturated nodes', nodes: { 'edge-1': 0.2, 'cloud-1': 0.1 }, parallelism: 1 },
    { what: 'with several cores for a request', nodes: { 'edge-1': 1, 'cloud-1': 2 }, parallelism: 4 },
  ])('is used for what was answered, to the microsecond, $what', async ({ nodes, parallelism }) => {
    const run = await runRig({
      nodes,
      pods: ['edge-1', 'cloud-1', 'cloud-1'],
      load: [
        users(
          10,
          { cpuTime: '7ms', parallelism, wait: '50ms' },
          { stages: [{ duration: '50s', target: 10 }] },
        ),
        { type: 'recordedCpu', node: 'edge-1', points: [{ at: '0s', cpu: '50m' }] },
      ],
      seconds: 120,
    });
    const { succeeded = 0 } = run.result?.summary ?? {};
    expect(succeeded).toBeGreaterThan(100);
    expect(run.podCpu * 1000).toBeCloseTo(succeeded * 7, 1);
  });

  it('of nodes is that of their pods and their system, and never more than they have', async () => {
    const slope = {
      points: [
        { at: '0s', cpu: '0' },
        { at: '30s', cpu: '900m' },
        { at: '60s', cpu: '0' },
      ],
    };
    const run = await runRig({
      nodes: { 'edge-1': 1, 'cloud-1': 2 },
      pods: ['edge-1', 'cloud-1', 'edge-1'],
      load: [
        users(12, { cpuTime: '15ms', variation: 'uniform', wait: '20ms' }),
        { type: 'recordedCpu', node: 'edge-1', ...slope },
      ],
      seconds: 90,
    });
    for (const [node, account] of run.cpu.accounts) {
      const ofPods = sum(run.pods.map((pod) => account.usedByPod.get(pod) ?? 0));
      expect(usedByParts(account)).toBeCloseTo(account.used, 3);
      expect(account.used).toBeCloseTo(ofPods + account.usedByOverhead, 3);
      const written = account.stretches.list.map(
        ({ fromMs, toMs, fromMilli, toMilli }) => ((fromMilli + toMilli) / 2) * (toMs - fromMs),
      );
      expect(sum(written) / account.used).toBeCloseTo(1, 6);
      for (const { fromMilli, toMilli } of account.stretches.list) {
        expect(Math.max(fromMilli, toMilli)).toBeLessThanOrEqual(node.allocatable.cpuMilli + 1e-6);
      }
    }
    // The slope is taken second by second, at its mean.
    const edge = run.cpu.accounts.get(run.nodes[0] ?? run.pods[0]?.node ?? never());
    expect((edge?.usedByOverhead ?? 0) / 1e6).toBeCloseTo((0.9 * 60) / 2, 1);
  });

  it('of a saturated node is shared between the pods that want it, by what they request', async () => {
    // Another workload takes all it can get; both request 100m.
    const run = await runRig({
      nodes: { 'cloud-1': 1 },
      pods: ['cloud-1', 'cloud-1'],
      load: [users(8, { cpuTime: '10ms', spread: 'roundRobin' })],
      seconds: 20,
    });
    const [account] = run.cpu.accounts.values();
    for (const pod of run.pods) within((account?.usedByPod.get(pod) ?? 0) / 1e6, 10, 0.03);
  });
});

function never(): never {
  throw new Error('the rig has a node');
}
