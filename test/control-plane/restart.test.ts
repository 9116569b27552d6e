import { expect } from 'vitest';
import { cloud, clusterTest, edge } from './harness/test.ts';
import { until } from './harness/wait.ts';

const test = clusterTest('restart', { nodes: [...edge(3, '4'), ...cloud(5, '32')] });

test('a kill in the middle of a burst loses no pod and overfills no edge node', async ({ stage }) => {
  const { program } = stage.spillway;
  const created = stage.createPods('load', 200, { spillway: { 'cpu-estimate': '150m' } });
  // Asked of Spillway, as the API server is busy with creations: an answer of its own would come too late.
  await until(
    'the middle of the burst',
    async () => ((await stage.spillway.metric('spillway_decisions_total')) >= 30 ? true : undefined),
    { intervalMs: 5 },
  );
  await program.kill();
  await created;
  const boundBefore = (await stage.pods()).filter(({ spec }) => spec.nodeName !== undefined).length;
  expect(boundBefore).toBeGreaterThan(0);
  expect(boundBefore).toBeLessThan(200);
  await program.start();

  const counts = await stage.bound(200);
  // Room for 21 pods of 150m below 3200m: see burst.test.ts.
  expect(stage.edge.map((node) => counts[node])).toEqual([21, 21, 21]);
  for (const name of stage.edge) {
    const { forecastMilli = Number.NaN, thresholdMilli } = (await stage.spillway.node(name)) ?? {};
    expect(forecastMilli).toBeLessThanOrEqual(thresholdMilli ?? 0);
  }
});
