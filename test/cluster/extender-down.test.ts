import { expect } from 'vitest';
import type { Condition } from './harness/objects.ts';
import { cloud, clusterTest, edge } from './harness/test.ts';
import { eventually } from './harness/wait.ts';

const test = clusterTest('extender-down', { nodes: [...edge(1, '4'), ...cloud(1, '32')] });

const POD = { spillway: { placement: 'edge-only', 'cpu-estimate': '100m' } } as const;

test('while Spillway is down and not ignorable, pods wait; they are bound once it is back', async ({
  stage,
}) => {
  await stage.spillway.program.kill();
  await stage.createPods('waiting', 5, POD);
  await eventually('the scheduler to have tried', async () => {
    for (const { status } of await stage.pods())
      expect(scheduled(status.conditions)).toMatchObject({ status: 'False' });
  });
  expect((await stage.pods()).filter(({ spec }) => spec.nodeName !== undefined)).toEqual([]);

  await stage.spillway.program.start();
  // kube-scheduler's back-off ends after 10 s at the latest; the rest is for a busy machine.
  await expect(stage.bound(5, 20_000)).resolves.toEqual({
    [stage.edge[0] ?? '']: 5,
    [stage.cloud[0] ?? '']: 0,
  });
});

test('while it is down and ignorable, pods are bound as if it were not there', async ({ stage }) => {
  await stage.set({ scheduler: { ignorable: true } });
  await stage.spillway.program.kill();
  // Asks for the edge, and nobody is there to read it: the cloud node is far emptier.
  await stage.createPods('ignored', 5, { ...POD, request: '500m' });
  const counts = await stage.bound(10, 10_000);
  expect(counts[stage.cloud[0] ?? '']).toBeGreaterThan(0);

  await stage.spillway.program.start();
  await stage.createPods('again', 1, POD);
  expect(await stage.boundTo('again-1')).toBe(stage.edge[0]);
});

function scheduled(conditions: readonly Condition[] = []): Condition | undefined {
  return conditions.find(({ type }) => type === 'PodScheduled');
}
