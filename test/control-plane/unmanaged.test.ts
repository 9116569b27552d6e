import { expect } from 'vitest';
import { podTemplate } from './harness/objects.ts';
import type { Stage } from './harness/stage.ts';
import { cloud, clusterTest, edge } from './harness/test.ts';
import { eventually, until } from './harness/wait.ts';

/*
 * The edge node is above its limit (3800m of 4000m) by a pod that no scheduler placed: Spillway refuses it to
 * every pod that it manages, so what goes there has passed untouched.
 */
const test = clusterTest('unmanaged', { nodes: [...edge(1, '4'), ...cloud(1, '32')] });

const ONLY_EDGE = { nodeSelector: { 'node-role.kubernetes.io/edge': '' } } as const;

test('a managed pod waits for the full edge node', async ({ stage }) => {
  const [node = ''] = stage.edge;
  await stage.createPods('full', 1, { nodeName: node, usage: '3900m' });
  await eventually(
    'the node to be seen full',
    async () => expect((await stage.spillway.node(node))?.forecastMilli).toBeGreaterThan(3850),
    { timeoutMs: 60_000 },
  );
  await stage.createPods('managed', 1, ONLY_EDGE);
  const message = await until('the scheduler to have tried', async () => {
    const { status } = await stage.pod('managed-1');
    return status.conditions?.find(({ type, status: is }) => type === 'PodScheduled' && is === 'False')
      ?.message;
  });
  expect(message).toContain('edge CPU above limit');
});

test.for([
  ['placement off', { spillway: { placement: 'off' } }],
  ['a critical priority', { priorityClassName: 'system-cluster-critical' }],
  ["Spillway's own label", { labels: { 'app.kubernetes.io/name': 'spillway' } }],
] as const)('a pod with %s passes', async ([, options], { stage }) => {
  const prefix = `pass-${Object.keys(options)[0]?.toLowerCase()}`;
  await stage.createPods(prefix, 1, { ...ONLY_EDGE, ...options });
  expect(await stage.boundTo(`${prefix}-1`)).toBe(stage.edge[0]);
  await expectPassed(stage, stage.namespace, `${prefix}-1`);
});

test('a pod in kube-system passes', async ({ stage, plane }) => {
  const { metadata, spec } = podTemplate({ ...ONLY_EDGE, schedulerName: 'spillway' });
  const path = '/api/v1/namespaces/kube-system/pods';
  await plane.kube.create(path, { metadata: { ...metadata, name: 'system' }, spec });
  await until('it to be bound', async () => {
    const pod = await plane.kube.get<{ readonly spec: { readonly nodeName?: string } }>(`${path}/system`);
    return pod.spec.nodeName;
  });
  await expectPassed(stage, 'kube-system', 'system');
  await plane.kube.remove(`${path}/system`);
});

test('a DaemonSet runs on every node, the full one too', async ({ stage, plane }) => {
  const template = podTemplate({ schedulerName: 'spillway', labels: { daemon: 'set' } });
  await plane.kube.create(`/apis/apps/v1/namespaces/${stage.namespace}/daemonsets`, {
    metadata: { name: 'daemon' },
    spec: { selector: { matchLabels: { daemon: 'set' } }, template },
  });
  const daemons = await until('a pod on each node', async () => {
    const pods = (await stage.pods()).filter(({ metadata: { labels } }) => labels?.['daemon'] === 'set');
    return pods.length === 2 && pods.every(({ spec }) => spec.nodeName !== undefined) ? pods : undefined;
  });
  expect(daemons.map(({ spec }) => spec.nodeName).sort()).toEqual([...stage.nodes].sort());
  for (const { metadata } of daemons) await expectPassed(stage, stage.namespace, metadata.name);
});

test('a mirror pod is counted where its kubelet runs it, and nobody asks about it', async ({
  stage,
  plane,
}) => {
  const [node = ''] = stage.edge;
  const before = (await stage.spillway.node(node))?.pods ?? Number.NaN;
  const { metadata, spec } = podTemplate({ nodeName: node });
  await plane.kube.create(`/api/v1/namespaces/${stage.namespace}/pods`, {
    metadata: { ...metadata, name: 'mirror', annotations: { 'kubernetes.io/config.mirror': 'hash' } },
    spec,
  });
  await eventually('it to be counted', async () => {
    expect((await stage.spillway.node(node))?.pods).toBe(before + 1);
  });
  expect(await stage.spillway.decisions(stage.namespace, 'mirror')).toEqual([]);
});

async function expectPassed(stage: Stage, namespace: string, pod: string): Promise<void> {
  const decisions = await stage.spillway.decisions(namespace, pod);
  expect(decisions.length).toBeGreaterThan(0);
  for (const decision of decisions) expect(decision).toMatchObject({ result: 'passed', reason: 'unmanaged' });
}
