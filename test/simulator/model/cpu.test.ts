import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { runUntil, schedule } from '../../../src/simulator/engine/timeline.ts';
import {
  createCpu,
  settleAll,
  settleNode,
  settleWorkload,
  usedByParts,
} from '../../../src/simulator/model/cpu.ts';
import { curveLoad } from '../../../src/simulator/model/load.ts';
import type { SimPod, SimReplicaSet } from '../../../src/simulator/model/world.ts';
import { clockMs, createWorld } from '../../../src/simulator/model/world.ts';
import { traceDocument, traceOf } from '../traces.ts';
import { simNode, simPod } from './pods.ts';

const MINUTE_MS = 60_000;

function replicaSet(pods: readonly SimPod[]): SimReplicaSet {
  return {
    uid: 'rs',
    name: 'web-1',
    namespace: 'fn',
    workload: 'fn/web',
    deploymentName: 'web',
    labels: {},
    annotations: {},
    podSpec: { containers: [{}] },
    replicas: pods.length,
    pods: new Set(pods),
    created: pods.length,
    active: pods.length,
    serving: 0,
  };
}

/** Pods of one workload that become ready at these seconds, one node each; a load that rises by 10m a second. */
async function usedBy(
  readySeconds: readonly number[],
  split: 'shared' | 'each',
  allocatableMilli = 4000,
  risesUntilMs = MINUTE_MS,
) {
  const trace = await traceOf(traceDocument());
  const allocatable = { cpuMilli: allocatableMilli, memoryBytes: 1e9, pods: 110 };
  const nodes = readySeconds.map((_, index) => simNode(`node-${index}`, { allocatable }));
  const pods: SimPod[] = [];
  const owner = replicaSet([]);
  nodes.forEach((node, index) => {
    const pod = simPod(`web-${index}`, { owner, node });
    node.pods.add(pod);
    owner.pods.add(pod);
    pods.push(pod);
  });
  const world = createWorld(trace, nodes, clockMs(0));
  const cpu = createCpu(
    world,
    curveLoad(
      [
        {
          type: 'recordedCpu',
          deployment: 'fn/web',
          split,
          points: [
            { at: 0, cpu: 0 },
            { at: risesUntilMs, cpu: risesUntilMs / 100 },
          ],
        },
      ],
      clockMs(MINUTE_MS),
    ),
  );
  pods.forEach((pod, index) => {
    const atMs = clockMs((readySeconds[index] ?? 0) * 1000);
    schedule(world.timeline, atMs, () => {
      settleWorkload(cpu, owner);
      if (pod.node !== undefined) settleNode(cpu, pod.node);
      pod.readyAtMs = atMs;
      owner.serving += 1;
    });
  });
  runUntil(world.timeline, clockMs(MINUTE_MS));
  settleAll(cpu);
  const accounts = Array.from(cpu.accounts.values());
  return {
    nodeMilli: accounts.map(({ used }) => used / MINUTE_MS),
    podMilli: accounts.map(({ usedByPod }, index) => {
      const pod = pods[index];
      return pod === undefined ? 0 : (usedByPod.get(pod) ?? 0) / MINUTE_MS;
    }),
    accounts,
    stretches: accounts.map(({ stretches }) => stretches.list),
  };
}

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);

describe('CPU accounts', () => {
  it('conserve a shared load, whenever its pods become ready', async () => {
    const readiness = fc.array(fc.integer({ min: 0, max: 60 }), { minLength: 1, maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(readiness, async (rest) => {
        // One from the start: a load without a ready pod is not served.
        const { nodeMilli, podMilli } = await usedBy([0, ...rest], 'shared');
        expect(sum(podMilli)).toBeCloseTo(300, 6);
        expect(sum(nodeMilli)).toBeCloseTo(300, 6);
      }),
      { numRuns: 50 },
    );
  });

  it('divide a shared load from the moment at which a second pod is ready', async () => {
    const { podMilli } = await usedBy([0, 30], 'shared');
    // Alone for the first half (mean 150m), then half of a mean of 450m.
    expect(podMilli).toEqual([expect.closeTo((150 + 225) / 2), expect.closeTo(225 / 2)]);
  });

  it('give each pod the whole curve when it is said to be each one’s', async () => {
    const { podMilli } = await usedBy([0, 30], 'each');
    expect(podMilli).toEqual([expect.closeTo(300), expect.closeTo(225)]);
  });

  describe('when a hundred pods on as many nodes become ready within a second', () => {
    const readySeconds = Array.from({ length: 100 }, (_, index) => 10 + index / 100);
    /** The load that has come until then, in millicore-seconds. */
    const demandUntil = (second: number, risesUntil: number) =>
      5 * Math.min(second, risesUntil) ** 2 + 10 * risesUntil * Math.max(0, second - risesUntil);

    it.each([{ risesUntil: 60 }, { risesUntil: 10.5 }, { risesUntil: 10.777 }])(
      'still give each its part of a load that rises until $risesUntil s',
      async ({ risesUntil }) => {
        const { podMilli } = await usedBy(readySeconds, 'shared', 4000, risesUntil * 1000);
        const parts = readySeconds.map((startSecond, index) => {
          const endSecond = readySeconds[index + 1] ?? 60;
          return (demandUntil(endSecond, risesUntil) - demandUntil(startSecond, risesUntil)) / (index + 1);
        });
        podMilli.forEach((milli, index) => {
          expect(milli).toBeCloseTo(sum(parts.slice(index)) / 60, 6);
        });
      },
    );

    it('settle the nodes one by one for the first of them only', async () => {
      const { stretches } = await usedBy(readySeconds, 'shared');
      for (const ofNode of stretches) expect(ofNode.length).toBeLessThan(15);
    });

    it('do not give a pod more than its node has, and count what the nodes used', async () => {
      const { nodeMilli, podMilli, stretches, accounts } = await usedBy(readySeconds, 'each', 50);
      expect(Math.max(...stretches.flat().map(({ toMilli }) => toMilli))).toBe(50);
      expect(podMilli).toEqual(nodeMilli.map((milli) => expect.closeTo(milli, 9)));
      for (const account of accounts) expect(usedByParts(account)).toBeCloseTo(account.used, 3);
    });
  });

  it('use nothing while no pod serves', async () => {
    expect(sum((await usedBy([60], 'shared')).podMilli)).toBe(0);
  });

  it('never use more than the node has', async () => {
    const { stretches } = await usedBy([0], 'shared', 250);
    const highest = Math.max(...stretches.flat().map(({ toMilli }) => toMilli));
    expect(highest).toBe(250);
  });

  it('leave no gap between the stretches, and keep a quiet time as one', async () => {
    const { stretches } = await usedBy([10, 20, 40], 'shared');
    for (const ofNode of stretches) {
      expect(ofNode[0]?.fromMs).toBe(clockMs(0));
      expect(ofNode.at(-1)?.toMs).toBe(clockMs(MINUTE_MS));
      const gaps = ofNode.slice(1).map(({ fromMs }, index) => fromMs - (ofNode[index]?.toMs ?? 0));
      expect(gaps).toEqual(gaps.map(() => 0));
    }
    // Settled at 10 s and 20 s, used nothing until 40 s.
    expect(stretches[2]?.[0]).toMatchObject({ fromMs: clockMs(0), toMs: clockMs(40_000), toMilli: 0 });
  });
});
