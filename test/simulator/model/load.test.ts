import { describe, expect, it } from 'vitest';
import { loseNode } from '../../../src/simulator/model/nodes.ts';
import { becomeUnready } from '../../../src/simulator/model/pods.ts';
import { type Rig, runRig, users } from '../load/rig.ts';
import { type TraceDocument, WORKLOAD } from '../traces.ts';

const demand = (points: readonly (readonly [string, string])[], over: TraceDocument = {}): TraceDocument => ({
  type: 'demand',
  deployment: WORKLOAD,
  points: points.map(([at, cpu]) => ({ at, cpu })),
  ...over,
});
const steady = demand([['0s', '600m']]);
const firstNode = ({ world, cpu, nodes }: Rig, state: 'lost' | 'disconnected') => {
  const [node] = nodes;
  if (node !== undefined) loseNode(world, cpu, node, state);
};
const allUnready = ({ world, cpu, pods }: Rig) => {
  for (const pod of pods) becomeUnready(world, cpu, pod);
};

describe('a CPU demand', () => {
  it.each([
    { what: 'that is served leaves nothing over', settings: {}, used: 60, unserved: 0 },
    { what: 'on a node that has less', settings: { nodes: { 'cloud-1': 0.2 } }, used: 20, unserved: 40 },
    { what: 'of a pod with a lower limit', settings: { limit: '450m' }, used: 45, unserved: 15 },
    {
      what: 'beside a system that needs most of the node',
      settings: {
        nodes: { 'cloud-1': 1 },
        load: [steady, { type: 'recordedCpu', node: 'cloud-1', points: [{ at: '0s', cpu: '900m' }] }],
      },
      used: 10,
      unserved: 50,
    },
    {
      what: 'while no pod is ready',
      settings: { events: [[75, allUnready]] as const },
      used: 45,
      unserved: 15,
    },
    {
      what: 'while the node of its pods cannot be reached',
      settings: { events: [[75, (rig: Rig) => firstNode(rig, 'disconnected')]] as const },
      used: 45,
      unserved: 15,
    },
    {
      what: 'of which a lost node has half',
      settings: {
        nodes: { 'edge-1': 1, 'cloud-1': 1 },
        pods: ['edge-1', 'cloud-1'],
        // Its pods are endpoints for 40 s more.
        events: [[70, (rig: Rig) => firstNode(rig, 'lost')]] as const,
      },
      used: 51,
      unserved: 9,
    },
  ])('$what: $used used, $unserved core-seconds lost', async ({ settings, used, unserved }) => {
    const run = await runRig({ load: [steady], seconds: 100, ...settings });
    expect(run.podCpu).toBeCloseTo(used, 6);
    expect(run.result).toMatchObject({
      workload: WORKLOAD,
      users: [],
      responses: [],
      unservedCpuSeconds: unserved,
    });
  });

  it('that repeats asks for the same in each period', async () => {
    const load = demand(
      [
        ['0s', '0'],
        ['30s', '600m'],
        ['60s', '0'],
      ],
      { repeat: '60s' },
    );
    const run = await runRig({ load: [load], seconds: 240 });
    expect(run.podCpu).toBeCloseTo(0.3 * 60 * 4, 6);
    expect(run.result?.unservedCpuSeconds).toBe(0);
  });

  it('is one of several loads, which each have a result if users make them', async () => {
    const load = [
      users(1, { cpuTime: '10ms' }),
      { type: 'recordedCpu', node: 'cloud-1', points: [{ at: '0s', cpu: 1 }] },
    ];
    const run = await runRig({ load, seconds: 2 });
    expect(run.result?.workload).toBe(WORKLOAD);
    expect(run.result).toMatchObject({ unservedCpuSeconds: undefined });
  });
});

describe('recorded CPU', () => {
  it('is not more than the pod’s limit', async () => {
    const load = { type: 'recordedCpu', deployment: WORKLOAD, points: [{ at: '0s', cpu: '900m' }] };
    expect((await runRig({ load: [load], limit: '500m', seconds: 10 })).podCpu).toBeCloseTo(5, 6);
  });

  it('goes on without a connection, and ends with its node', async () => {
    const load = [
      { type: 'recordedCpu', deployment: WORKLOAD, points: [{ at: '0s', cpu: '500m' }] },
      { type: 'recordedCpu', node: 'cloud-1', points: [{ at: '0s', cpu: '100m' }] },
    ];
    const usedWhen = async (state: 'lost' | 'disconnected') => {
      const run = await runRig({ load, seconds: 30, events: [[10, (rig: Rig) => firstNode(rig, state)]] });
      return Array.from(run.cpu.accounts.values(), ({ used }) => used / 1e6);
    };
    expect(await usedWhen('disconnected')).toEqual([expect.closeTo(18, 6)]);
    expect(await usedWhen('lost')).toEqual([expect.closeTo(6, 6)]);
  });
});
