import { expect } from 'vitest';
import { cloud, clusterTest, edge } from './harness/test.ts';
import { eventually } from './harness/wait.ts';

const test = clusterTest('apiserver-restart', { nodes: [...edge(1, '4'), ...cloud(1, '32')] });

test('decisions are right again after the API server was away', async ({ stage, plane }) => {
  const [edgeNode = '', cloudNode = ''] = stage.nodes;
  const pod = { usage: '150m', spillway: { 'cpu-estimate': '150m' } };
  await stage.createPods('before', 10, pod);
  await expect(stage.bound(10)).resolves.toEqual({ [edgeNode]: 10, [cloudNode]: 0 });

  await plane.apiserver.kill();
  const { pid } = stage.spillway.program;
  await eventually('Spillway to notice', async () => {
    const restarts = await stage.spillway.metric('spillway_watch_restarts_total');
    expect(restarts).toBeGreaterThan(0);
  });
  // It goes on answering from what it knows. A pod for the cloud, whose reservation takes no room at the edge.
  const annotations = { 'spillway.dev/placement': 'cloud-only' };
  const Pod = { metadata: { name: 'asked', namespace: 'default', uid: 'asked', annotations } };
  const answer = await fetch(`${stage.spillway.url}/filter`, {
    method: 'POST',
    body: JSON.stringify({ Pod, Nodes: null, NodeNames: stage.nodes }),
  });
  expect(await answer.json()).toEqual({ NodeNames: [cloudNode] });
  await plane.apiserver.start();

  // Watches and metrics are back when Spillway has both of a node that came after the restart.
  const late = await stage.addNode({ cpu: '4', tier: 'edge', labels: { late: 'true' } });
  await eventually(
    'the new node to be seen and measured',
    async () => {
      const node = await stage.spillway.node(late);
      expect(node).toMatchObject({ ready: true, freshness: 'fresh' });
      expect(node?.forecastMilli).toBeLessThan(50);
    },
    { timeoutMs: 90_000, intervalMs: 500 },
  );
  await stage.createPods('after', 20, { ...pod, nodeSelector: { late: 'true' } });
  await stage.createPods('rest', 20, pod);
  const counts = await stage.bound(50);
  // 21 fit on each edge node; see burst.test.ts.
  expect(counts).toEqual({ [edgeNode]: 21, [late]: 21, [cloudNode]: 8 });
  expect(stage.spillway.program.pid).toBe(pid);
});
