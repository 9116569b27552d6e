import { expect } from 'vitest';
import type { Stage } from './harness/stage.ts';
import { cloud, clusterTest, edge } from './harness/test.ts';
import { eventually } from './harness/wait.ts';

const test = clusterTest('live-cpu', { nodes: [...edge(2, '4'), ...cloud(1, '32')] });

test('what an edge node uses decides, not what was requested there', async ({ stage }) => {
  const [hot = '', idle = ''] = stage.edge;
  // Pods that no scheduler placed: all but idle by requests and hot by usage; and the other way round.
  await stage.createPods('hot', 2, { nodeName: hot, request: '10m', usage: '1600m' });
  await stage.createPods('idle', 2, { nodeName: idle, request: '1500m', usage: '10m' });
  await forecastSeen(stage, hot, 3150, 3600);
  await forecastSeen(stage, idle, 15, 100);

  await stage.createPods('new', 4, { request: '100m' });
  await expect(stage.bound(8)).resolves.toEqual({ [hot]: 2, [idle]: 6, [stage.cloud[0] ?? '']: 0 });
  const [decision] = await stage.spillway.decisions(stage.namespace, 'new-1');
  expect(decision?.candidates.find(({ node }) => node === hot)).toMatchObject({
    tier: 'edge',
    verdict: 'refused',
    reason: 'edge-above-threshold',
  });

  // By requests the node is full now (3400m of 4000m), so the scheduler itself refuses it.
  await stage.createPods('large', 1, { request: '700m' });
  expect(await stage.boundTo('large-1')).toBe(stage.cloud[0]);
});

test('an edge node takes pods again once its usage has come down', async ({ stage, plane }) => {
  const [hot = ''] = stage.edge;
  for (const name of ['hot-1', 'hot-2']) {
    await plane.kube.patch(`/api/v1/namespaces/${stage.namespace}/pods/${name}`, {
      metadata: { annotations: { 'kwok.x-k8s.io/usage-cpu': '200m' } },
    });
  }
  await forecastSeen(stage, hot, 300, 500);
  await stage.createPods('later', 1, { request: '700m' });
  expect(await stage.boundTo('later-1')).toBe(hot);
});

/** Until Spillway expects the node to use so much. A sample counts for a pod once it lies after its start. */
async function forecastSeen(stage: Stage, name: string, lowMilli: number, highMilli: number): Promise<void> {
  await eventually(
    `${name} to be forecast at ${lowMilli} to ${highMilli}m`,
    async () => {
      const { forecastMilli = Number.NaN } = (await stage.spillway.node(name)) ?? {};
      expect(forecastMilli).toBeGreaterThanOrEqual(lowMilli);
      expect(forecastMilli).toBeLessThanOrEqual(highMilli);
    },
    { timeoutMs: 60_000, intervalMs: 500 },
  );
}
