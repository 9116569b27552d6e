import { describe, expect } from 'vitest';
import { podsMeasured, usageMilli } from './harness/metrics.ts';
import type { Stage } from './harness/stage.ts';
import { StubExtender } from './harness/stub-extender.ts';
import { cloud, clusterTest, edge } from './harness/test.ts';
import { eventually } from './harness/wait.ts';

/*
 * 4000m × 0.80 = 3200m. With a node's agent at 1m there is room for 21 pods of 150m, and not for 22:
 * 1 + 21 × 150 = 3151. By requests, 10m each, all 200 would fit on one node.
 */
const PODS_PER_EDGE_NODE = 21;
const POD = { request: '10m', spillway: { 'cpu-estimate': '150m' } } as const;

const test = clusterTest('burst', { nodes: [...edge(3, '4'), ...cloud(5, '32')] });

describe('200 pods at once', () => {
  test.afterEach(({ stage }) => stage.deletePods());

  test('fill every edge node to its threshold, and the rest goes to the cloud', async ({ stage }) => {
    await burst(stage);
  });

  test('do so when the scheduler sends whole nodes', async ({ stage }) => {
    await stage.set({ scheduler: { nodeCacheCapable: false } });
    await burst(stage);
  });

  test('do so when the scheduler has the last word', async ({ stage }) => {
    await stage.set({ spillway: { placement: { edgeCandidates: 'all' } } });
    await burst(stage);
    expect(
      await stage.spillway.metric('spillway_reservations_ended_total', { outcome: 'moved', tier: 'edge' }),
    ).toBe(0);
  });

  test('do so as pods of the default scheduler', async ({ stage }) => {
    await stage.set({ scheduler: { plugIn: 'default-profile' } });
    await burst(stage);
  });

  test('do so when every third is refused at first and tried again', async ({ stage }) => {
    const refused = new Set<string>();
    const moody = await StubExtender.start({
      filter: ({ Pod: { metadata }, NodeNames }) => {
        if (Number(metadata.name.split('-')[1]) % 3 > 0 || refused.has(metadata.uid)) return { NodeNames };
        refused.add(metadata.uid);
        return { NodeNames: [], Error: 'not yet' };
      },
    });
    const after = [{ urlPrefix: moody.url, filterVerb: 'filter', nodeCacheCapable: true }];
    await stage.set({ scheduler: { others: { after } } });
    await burst(stage);
    expect(refused.size).toBe(66);
    await stage.set({}); // nobody may ask the moody one after its end
    await moody.stop();
  });

  test('do so when another extender, asked before Spillway, leaves one edge node to each', async ({
    stage,
  }) => {
    const picky = await pickyExtender(stage);
    const before = [{ urlPrefix: picky.url, filterVerb: 'filter', nodeCacheCapable: true }];
    await stage.set({
      scheduler: { others: { before } },
      spillway: { placement: { edgeCandidates: 'all' } },
    });
    await burst(stage);
    expect(picky.calls).toHaveLength(200);
    await stage.set({});
    await picky.stop();
  });

  // The last one: what these pods used is in the nodes' measured CPU for a while after they have gone.
  test('keep the measured CPU below the threshold, too', async ({ stage, plane }) => {
    await stage.set({});
    await burst(stage, '150m');
    await podsMeasured(plane.kube, stage.namespace, 200);
    // KWOK is asked when the burst has just kept the machine busy, and a late answer looks like more CPU.
    await eventually('quiet samples', async () => {
      for (const node of stage.edge) {
        const milli = await usageMilli(plane.kube, node);
        expect(milli).toBeGreaterThan(3000);
        expect(milli).toBeLessThanOrEqual(3200);
      }
    });
  });
});

/** Leaves of the edge one node, in turn, and all of the cloud. */
function pickyExtender(stage: Stage): Promise<StubExtender> {
  return StubExtender.start({
    filter: ({ Pod: { metadata }, NodeNames }) => {
      const own = stage.edge[Number(metadata.name.split('-')[1]) % stage.edge.length];
      return { NodeNames: NodeNames?.filter((name) => name === own || stage.cloud.includes(name)) };
    },
  });
}

async function burst(stage: Stage, usage?: string): Promise<void> {
  await stage.createPods('load', 200, usage === undefined ? POD : { ...POD, usage });
  const counts = await stage.bound(200);
  expect(stage.edge.map((node) => counts[node])).toEqual(stage.edge.map(() => PODS_PER_EDGE_NODE));
  expect(stage.cloud.reduce((sum, node) => sum + (counts[node] ?? 0), 0)).toBe(137);
  for (const name of stage.edge) {
    const { forecastMilli = Number.NaN, thresholdMilli } = (await stage.spillway.node(name)) ?? {};
    expect(thresholdMilli).toBe(3200);
    expect(forecastMilli).toBeLessThanOrEqual(3200);
  }
}
