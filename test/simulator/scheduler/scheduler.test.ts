import { describe, expect, it } from 'vitest';
import type { SimulationResult } from '../../../src/outcome/result.ts';
import { deploymentDocument, nodeDocument, runOf, scaleEvent, type TraceDocument } from '../traces.ts';

const seconds = ({ startMs }: SimulationResult, atMs: number | undefined) =>
  atMs === undefined ? undefined : (atMs - startMs) / 1000;

function attemptsOf(result: SimulationResult, name: string): readonly (number | undefined)[] {
  const pod = result.pods.find((candidate) => candidate.name === name);
  return (pod?.attempts ?? []).map(({ atMs }) => seconds(result, atMs));
}

/** Two pods of 900m, one node of 1 CPU: the second waits. */
async function crowded(events: readonly TraceDocument[], duration = '2m', over: TraceDocument = {}) {
  return runOf({
    duration,
    nodes: [nodeDocument('cloud-1', '1')],
    deployments: [deploymentDocument(2, '900m')],
    events,
    ...over,
  });
}

describe('the scheduler’s queue', () => {
  it('takes one pod at a time, the longest waiting first', async () => {
    const result = await runOf({
      deployments: [deploymentDocument(4)],
      scheduler: { cycle: '10ms', watch: '5ms', binding: '100ms' },
    });
    const starts = result.pods.map(({ attempts }) => seconds(result, attempts[0]?.atMs));
    expect(result.pods.map(({ name }) => name)).toEqual(['web-1', 'web-2', 'web-3', 'web-4']);
    expect(starts).toEqual([0.005, 0.015, 0.025, 0.035]);
  });

  it('counts a pod that is assumed and not yet bound', async () => {
    const result = await crowded([], '10s', { scheduler: { binding: '5s' } });
    expect(result.pods.map(({ node }) => node)).toEqual(['cloud-1', undefined]);
    expect(result.pods[1]?.attempts[0]?.reasons).toEqual({ 'Insufficient cpu': 1 });
  });

  it('retries a pod that no node took when a pod has gone', async () => {
    const result = await crowded([scaleEvent('60s', 1), scaleEvent('70s', 2)]);
    // The pending pod goes first (unassigned before assigned); a new one takes its place.
    expect(result.pods.map(({ name, goneAtMs }) => [name, seconds(result, goneAtMs)])).toEqual([
      ['web-1', undefined],
      ['web-2', 60],
      ['web-3', undefined],
    ]);
    expect(attemptsOf(result, 'web-3')).toEqual([70.005]);
  });

  it('is not woken by what can not help: another pod that is bound, starts and becomes ready', async () => {
    expect(attemptsOf(await crowded([], '60s'), 'web-2')).toEqual([0.007]);
  });

  const cordons = Array.from({ length: 60 }, (_, index) => ({
    at: `${10 + index}s`,
    ...(index % 2 === 0 ? { cordon: 'cloud-1' } : { uncordon: 'cloud-1' }),
  }));
  const gapsOf = (result: SimulationResult) => {
    const attempts = attemptsOf(result, 'web-2').map((at) => at ?? 0);
    return attempts.slice(1).map((at, index) => Math.round(at - (attempts[index] ?? 0)));
  };

  it('an idle scheduler does not wait out the back-off, since 1.33', async () => {
    // The taint of cordoned nodes comes and goes every second: events for a pod that does not fit.
    expect(gapsOf(await crowded(cordons)).slice(1, 6)).toEqual([1, 1, 1, 1, 1]);
  });

  it('before, it waited: 1 s, 2 s, 4 s and so on up to 10 s', async () => {
    const result = await crowded(cordons, '2m', { kubernetesVersion: '1.32' });
    expect(gapsOf(result).slice(1, 6)).toEqual([3, 5, 9, 11, 11]);
  });

  it('tries again after five minutes when nothing happens, at the next look half a minute later', async () => {
    const result = await crowded([], '11m');
    expect(attemptsOf(result, 'web-2')).toEqual([0.007, 330, 660]);
  });

  it('takes the more important pod first', async () => {
    const deployment = (name: string, priority: number) => ({
      metadata: { name, namespace: 'fn' },
      spec: {
        replicas: 1,
        template: { spec: { priority, containers: [{ resources: { requests: { cpu: '900m' } } }] } },
      },
    });
    const result = await runOf({
      duration: '10s',
      nodes: [nodeDocument('cloud-1', '1')],
      deployments: [deployment('low', 0), deployment('lower', -5), deployment('high', 7)],
      load: [],
      scheduler: { extender: 'none' },
    });
    const order = result.pods.toSorted(
      (left, right) => (left.attempts[0]?.atMs ?? 0) - (right.attempts[0]?.atMs ?? 0),
    );
    expect(order.map(({ name }) => name)).toEqual(['high-1', 'low-1', 'lower-1']);
  });

  it('does without Spillway when the trace says so', async () => {
    const result = await runOf({ scheduler: { extender: 'none' }, deployments: [deploymentDocument(6)] });
    expect(result.decisions).toEqual([]);
    expect(result.pods.every(({ node }) => node !== undefined)).toBe(true);
  });
});

/** Two pods of which Spillway takes one: the edge is full, and they may go nowhere else. */
const edgeOnly = {
  deployments: [
    {
      metadata: { name: 'web', namespace: 'fn' },
      spec: {
        replicas: 2,
        template: {
          metadata: {
            annotations: { 'spillway.dev/placement': 'edge-only', 'spillway.dev/cpu-estimate': '500m' },
          },
          spec: { containers: [{ resources: { requests: { cpu: '10m' } } }] },
        },
      },
    },
  ],
  load: [],
  duration: '30s',
};

describe('pods that Spillway keeps pending', () => {
  it('are asked about again at any event: their own status, another pod’s binding, start and readiness', async () => {
    const result = await runOf(edgeOnly);
    const [first, second] = result.pods;
    expect(first?.node).toBe('edge-1');
    expect(second?.node).toBeUndefined();
    expect(attemptsOf(result, 'web-2')).toEqual([0.007, 0.014, 0.025, 1.025, 2.025]);
    expect(second?.attempts[0]?.reasons).toMatchObject({ 'edge CPU above limit': 1 });
  });

  it('are not asked about while nothing happens', async () => {
    const result = await runOf({ ...edgeOnly, duration: '4m' });
    expect(attemptsOf(result, 'web-2').at(-1)).toBe(2.025);
  });
});

describe('while Spillway is away', () => {
  const away = [{ at: '5s', down: 'extender' }, scaleEvent('10s', 2), { at: '20s', up: 'extender' }];

  it('pods wait, and are tried again and again: nothing needs to happen', async () => {
    const result = await runOf({ events: away, duration: '1m' });
    const attempts = attemptsOf(result, 'web-2');
    expect(attempts).toEqual([10.005, 12, 15, 20]);
    expect(result.pods[1]?.attempts[0]).toMatchObject({
      reasons: { 'connection refused': 2 },
      decision: undefined,
    });
    expect(result.pods[1]?.node).toBeDefined();
  });

  it('pods are placed without it when it is ignorable', async () => {
    const result = await runOf({ events: away, scheduler: { ignorable: true }, duration: '1m' });
    expect(attemptsOf(result, 'web-2')).toEqual([10.005]);
    expect(result.pods[1]?.attempts[0]?.decision).toBeUndefined();
    expect(result.pods[1]?.node).toBeDefined();
  });
});

describe('nodes that come and go', () => {
  it('a pod that fits nowhere goes to the node that joins', async () => {
    const result = await crowded([{ at: '30s', join: nodeDocument('cloud-2', '1') }], '1m');
    expect(attemptsOf(result, 'web-2')).toEqual([0.007, 30.005]);
    expect(result.pods[1]?.node).toBe('cloud-2');
  });

  it('a node that is too small wakes nobody', async () => {
    const result = await crowded([{ at: '30s', join: nodeDocument('cloud-2', '500m') }], '1m');
    expect(attemptsOf(result, 'web-2')).toEqual([0.007]);
  });

  it('no pod is sent to a node that has left, nor to one that is not ready', async () => {
    for (const event of [{ leave: 'cloud-2' }, { lose: 'cloud-2' }]) {
      const result = await runOf({
        duration: '5m',
        nodes: [nodeDocument('cloud-1', '1'), nodeDocument('cloud-2', '4')],
        deployments: [deploymentDocument(0, '900m')],
        events: [{ at: '10s', ...event }, scaleEvent('2m', 2)],
        scheduler: { extender: 'none' },
      });
      expect(result.pods.map(({ node }) => node)).toEqual(['cloud-1', undefined]);
      const reasons = result.pods[1]?.attempts[0]?.reasons;
      expect(reasons).toEqual({
        'Insufficient cpu': 1,
        ...('lose' in event && { 'node(s) had untolerated taint(s)': 1 }),
      });
    }
  });
});

describe('the profile', () => {
  const nodes = [nodeDocument('cloud-1', '4'), nodeDocument('cloud-2', '4')];
  const spreadByNothing = { maxSkew: 1, topologyKey: 'none', whenUnsatisfiable: 'ScheduleAnyway' };
  const placed = async (scheduler: TraceDocument, podSpec: TraceDocument = {}) => {
    const deployments = [deploymentDocument(6, '100m', podSpec)];
    const result = await runOf({ nodes, deployments, scheduler: { extender: 'none', ...scheduler } });
    const counts = new Map<string, number>();
    for (const { node = 'none' } of result.pods) counts.set(node, (counts.get(node) ?? 0) + 1);
    return Array.from(counts.values()).toSorted();
  };

  it('spreads a ReplicaSet by default, and packs by MostAllocated what need not be spread', async () => {
    expect(await placed({})).toEqual([3, 3]);
    const alone = { topologySpreadConstraints: [spreadByNothing] };
    expect(await placed({ scoringStrategy: 'MostAllocated' }, alone)).toEqual([6]);
  });

  it('keeps to a hard constraint', async () => {
    const hard = {
      maxSkew: 1,
      topologyKey: 'name',
      whenUnsatisfiable: 'DoNotSchedule',
      labelSelector: { matchLabels: { app: 'web' } },
    };
    const named = ['cloud-1', 'cloud-2'].map((name) =>
      nodeDocument(name, '4', { metadata: { name, labels: { name } } }),
    );
    const result = await runOf({
      nodes: named,
      deployments: [deploymentDocument(5, '100m', { topologySpreadConstraints: [hard] })],
      scheduler: { extender: 'none', scoringStrategy: 'MostAllocated' },
      events: [{ at: '1s', cordon: 'cloud-2' }, scaleEvent('10s', 9)],
    });
    // Two or three each; then cloud-1 alone is left, which may have one more than the other.
    const onFirst = result.pods.filter(({ node }) => node === 'cloud-1').length;
    const onSecond = result.pods.filter(({ node }) => node === 'cloud-2').length;
    expect(onFirst + onSecond).toBeLessThan(9);
    expect(onFirst - onSecond).toBe(1);
  });
});
