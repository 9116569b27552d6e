import { expect } from 'vitest';
import type { Pod } from './harness/objects.ts';
import { cloud, clusterTest, edge } from './harness/test.ts';
import { until } from './harness/wait.ts';

/** Each far emptier than the cloud node that is left, so that the scheduler would take them. */
const EDGE_OF_OTHER_PLATFORMS = [
  { 'openyurt.io/is-edge-worker': 'true' },
  { 'superedge.io/node-edge': 'enable' },
  { 'eks.amazonaws.com/compute-type': 'hybrid' },
].map((labels) => ({ cpu: '256', tier: 'cloud', labels }) as const);

/*
 * deploy/kustomize was applied before the first stage began (harness/deploy.ts), and every test of this
 * folder runs with the rights that it granted. Here: that they are no more than needed, and that the
 * Deployment's pods are admitted and go where they belong.
 */
const test = clusterTest('deploy', {
  nodes: [...edge(1, '4'), ...cloud(1, '32'), ...EDGE_OF_OTHER_PLATFORMS],
});

const DEPLOYMENT = '/apis/apps/v1/namespaces/spillway-system/deployments/spillway';

test('both pods of the Deployment are admitted, and none goes to the edge of any platform', async ({
  stage,
  plane,
}) => {
  await plane.kube.patch(DEPLOYMENT, { spec: { replicas: 2 } });
  const pods = await until('two pods bound', async () => {
    const found = await plane.kube.list<Pod>('/api/v1/namespaces/spillway-system/pods');
    return found.length === 2 && found.every(({ spec }) => spec.nodeName !== undefined) ? found : undefined;
  });
  expect(pods.map(({ spec }) => spec.nodeName)).toEqual([stage.cloud[0], stage.cloud[0]]);
  expect(pods.map(({ spec }) => spec.schedulerName)).toEqual(['default-scheduler', 'default-scheduler']);
  await plane.kube.patch(DEPLOYMENT, { spec: { replicas: 0 } });
});

test.for([
  ['list nodes', 'yes'],
  ['watch pods', 'yes'],
  ['list replicasets.apps', 'yes'],
  ['list pods.metrics.k8s.io', 'yes'],
  ['create pods', 'no'],
  ['create pods/binding', 'no'],
  ['patch nodes', 'no'],
  ['list secrets', 'no'],
  ['list configmaps', 'no'],
] as const)('Spillway itself, may it %s? %s', async ([right, answer], { accounts, plane }) => {
  const [verb = '', resource = ''] = right.split(' ');
  expect(await plane.canI(accounts.extender, verb, resource)).toBe(answer === 'yes');
});

test('the scheduler holds its own Lease, by the rights of the Deployment', async ({ stage, plane }) => {
  expect(stage.scheduler.running).toBe(true);
  const lease = await plane.kube.get<{ readonly spec: { readonly holderIdentity?: string } }>(
    '/apis/coordination.k8s.io/v1/namespaces/spillway-system/leases/spillway-scheduler',
  );
  expect(lease.spec.holderIdentity).not.toBe('');
});
