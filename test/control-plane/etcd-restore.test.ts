import { cpSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { nodeObject, podTemplate } from './harness/objects.ts';
import { ControlPlane } from './harness/plane.ts';
import { Spillway } from './harness/spillway.ts';
import { eventually } from './harness/wait.ts';

/*
 * etcd goes back to a copy of its data, and the API server with it, on a control plane of its own: what else
 * runs on the shared one would not survive that. Pods are bound by whoever creates them.
 */
const PODS = '/api/v1/namespaces/default/pods';
const NODE = '/api/v1/nodes/edge';
const NOTICED_WITHIN_MS = 60_000;

let plane: ControlPlane;
let spillway: Spillway;

beforeAll(async () => {
  plane = await ControlPlane.start(inject('binaries'), join(inject('runDir'), 'etcd-restore'), {
    without: ['controllerManager', 'kwok', 'metricsServer', 'scheduler'],
  });
  await plane.kube.create('/api/v1/nodes', nodeObject('edge', { cpu: '4', tier: 'edge' }));
  await createPods('kept', 6);
  const kubeconfig = plane.writeKubeconfig('spillway', plane.connection('admin'));
  spillway = await Spillway.start(plane, { name: 'spillway', kubeconfig });
  await podsSeen(6);
});

afterAll(() => plane.stop());

test('what etcd has lost by being restored from a backup, Spillway forgets within a minute', async () => {
  const data = join(plane.runDir, 'etcd');
  const backup = join(plane.runDir, 'etcd-backup');
  // Frozen, its files are as after a power cut, from which it recovers.
  plane.etcd.signal('SIGSTOP');
  cpSync(data, backup, { recursive: true });
  plane.etcd.signal('SIGCONT');

  await createPods('lost', 40);
  // So far ahead that what the API server writes after the restore does not catch up within the test.
  for (let turn = 0; turn < 300; turn += 1) {
    await plane.kube.patch(NODE, { metadata: { annotations: { turn: `${turn}` } } });
  }
  await podsSeen(46);

  // Frozen too: after enough attempts to watch that fail in a row it would list anew anyway.
  spillway.program.signal('SIGSTOP');
  await plane.apiserver.kill();
  await plane.etcd.kill();
  rmSync(data, { recursive: true });
  cpSync(backup, data, { recursive: true });
  await plane.startMissing();
  expect(await plane.kube.list(PODS)).toHaveLength(6);
  spillway.program.signal('SIGCONT');

  const restoredAtMs = performance.now();
  await podsSeen(6, NOTICED_WITHIN_MS);
  expect(performance.now() - restoredAtMs).toBeLessThanOrEqual(NOTICED_WITHIN_MS);
  const restarts = await spillway.metric('spillway_watch_restarts_total', {
    resource: 'pods',
    cause: 'rewound',
  });
  expect(restarts).toBe(1);
  await eventually('the other collections to be listed anew, too', async () =>
    expect(await spillway.text('/readyz?verbose')).not.toMatch(/anew|not watched|not listed/),
  );

  await createPods('new', 1);
  await podsSeen(7);
});

async function podsSeen(count: number, timeoutMs = 30_000): Promise<void> {
  await eventually(
    `${count} pods to be seen`,
    async () => expect((await spillway.node('edge'))?.pods).toBe(count),
    { timeoutMs },
  );
}

async function createPods(prefix: string, count: number): Promise<void> {
  const { metadata, spec } = podTemplate({});
  const names = Array.from({ length: count }, (_, index) => `${prefix}-${index + 1}`);
  await Promise.all(
    names.map((name) =>
      plane.kube.create(PODS, { metadata: { ...metadata, name }, spec: { ...spec, nodeName: 'edge' } }),
    ),
  );
}
