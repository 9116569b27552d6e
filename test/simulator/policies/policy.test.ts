import { describe, expect, it } from 'vitest';
import { POLICY_NAMES } from '../../../src/trace/policy-names.ts';
import { deploymentDocument, nodeDocument, runOf, scaleEvent } from '../traces.ts';

const SCALED = {
  nodes: [nodeDocument('edge-1', '1'), nodeDocument('edge-2', '1'), nodeDocument('cloud-1', '4')],
  events: [scaleEvent('30s', 6)],
  load: [{ type: 'recordedCpu', deployment: 'fn/web', points: [{ at: '0s', cpu: '600m' }] }],
};

describe.each(POLICY_NAMES)('%s', (policy) => {
  it('places every pod, and the same again', async () => {
    const [result, again] = await Promise.all([0, 1].map(() => runOf({ ...SCALED, scheduler: { policy } })));
    expect(result?.pods.map(({ node }) => node)).not.toContain(undefined);
    expect(result?.pods).toHaveLength(6);
    expect(JSON.stringify(result)).toBe(JSON.stringify(again));
  });

  it(policy === 'spillway' ? 'asks Spillway' : 'does not ask Spillway', async () => {
    const { decisions } = await runOf({ ...SCALED, scheduler: { policy } });
    expect(decisions.length > 0).toBe(policy === 'spillway');
  });
});

describe('random', () => {
  it('takes each of the nodes that fit equally often', async () => {
    const counts = new Map<string, number>();
    for (let seed = 1; seed <= 100; seed += 1) {
      const { pods } = await runOf({ ...SCALED, seed, scheduler: { policy: 'random' } });
      for (const { node = '' } of pods) counts.set(node, (counts.get(node) ?? 0) + 1);
    }
    // 600 draws of one in three: 200, with a standard deviation of 11.5.
    for (const node of ['edge-1', 'edge-2', 'cloud-1']) {
      expect(Math.abs((counts.get(node) ?? 0) - 200)).toBeLessThan(46);
    }
  });
});

describe('affinity', () => {
  it('puts pods to the edge that the default profile spreads', async () => {
    const atEdge = async (policy: string) =>
      (await runOf({ ...SCALED, scheduler: { policy } })).pods.filter(({ tier }) => tier === 'edge').length;
    expect(await atEdge('affinity')).toBeGreaterThan(await atEdge('default'));
  });
});

describe('koordinator', () => {
  it('tries a pod that it refused again when a node reports less', async () => {
    const { pods } = await runOf({
      duration: '10m',
      nodes: [nodeDocument('edge-1', '1')],
      events: [scaleEvent('2m', 2)],
      load: [
        {
          type: 'recordedCpu',
          node: 'edge-1',
          between: 'step',
          points: [
            { at: '0s', cpu: '900m' },
            { at: '150s', cpu: '0' },
          ],
        },
      ],
      deployments: [deploymentDocument(0)],
      scheduler: { policy: 'koordinator' },
    });
    const [first] = pods;
    expect(first?.attempts[0]).toMatchObject({
      result: 'unschedulable',
      reasons: { 'node(s) cpu usage exceed threshold': 1 },
    });
    const waitedMs = (first?.boundAtMs ?? Number.POSITIVE_INFINITY) - (first?.createdAtMs ?? 0);
    // Its five-minute mean is below 65 % some minutes after the load went; the periodic retry comes later.
    expect(waitedMs).toBeLessThan(290_000);
    expect(waitedMs).toBeGreaterThan(60_000);
  });
});
