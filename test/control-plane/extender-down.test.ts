import { expect } from 'vitest';
import type { KubeObject } from './harness/kube.ts';
import type { Condition } from './harness/objects.ts';
import type { Stage } from './harness/stage.ts';
import { cloud, clusterTest, edge } from './harness/test.ts';
import { eventually } from './harness/wait.ts';

const test = clusterTest('extender-down', { nodes: [...edge(1, '4'), ...cloud(1, '32')] });

const POD = { spillway: { placement: 'edge-only', 'cpu-estimate': '100m' } } as const;

test.beforeEach(({ stage }) => stage.deletePods());

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

test('while it is down and ignorable, pods are bound at once as if it were not there', async ({ stage }) => {
  const [edgeNode = '', cloudNode = ''] = stage.nodes;
  const pod = { ...POD, request: '500m' };
  await stage.createPods('without', 5, { ...pod, schedulerName: 'default-scheduler' });
  const withoutExtender = await stage.bound(5);
  await stage.deletePods();

  await stage.set({ scheduler: { ignorable: true } });
  await stage.spillway.program.kill();
  await stage.createPods('ignored', 5, pod);
  expect(await stage.bound(5, 10_000)).toEqual(withoutExtender);
  // Nobody was there to read that they want the edge: the cloud node is the emptier one.
  expect(withoutExtender).toEqual({ [edgeNode]: 0, [cloudNode]: 5 });
  expect(await failedScheduling(stage, 'ignored')).toEqual([]);
});

test('after its return the next pods are placed by it, and what was placed meanwhile counts', async ({
  stage,
}) => {
  const [edgeNode = '', cloudNode = ''] = stage.nodes;
  await stage.set({ scheduler: { ignorable: true } });
  await stage.spillway.program.kill();
  const onEdge = { nodeSelector: { 'kubernetes.io/hostname': edgeNode } };
  // 3000m of the 3200m that the threshold allows: room for 100m, and not for 300m.
  const meanwhile = { usage: '1000m', spillway: { 'cpu-estimate': '1000m' }, ...onEdge };
  await stage.createPods('meanwhile', 3, meanwhile);
  await stage.bound(3, 10_000);
  await stage.spillway.program.start();

  expect(await stage.spillway.node(edgeNode)).toMatchObject({ pods: 1 + 3, reservations: 0 });
  await stage.createPods('large', 1, { spillway: { 'cpu-estimate': '300m' } });
  expect(await stage.boundTo('large-1')).toBe(cloudNode);
  await stage.createPods('small', 1, { spillway: { 'cpu-estimate': '100m' } });
  expect(await stage.boundTo('small-1')).toBe(edgeNode);
  const [large] = await stage.spillway.decisions(stage.namespace, 'large-1');
  expect(large).toMatchObject({ result: 'overflow', reason: 'edge-above-threshold' });
});

function scheduled(conditions: readonly Condition[] = []): Condition | undefined {
  return conditions.find(({ type }) => type === 'PodScheduled');
}

interface Event extends KubeObject {
  readonly reason?: string;
  readonly message?: string;
  readonly involvedObject: { readonly name: string };
}

/** What the scheduler said of attempts that failed: none, if a pod was bound at the first. */
async function failedScheduling(stage: Stage, prefix: string): Promise<readonly (string | undefined)[]> {
  const events = await stage.plane.kube.list<Event>(`/api/v1/namespaces/${stage.namespace}/events`);
  return events
    .filter(
      ({ reason, involvedObject: { name } }) => reason === 'FailedScheduling' && name.startsWith(prefix),
    )
    .map(({ message }) => message);
}
