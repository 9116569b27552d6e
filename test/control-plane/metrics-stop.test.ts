import { expect } from 'vitest';
import type { Stage } from './harness/stage.ts';
import { cloud, clusterTest, edge } from './harness/test.ts';
import { eventually } from './harness/wait.ts';

/*
 * Both edge nodes are kept at 2900m of 4000m by pods with tiny requests: room for 300m below the threshold
 * of 3200m. Taken for idle, they would take a pod of 500m.
 */
const test = clusterTest('metrics-stop', {
  nodes: [...edge(2, '4'), ...cloud(1, '32')],
  spillway: { metrics: { pollInterval: '1s', ageingAfter: '15s', unknownAfter: '30s' } },
});

test('a node whose endpoint fails is never taken for idle', async ({ stage, plane }) => {
  const [broken = '', healthy = ''] = stage.edge;
  for (const name of stage.edge) {
    await stage.createPods(`base-${name}`, 1, { nodeName: name, usage: '2900m' });
  }
  await freshnessSeen(stage, broken, 'fresh', 2800);
  await freshnessSeen(stage, healthy, 'fresh', 2800);

  await setMetricsPath(stage, broken, '/nowhere');
  await freshnessSeen(stage, broken, 'ageing', 2800);
  await freshnessSeen(stage, healthy, 'fresh', 2800);
  await expectNotIdle(stage, 'one');

  await setMetricsPath(stage, broken, `/metrics/nodes/${broken}/metrics/resource`);
  await freshnessSeen(stage, broken, 'fresh', 2800);
  expect(plane.metricsServer.running).toBe(true);
});

test('metrics-server dies: decisions go on, and nothing is taken for idle', async ({ stage, plane }) => {
  const [first = '', second = ''] = stage.edge;
  await plane.metricsServer.kill();
  await freshnessSeen(stage, first, 'ageing', 2800);
  await expectNotIdle(stage, 'ageing');
  await freshnessSeen(stage, second, 'unknown', 2800);
  await expectNotIdle(stage, 'unknown');
  expect(await stage.spillway.text('/readyz')).toMatch(/^ready/);

  await plane.metricsServer.start();
  await freshnessSeen(stage, first, 'fresh', 2800);
  await freshnessSeen(stage, second, 'fresh', 2800);
  await expectNotIdle(stage, 'fresh');
});

/** A pod of 500m goes to the cloud, and a pod of 100m to the edge: decisions go on. */
async function expectNotIdle(stage: Stage, prefix: string): Promise<void> {
  await stage.createPods(`${prefix}-large`, 1, { spillway: { 'cpu-estimate': '500m' } });
  expect(await stage.boundTo(`${prefix}-large-1`)).toBe(stage.cloud[0]);
  await stage.createPods(`${prefix}-small`, 1, { spillway: { 'cpu-estimate': '100m' } });
  expect(stage.edge).toContain(await stage.boundTo(`${prefix}-small-1`));
  // It would use up the room of the next.
  await stage.plane.kube.remove(`/api/v1/namespaces/${stage.namespace}/pods/${prefix}-small-1`);
}

async function setMetricsPath(stage: Stage, node: string, path: string): Promise<void> {
  await stage.plane.kube.patch(`/api/v1/nodes/${node}`, {
    metadata: { annotations: { 'metrics.k8s.io/resource-metrics-path': path } },
  });
}

async function freshnessSeen(
  stage: Stage,
  name: string,
  freshness: 'fresh' | 'ageing' | 'unknown',
  lowMilli: number,
): Promise<void> {
  await eventually(
    `${name} to be ${freshness}`,
    async () => {
      const node = await stage.spillway.node(name);
      expect(node).toMatchObject({ freshness });
      expect(node?.forecastMilli).toBeGreaterThanOrEqual(lowMilli);
    },
    { timeoutMs: 90_000, intervalMs: 500 },
  );
}
