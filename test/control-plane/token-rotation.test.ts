import { renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { EXTENDER_ACCOUNT, SYSTEM } from './harness/deploy.ts';
import { createKubeClient, type KubeObject } from './harness/kube.ts';
import type { ControlPlane } from './harness/plane.ts';
import { cloud, clusterTest, edge } from './harness/test.ts';
import { eventually, until } from './harness/wait.ts';

/*
 * A pod's token lives for an hour, and the kubelet puts a new one into the same file in time. Tokens here are
 * bound to a Secret and not to a pod: once the Secret is gone, the API server takes the token no more.
 */
const test = clusterTest('token-rotation', { nodes: [...edge(1, '4'), ...cloud(1, '32')] });

const SECRETS = `/api/v1/namespaces/${SYSTEM}/secrets`;
const READS = 'spillway_metrics_read_duration_seconds_count';
const POD = { usage: '150m', spillway: { 'cpu-estimate': '150m' } } as const;

test('when its token is refused and then replaced, Spillway goes on with the new one', async ({
  stage,
  plane,
}) => {
  const tokenFile = join(plane.runDir, 'rotated-token');
  const first = await secret(plane, 'first-token');
  const second = await secret(plane, 'second-token');
  const old = await plane.serviceAccountToken(SYSTEM, EXTENDER_ACCOUNT, first);
  writeFileSync(tokenFile, old);
  const kubeconfig = plane.writeKubeconfig('rotated', { ...plane.anonymous(), tokenFile });
  await stage.set({ kubeconfig });
  await stage.createPods('before', 1, POD);
  expect(await stage.boundTo('before-1')).toBe(stage.edge[0]);

  const { pid } = stage.spillway.program;
  await plane.kube.remove(`${SECRETS}/first-token`);
  await refused(plane, old);
  const failedReads = () => stage.spillway.metric(READS, { result: 'failed' });
  const failedBefore = await failedReads();
  await eventually('Spillway to be refused', async () => {
    expect(await failedReads()).toBeGreaterThan(failedBefore);
  });
  writeFileSync(`${tokenFile}.new`, await plane.serviceAccountToken(SYSTEM, EXTENDER_ACCOUNT, second));
  renameSync(`${tokenFile}.new`, tokenFile);
  // A watch that is open stays open, whatever becomes of its token; all of them have to be opened again.
  await plane.apiserver.kill();
  await plane.apiserver.start();

  const late = await stage.addNode({ cpu: '4', tier: 'edge', labels: { late: 'true' } });
  await eventually(
    'a node that came later to be seen and measured',
    async () => expect(await stage.spillway.node(late)).toMatchObject({ ready: true, freshness: 'fresh' }),
    { timeoutMs: 90_000, intervalMs: 500 },
  );
  await stage.createPods('after', 5, { ...POD, nodeSelector: { late: 'true' } });
  await eventually('its pods to be seen bound', async () => {
    expect(await stage.spillway.node(late)).toMatchObject({ pods: 1 + 5, reservations: 0 });
  });
  expect(stage.spillway.program.pid).toBe(pid);
});

async function secret(plane: ControlPlane, name: string): Promise<KubeObject> {
  return plane.kube.create(SECRETS, { metadata: { name, namespace: SYSTEM } });
}

/** The API server remembers for ten seconds that a token was good. */
async function refused(plane: ControlPlane, token: string): Promise<void> {
  const client = createKubeClient({ ...plane.anonymous(), token });
  await until(
    'the old token to be refused',
    async () => {
      try {
        await client.list('/api/v1/nodes');
      } catch (error) {
        if (error instanceof Error && 'status' in error && error.status === 401) return true;
        throw error;
      }
      return undefined;
    },
    { timeoutMs: 60_000, intervalMs: 500 },
  );
  client.close();
}
