import { expect } from 'vitest';
import type { KubeClient } from './harness/kube.ts';
import type { Node } from './harness/objects.ts';
import type { Stage } from './harness/stage.ts';
import { cloud, clusterTest, edge } from './harness/test.ts';
import { until } from './harness/wait.ts';

/*
 * A machine that is cut off says nothing any more: its kubelet renews no Lease, and after the grace period
 * (50 s) the node lifecycle controller declares it Unknown and unreachable. KWOK leaves a node alone whose
 * Lease another one holds.
 */
const test = clusterTest('node-lost', { nodes: [...edge(2, '4'), ...cloud(1, '32')] });

const GRACE_PERIOD_MS = 50_000;

test('an edge node whose Lease ends is left out at once, and used again when it is back', async ({
  stage,
  plane: { kube },
}) => {
  const [lost = '', other = ''] = stage.edge;
  await holdLease(kube, lost, { holderIdentity: 'nobody', leaseDurationSeconds: 3600 });
  await stage.createPods('until-then', 1, { nodeSelector: { 'kubernetes.io/hostname': lost } });
  expect(await stage.boundTo('until-then-1')).toBe(lost);

  // Of all that the controller does, the first thing that Spillway can see.
  const unknownAtMs = await until(
    `${lost} to be declared unknown`,
    async () => ((await readiness(kube, lost)) === 'Unknown' ? Date.now() : undefined),
    { timeoutMs: 3 * GRACE_PERIOD_MS, intervalMs: 50 },
  );
  await seenReady(stage, lost, false);
  expect(Date.now() - unknownAtMs).toBeLessThan(2000);
  // Asked by hand, since kube-scheduler itself no longer asks about a node that is tainted.
  expect(await ask(stage, lost)).toMatchObject({
    NodeNames: [],
    FailedAndUnresolvableNodes: { [lost]: 'node not ready' },
  });

  await stage.createPods('away', 21, { usage: '150m', spillway: { 'cpu-estimate': '150m' } });
  expect(await stage.bound(22)).toEqual({ [lost]: 1, [other]: 21, [stage.cloud[0] ?? '']: 0 });
  // One more than the other edge node takes: the cloud, although the lost one would be all but empty.
  await stage.createPods('over', 1, { usage: '150m', spillway: { 'cpu-estimate': '150m' } });
  expect(await stage.boundTo('over-1')).toBe(stage.cloud[0]);

  await holdLease(kube, lost, { leaseDurationSeconds: 1 });
  await seenReady(stage, lost, true);
  await stage.createPods('back', 1, { usage: '150m', spillway: { 'cpu-estimate': '150m' } });
  expect(await stage.boundTo('back-1')).toBe(lost);
});

async function ask(stage: Stage, node: string): Promise<unknown> {
  const Pod = { metadata: { name: 'asked', namespace: 'default', uid: 'asked' } };
  const body = JSON.stringify({ Pod, Nodes: null, NodeNames: [node] });
  return (await fetch(`${stage.spillway.url}/filter`, { method: 'POST', body })).json();
}

/** Once by another holder: KWOK takes it back when that one has let it expire. */
async function holdLease(kube: KubeClient, node: string, lease: object): Promise<void> {
  const path = `/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases/${node}`;
  await kube.patch(path, { spec: { ...lease, renewTime: `${new Date().toISOString().slice(0, -1)}000Z` } });
}

async function readiness(kube: KubeClient, node: string): Promise<string | undefined> {
  const { status } = await kube.get<Node>(`/api/v1/nodes/${node}`);
  return status.conditions?.find(({ type }) => type === 'Ready')?.status;
}

async function seenReady(stage: Stage, node: string, ready: boolean): Promise<void> {
  await until(
    `${node} to be seen ${ready ? '' : 'not '}ready`,
    async () => ((await stage.spillway.node(node))?.ready === ready ? true : undefined),
    { timeoutMs: 60_000, intervalMs: 50 },
  );
}
