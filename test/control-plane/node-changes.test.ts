import { expect } from 'vitest';
import type { NodeSeen } from './harness/spillway.ts';
import type { Stage } from './harness/stage.ts';
import { cloud, clusterTest, edge } from './harness/test.ts';
import { eventually } from './harness/wait.ts';

const test = clusterTest('node-changes', { nodes: [...edge(2, '4'), ...cloud(1, '32')] });

const WITHIN_S = 5;

test('an edge node that is not ready gets nothing, and is used again when it is', async ({
  stage,
  plane,
}) => {
  const [first = '', second = ''] = stage.edge;
  await label(stage, first, { 'node-not-ready.stage.kwok.x-k8s.io': 'true' });
  await seenWithin(stage, first, { ready: false });
  await stage.createPods('away', 5, { request: '100m' });
  await expectAllOn(stage, 'away', 5, second);

  await label(stage, first, { 'node-not-ready.stage.kwok.x-k8s.io': null });
  await seenWithin(stage, first, { ready: true });
  await stage.createPods('back', 1, { nodeSelector: { 'kubernetes.io/hostname': first } });
  expect(await stage.boundTo('back-1')).toBe(first);
  expect(plane.kwok.running).toBe(true);
});

test('a cordoned edge node gets nothing', async ({ stage, plane }) => {
  const [first = '', second = ''] = stage.edge;
  await plane.kube.patch(`/api/v1/nodes/${second}`, { spec: { unschedulable: true } });
  await seenWithin(stage, second, { schedulable: false });
  await stage.createPods('cordoned', 5, { request: '100m' });
  await expectAllOn(stage, 'cordoned', 5, first);
  await plane.kube.patch(`/api/v1/nodes/${second}`, { spec: { unschedulable: null } });
  await seenWithin(stage, second, { schedulable: true });
});

test('a deleted edge node is forgotten', async ({ stage }) => {
  const [first = '', second = ''] = stage.edge;
  await stage.removeNode(first);
  await eventually(
    `${first} to be forgotten`,
    async () => expect(await stage.spillway.node(first)).toBeUndefined(),
    { timeoutMs: WITHIN_S * 1000 },
  );
  await stage.createPods('deleted', 5, { request: '100m' });
  await expectAllOn(stage, 'deleted', 5, second);
});

test('a new edge node is used before it has metrics', async ({ stage }) => {
  const name = await stage.addNode({ cpu: '4', tier: 'edge', labels: { joined: 'late' } });
  await seenWithin(stage, name, { ready: true, freshness: 'unknown' });
  await stage.createPods('joined', 5, { request: '100m', nodeSelector: { joined: 'late' } });
  await expectAllOn(stage, 'joined', 5, name);
  const [decision] = await stage.spillway.decisions(stage.namespace, 'joined-1');
  expect(decision).toMatchObject({ result: 'edge', nodes: [name] });
});

async function seenWithin(stage: Stage, name: string, expected: Partial<NodeSeen>): Promise<void> {
  await eventually(
    `${name} to be seen as ${JSON.stringify(expected)}`,
    async () => expect(await stage.spillway.node(name)).toMatchObject(expected),
    { timeoutMs: WITHIN_S * 1000 },
  );
}

async function expectAllOn(stage: Stage, prefix: string, count: number, node: string): Promise<void> {
  for (let index = 1; index <= count; index += 1) {
    expect(await stage.boundTo(`${prefix}-${index}`)).toBe(node);
  }
}

async function label(
  stage: Stage,
  node: string,
  labels: Readonly<Record<string, string | null>>,
): Promise<void> {
  await stage.plane.kube.patch(`/api/v1/nodes/${node}`, { metadata: { labels } });
}
