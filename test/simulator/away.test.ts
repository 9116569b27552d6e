import { describe, expect, it } from 'vitest';
import type { SimulationResult } from '../../src/outcome/result.ts';
import { deploymentDocument, nodeDocument, runOf, type TraceDocument } from './traces.ts';

const seconds = (run: SimulationResult, atMs: number | undefined) =>
  atMs === undefined ? undefined : (atMs - run.startMs) / 1000;

/** One edge node, two cloud nodes of which pods may only use the edge until it is away. */
async function run(over: TraceDocument): Promise<SimulationResult> {
  return runOf({
    duration: '10m',
    nodes: [nodeDocument('edge-1', '2'), nodeDocument('cloud-1', '4')],
    deployments: [deploymentDocument(2)],
    ...over,
  });
}

describe('a node that is away more than once', () => {
  const unreachableAt = (result: SimulationResult) => seconds(result, result.pods[0]?.terminatingAtMs);
  const twice = (events: readonly TraceDocument[]) =>
    run({ deployments: [deploymentDocument(1, '100m', { tolerations: AT_ONCE })], events });
  // Evicted the moment that its node is known to be away.
  const AT_ONCE = [
    { key: 'node.kubernetes.io/unreachable', operator: 'Exists', effect: 'NoExecute', tolerationSeconds: 0 },
  ];

  it.each([
    {
      name: 'lost twice',
      keys: [
        ['10s', 'lose'],
        ['30s', 'lose'],
      ],
      at: 50,
    },
    {
      name: 'disconnected, then lost',
      keys: [
        ['10s', 'disconnect'],
        ['30s', 'lose'],
      ],
      at: 50,
    },
    {
      name: 'back in between',
      keys: [
        ['10s', 'lose'],
        ['30s', 'recover'],
        ['45s', 'lose'],
      ],
      at: 85,
    },
    {
      name: 'back in time',
      keys: [
        ['10s', 'disconnect'],
        ['30s', 'reconnect'],
      ],
      at: undefined,
    },
  ])('$name: noticed at $at s', async ({ keys, at }) => {
    const result = await twice(keys.map(([moment, key]) => ({ at: moment, [key ?? '']: 'edge-1' })));
    expect(unreachableAt(result)).toBe(at);
  });

  it('a lost machine does not run again because it is disconnected as well', async () => {
    const { nodes, startMs } = await twice([
      { at: '10s', lose: 'edge-1' },
      { at: '20s', disconnect: 'edge-1' },
    ]);
    const used = nodes[0]?.real.filter(({ fromMs }) => fromMs >= startMs + 10_000) ?? [];
    expect(Math.max(...used.map(({ toMilli }) => toMilli))).toBe(0);
  });
});

describe('a kubelet that is not reached', () => {
  /** One pod more is decided on at 30 s, before the node is away, and bound when it is. */
  const boundTooLate = (over: TraceDocument) =>
    run({
      deployments: [deploymentDocument(1)],
      scheduler: { binding: '3s' },
      kubelet: { startUp: '3s', readiness: '4s' },
      ...over,
    });
  const secondPod = (result: SimulationResult) => {
    const { startedAtMs, readyAtMs, terminatingAtMs, restarts } = result.pods[1] ?? {};
    const [started, ready, terminating] = [startedAtMs, readyAtMs, terminatingAtMs].map((atMs) => {
      const second = seconds(result, atMs);
      return second && Math.round(second);
    });
    return { started, ready, terminating, restarts };
  };

  it.each([
    ['disconnect', 'reconnect'],
    ['lose', 'recover'],
  ])('hears of a pod that was bound meanwhile when it is reached: %s, %s', async (away, back) => {
    const result = await boundTooLate({
      events: [
        { at: '30s', scale: { deployment: 'fn/web', replicas: 2 } },
        { at: '31s', [away]: 'edge-1' },
        { at: '60s', [back]: 'edge-1' },
      ],
    });
    expect(secondPod(result)).toEqual({ started: 63, ready: 67, terminating: undefined, restarts: 0 });
  });

  it('... and that pod is deleted in its turn, when it stays away', async () => {
    const result = await boundTooLate({
      nodeController: { gracePeriod: '20s' },
      events: [
        { at: '10s', disconnect: 'edge-1' },
        { at: '29s', scale: { deployment: 'fn/web', replicas: 2 } },
      ],
    });
    // Bound at 32 s, two seconds after the node became unreachable; 300 s are tolerated.
    expect(secondPod(result)).toEqual({
      started: undefined,
      ready: undefined,
      terminating: 332,
      restarts: 0,
    });
  });

  it.each([
    { what: 'starts its containers', crashes: [], restarts: 0, ready: 40 },
    { what: 'waits to start them again', crashes: ['41s', '50s'], restarts: 2, ready: 100 },
  ])('says when it is back that they are ready, and not before: $what', async (given) => {
    const last = given.crashes.at(-1) ?? '0s';
    const awayAt = Number.parseInt(last, 10) + 5;
    const result = await run({
      deployments: [deploymentDocument(1)],
      kubelet: { startUp: '0s', readiness: '40s' },
      events: [
        ...given.crashes.map((at) => ({ at, crash: 'fn/web-1' })),
        { at: `${awayAt}s`, disconnect: 'edge-1' },
        { at: `${awayAt + 2}s`, reconnect: 'edge-1' },
      ],
    });
    const [pod] = result.pods;
    expect(Math.round(seconds(result, pod?.readyAtMs) ?? 0)).toBe(given.ready);
    expect(pod?.restarts).toBe(given.restarts);
  });
});

it('a container that waits to be started again cannot crash', async () => {
  const result = await run({
    deployments: [deploymentDocument(1)],
    // The second time it waits for ten seconds.
    events: ['30s', '35s', '40s'].map((at) => ({ at, crash: 'fn/web-1' })),
  });
  expect(result.pods[0]?.restarts).toBe(2);
});
