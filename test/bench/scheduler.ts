import { get } from 'node:https';
import { setTimeout as delay } from 'node:timers/promises';
import { buildControlPlane } from '../control-plane/harness/build.ts';
import { schedulerConfig } from '../control-plane/harness/configs.ts';
import { applyDeployment } from '../control-plane/harness/deploy.ts';
import { nodeObject, podTemplate } from '../control-plane/harness/objects.ts';
import { ControlPlane } from '../control-plane/harness/plane.ts';
import { freePort } from '../control-plane/harness/ports.ts';
import {
  clearRunDirectory,
  createRunDirectory,
  runDirectoryOf,
} from '../control-plane/harness/run-directory.ts';
import { Spillway } from '../control-plane/harness/spillway.ts';
import { startScript, stopAll } from './processes.ts';
import { printTable } from './table.ts';

const PODS = 2000;
const NAMESPACE = 'default';
const PODS_PATH = `/api/v1/namespaces/${NAMESPACE}/pods`;
const ROUNDS = 2;
/** The rate is taken between these shares of the pods: the start of the scheduler is not what is compared. */
const FROM_SHARE = 0.1;
const TO_SHARE = 0.9;

const DEADLINE_MS = 120_000;

const VARIANTS = ['no extender', 'at once, all nodes', 'at once, one node', 'Spillway'] as const;
type Variant = (typeof VARIANTS)[number];

/** Pods a second of the real kube-scheduler, pods first, then the scheduler; everything on this machine. */
export async function benchScheduler(): Promise<void> {
  const runDir = runDirectoryOf(process.pid);
  createRunDirectory(runDir);
  try {
    const binaries = await buildControlPlane((line) => console.log(line));
    for (const nodes of [100, 1000]) {
      const without = ['controllerManager', 'kwok', 'metricsServer', 'scheduler'] as const;
      const plane = await ControlPlane.start(binaries, runDir, { loadTest: true, without });
      try {
        await benchNodes(plane, nodes);
      } finally {
        await plane.stop();
        clearRunDirectory(runDir);
        createRunDirectory(runDir);
      }
    }
  } finally {
    clearRunDirectory(runDir);
  }
}

async function benchNodes(plane: ControlPlane, nodes: number): Promise<void> {
  for (let index = 0; index < nodes; index += 1) {
    const tier = index % 2 === 0 ? 'edge' : 'cloud';
    const name = `${tier}-${index}`;
    await plane.kube.create('/api/v1/nodes', readyNode(name, tier));
    // Admission taints every new node; the controller-manager, which does not run here, would take it off.
    await plane.kube.patch(`/api/v1/nodes/${name}`, { spec: { taints: null } });
  }
  const { extender: kubeconfig } = await applyDeployment(plane);
  const rates = new Map<Variant, number[]>(VARIANTS.map((variant) => [variant, []]));
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const variant of VARIANTS) rates.get(variant)?.push(await rateOf(plane, kubeconfig, variant));
  }
  const best = (variant: Variant) => Math.max(...(rates.get(variant) ?? []));
  printTable(
    `Pods a second of kube-scheduler, ${PODS} waiting pods, ${nodes} nodes (best of ${ROUNDS} rounds)`,
    ['extender', 'pods/s', 'Spillway ÷ this'],
    VARIANTS.map((variant) => [
      variant,
      best(variant).toFixed(0),
      (best('Spillway') / best(variant)).toFixed(2),
    ]),
  );
}

async function rateOf(plane: ControlPlane, kubeconfig: string, variant: Variant): Promise<number> {
  await createPods(plane);
  const port = await freePort();
  const extender = await startExtender(plane, kubeconfig, variant);
  const config = schedulerConfig('second-scheduler', plane.schedulerKubeconfig, {
    urlPrefix: extender?.url ?? '',
  });
  const quick = {
    ...config,
    leaderElection: { leaderElect: false },
    clientConnection: { kubeconfig: plane.schedulerKubeconfig, qps: 5000, burst: 10_000 },
    ...(extender === undefined ? { extenders: [] } : {}),
  };
  const name = `kube-scheduler-${port}`;
  const scheduler = await plane.addScheduler(name, quick, plane.schedulerKubeconfig, { port });
  await scheduler.start();
  try {
    return await scheduledPerSecond(port);
  } finally {
    await scheduler.stop();
    await extender?.stop();
    await plane.kube.remove(PODS_PATH);
  }
}

async function startExtender(plane: ControlPlane, kubeconfig: string, variant: Variant) {
  if (variant === 'no extender') return undefined;
  if (variant === 'Spillway') {
    const spillway = await Spillway.start(plane, { name: `spillway-${Date.now()}`, kubeconfig });
    return { url: spillway.url, stop: () => spillway.program.stop() };
  }
  const started = await startScript('instant-extender.ts', variant.endsWith('one node') ? 'one' : 'all');
  return { url: started.said, stop: () => stopAll([started]) };
}

async function createPods(plane: ControlPlane): Promise<void> {
  const template = podTemplate({ schedulerName: 'spillway', spillway: { 'cpu-estimate': '10m' } });
  let next = 0;
  const worker = async () => {
    while (next < PODS) {
      next += 1;
      await plane.kube.create(PODS_PATH, {
        metadata: { name: `pod-${next}`, ...template.metadata },
        spec: template.spec,
      });
    }
  };
  await Promise.all(Array.from({ length: 16 }, worker));
}

async function scheduledPerSecond(port: number): Promise<number> {
  let from: { readonly count: number; readonly atMs: number } | undefined;
  const deadlineMs = performance.now() + DEADLINE_MS;
  for (;;) {
    const count = await scheduledCount(port);
    const atMs = performance.now();
    if (atMs > deadlineMs)
      throw new Error(`${count} of ${PODS} pods scheduled after ${DEADLINE_MS / 1000} s`);
    if (from === undefined && count >= FROM_SHARE * PODS) from = { count, atMs };
    if (from !== undefined && count >= TO_SHARE * PODS)
      return ((count - from.count) * 1000) / (atMs - from.atMs);
    await delay(50);
  }
}

/** As the scheduler itself counts: a list of 2000 pods several times a second would take part in the race. */
async function scheduledCount(port: number): Promise<number> {
  const text = await new Promise<string>((resolve, reject) => {
    const url = `https://127.0.0.1:${port}/metrics`;
    get(url, { rejectUnauthorized: false }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => resolve(Buffer.concat(chunks).toString()));
    }).on('error', reject);
  });
  const line = /^scheduler_schedule_attempts_total\{[^}]*result="scheduled"[^}]*\} (\S+)$/m.exec(text);
  return Number(line?.[1] ?? 0);
}

/** Ready without a kubelet: nobody is there to say otherwise. */
function readyNode(name: string, tier: 'edge' | 'cloud'): object {
  const node = nodeObject(name, { cpu: '32', tier }) as { readonly status: object };
  return { ...node, status: { ...node.status, conditions: [{ type: 'Ready', status: 'True' }] } };
}
