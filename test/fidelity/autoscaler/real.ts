import { join } from 'node:path';
import type { Binaries } from '../../cluster/harness/build.ts';
import type { KubeClient, KubeObject } from '../../cluster/harness/kube.ts';
import { registerMetrics } from '../../cluster/harness/metrics.ts';
import { ControlPlane } from '../../cluster/harness/plane.ts';
import { until } from '../../cluster/harness/wait.ts';
import { watch } from '../watch.ts';
import type { AutoscalerCase } from './cases.ts';
import { startMetricsStub } from './metrics-stub.ts';
import { type Clock, podMetrics, podObject, podStatus, samplesOfModel } from './objects.ts';

/** What a running controller did with one case. */
export interface Seen {
  /** When it asked for metrics; several times at once for several metrics, which is one. */
  readonly looksAtMs: number[];
  readonly statuses: { readonly atMs: number; readonly status: HpaStatus }[];
  events: readonly SeenEvent[];
}

/** As the API shows it. */
export interface HpaStatus {
  readonly currentReplicas?: number;
  readonly desiredReplicas?: number;
  readonly currentMetrics?: readonly object[] | null;
  readonly conditions?: readonly {
    readonly type: string;
    readonly status: string;
    readonly reason: string;
    readonly message: string;
  }[];
}

export interface SeenEvent {
  readonly type: string;
  readonly reason: string;
  readonly message: string;
  readonly firstTimestamp: string;
}

export interface RealRun {
  readonly version: string;
  readonly clock: Clock;
  /** In the order of the cases. */
  readonly seen: readonly Seen[];
}

export interface RunOptions {
  readonly cases: readonly AutoscalerCase[];
  /** How many syncs of each case are wanted; one more is waited for. */
  readonly syncs: number;
  readonly periodMs: number;
  readonly downscaleStabilizationMs: number;
}

const HPAS = '/apis/autoscaling/v2/horizontalpodautoscalers';

/**
 * Plays all cases at once on a control plane whose only controller is that of the HorizontalPodAutoscalers:
 * pods are and stay as they were drawn, whatever it asks for.
 */
export async function runReal(binaries: Binaries, runDir: string, options: RunOptions): Promise<RealRun> {
  const { cases, syncs, periodMs, downscaleStabilizationMs } = options;
  const plane = await ControlPlane.start(binaries, runDir, {
    without: ['kwok', 'metricsServer', 'scheduler'],
    loadTest: true,
    flags: {
      controllerManager: [
        '--controllers=horizontal-pod-autoscaler-controller',
        `--horizontal-pod-autoscaler-sync-period=${periodMs}ms`,
        `--horizontal-pod-autoscaler-downscale-stabilization=${downscaleStabilizationMs}ms`,
        '--concurrent-horizontal-pod-autoscaler-syncs=20',
      ],
    },
  });
  const clock: Clock = { startMs: Math.floor(Date.now() / 1000) * 1000, periodMs };
  const seen = new Map(cases.map((one) => [one.namespace, emptySeen()]));
  const byNamespace = new Map(cases.map((one) => [one.namespace, one]));
  const stub = await startMetricsStub(join(runDir, 'pki'), (namespace) => {
    const one = byNamespace.get(namespace);
    const looks = seen.get(namespace)?.looksAtMs;
    if (one === undefined || looks === undefined) return [];
    noteLook(looks, Date.now(), periodMs);
    return samplesOfModel(one, looks.length - 1, clock)?.map(podMetrics);
  });
  const endWatch = watch<KubeObject & { readonly status?: HpaStatus }>(
    plane.connection('admin'),
    HPAS,
    (event) => {
      const { metadata, status } = event.object;
      if (status?.conditions === undefined) return;
      seen.get(metadata.namespace ?? '')?.statuses.push({ atMs: Date.now(), status });
    },
  );
  try {
    await registerMetrics(plane.kube, stub.port);
    await metricsAvailable(plane.kube);
    await Promise.all(cases.map((one) => createCase(plane.kube, one, clock)));
    await Promise.all(cases.map((one) => createAutoscaler(plane.kube, one)));
    await until(
      `${syncs + 1} syncs of every autoscaler`,
      () => {
        const waiting = cases.filter((one) => !isDone(one, seen.get(one.namespace) ?? emptySeen(), syncs));
        if (waiting.length > 0)
          throw new Error(`not yet: ${waiting.map(({ namespace }) => namespace).join(' ')}`);
        return true;
      },
      { timeoutMs: 60_000 + (syncs + 1) * periodMs },
    );
    await Promise.all(
      cases.map((one) => readEvents(plane.kube, one, seen.get(one.namespace) ?? emptySeen())),
    );
    const { gitVersion } = await plane.kube.get<{ readonly gitVersion: string }>('/version');
    return { version: gitVersion, clock, seen: Array.from(seen.values()) };
  } finally {
    endWatch();
    await plane.stop();
    await stub.stop();
  }
}

function emptySeen(): Seen {
  return { looksAtMs: [], statuses: [], events: [] };
}

/** The metrics of one autoscaler are read one after the other, within one sync. */
function noteLook(looks: number[], nowMs: number, periodMs: number): void {
  const last = looks.at(-1);
  if (last === undefined || nowMs - last > periodMs / 2) looks.push(nowMs);
}

/** Without replicas, and without a Deployment, no metrics are read: one status is all there is to see. */
function isDone({ replicas = 0 }: AutoscalerCase, { looksAtMs, statuses }: Seen, syncs: number): boolean {
  return replicas === 0 ? statuses.length > 0 : looksAtMs.length > syncs;
}

async function metricsAvailable(kube: KubeClient): Promise<void> {
  await until('metrics.k8s.io', async () => {
    await kube.get('/apis/metrics.k8s.io/v1beta1');
    return true;
  });
}

async function createCase(kube: KubeClient, one: AutoscalerCase, clock: Clock): Promise<void> {
  const { namespace, replicas, pods } = one;
  await kube.create('/api/v1/namespaces', { metadata: { name: namespace } });
  if (replicas !== undefined) {
    const labels = { app: 'web' };
    const template = { metadata: { labels }, spec: { containers: [{ name: 'main', image: 'image' }] } };
    await kube.create(`/apis/apps/v1/namespaces/${namespace}/deployments`, {
      metadata: { name: 'web' },
      spec: { replicas, selector: { matchLabels: labels }, template },
    });
  }
  const path = `/api/v1/namespaces/${namespace}/pods`;
  await Promise.all(
    pods.map(async (pod) => {
      await kube.create(path, podObject(pod));
      await kube.patch(`${path}/${pod.name}/status`, { status: podStatus(pod, clock) });
      // Its kubelet, which there is not, would have to say that it has ended.
      if (pod.isDeleted) await kube.remove(`${path}/${pod.name}`, 3600);
    }),
  );
}

async function createAutoscaler(kube: KubeClient, { namespace, spec }: AutoscalerCase): Promise<void> {
  const path = `/apis/autoscaling/v2/namespaces/${namespace}/horizontalpodautoscalers`;
  await kube.create(path, { metadata: { name: 'web' }, spec });
}

async function readEvents(kube: KubeClient, { namespace }: AutoscalerCase, seen: Seen): Promise<void> {
  seen.events = await kube.list<SeenEvent>(`/api/v1/namespaces/${namespace}/events`);
}
