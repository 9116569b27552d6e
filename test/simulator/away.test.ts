import { describe, expect, it } from 'vitest';
import type { SimulationResult } from '../../src/simulator/result.ts';
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
