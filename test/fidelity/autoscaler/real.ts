import { join } from 'node:path';
import type { Binaries } from '../../control-plane/harness/build.ts';
import type { KubeClient, KubeObject } from '../../control-plane/harness/kube.ts';
import { registerMetrics } from '../../control-plane/harness/metrics.ts';
import { ControlPlane } from '../../control-plane/harness/plane.ts';
import { until } from '../../control-plane/harness/wait.ts';
import { watch } from '../watch.ts';
import type { AutoscalerCase } from './cases.ts';
import { startMetricsStub } from './metrics-stub.ts';
import { type Clock, podMetrics, podObject, podStatus, samplesOfModel } from './objects.ts';

/** What a running controller did with one case. */
export interface Seen {
  /** When its autoscaler was about to be created: the first sync comes a period later at the earliest. */
  createdAtMs: number;
  /** When it asked for metrics: at each sync once for each metric of the spec, one after the other. */
  readonly askedAtMs: number[];
  readonly statuses: { readonly atMs: number; readonly status: HpaStatus }[];
  /** As they are now; a client writes them when it finds the time. */
  readonly readEvents: () => Promise<readonly SeenEvent[]>;
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
  readonly stop: () => Promise<void>;
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
 * pods are and stay as they were drawn, whatever it asks for. It runs on until it is stopped.
 */
export async function runReal(binaries: Binaries, runDir: string, options: RunOptions): Promise<RealRun> {
  const { cases, periodMs } = options;
  const plane = await startPlane(binaries, runDir, options);
  const clock: Clock = { startMs: Math.floor(Date.now() / 1000) * 1000, periodMs };
  const seen = new Map(cases.map((one) => [one.namespace, emptySeen(plane.kube, one)]));
  const byNamespace = new Map(cases.map((one) => [one.namespace, one]));
  const stub = await startMetricsStub(join(runDir, 'pki'), (namespace) => {
    const one = byNamespace.get(namespace);
    const asked = seen.get(namespace)?.askedAtMs;
    if (one === undefined || asked === undefined) return [];
    asked.push(Date.now());
    return samplesOfModel(one, looksOf(one, asked).length - 1, clock)?.map(podMetrics);
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
  const stop = async () => {
    endWatch();
    await plane.stop();
    await stub.stop();
  };
  try {
    await registerMetrics(plane.kube, stub.port);
    await metricsAvailable(plane.kube);
    await Promise.all(cases.map((one) => createCase(plane.kube, one, clock)));
    await Promise.all(cases.map((one) => createAutoscaler(plane.kube, one, seen.get(one.namespace))));
    await allSynced(seen, options);
    const { gitVersion } = await plane.kube.get<{ readonly gitVersion: string }>('/version');
    return { version: gitVersion, clock, seen: Array.from(seen.values()), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

function startPlane(binaries: Binaries, runDir: string, options: RunOptions): Promise<ControlPlane> {
  const { periodMs, downscaleStabilizationMs } = options;
  return ControlPlane.start(binaries, runDir, {
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
}

async function allSynced(
  seen: ReadonlyMap<string, Seen>,
  { cases, syncs, periodMs }: RunOptions,
): Promise<void> {
  const check = () => {
    const waiting = cases.filter((one) => !isDone(one, seen.get(one.namespace), syncs));
    if (waiting.length === 0) return true;
    throw new Error(`not yet: ${waiting.map(({ namespace }) => namespace).join(' ')}`);
  };
  const timeoutMs = 120_000 + (syncs + 1) * periodMs;
  await until(`${syncs + 1} syncs of every autoscaler`, check, { timeoutMs });
}

function emptySeen(kube: KubeClient, { namespace }: AutoscalerCase): Seen {
  const readEvents = () => kube.list<SeenEvent>(`/api/v1/namespaces/${namespace}/events`);
  return { createdAtMs: 0, askedAtMs: [], statuses: [], readEvents };
}

/** When it began to ask for metrics, by sync. */
export function looksOf({ spec }: AutoscalerCase, askedAtMs: readonly number[]): readonly number[] {
  return askedAtMs.filter((_, index) => index % spec.metrics.length === 0);
}

/** Without replicas, and without a Deployment, no metrics are read: one status is all there is to see. */
function isDone(one: AutoscalerCase, seen: Seen | undefined, syncs: number): boolean {
  const { askedAtMs = [], statuses = [] } = seen ?? {};
  const { replicas = 0 } = one;
  return replicas === 0 ? statuses.length > 0 : looksOf(one, askedAtMs).length > syncs;
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

async function createAutoscaler(
  kube: KubeClient,
  one: AutoscalerCase,
  seen: Seen | undefined,
): Promise<void> {
  const path = `/apis/autoscaling/v2/namespaces/${one.namespace}/horizontalpodautoscalers`;
  if (seen !== undefined) seen.createdAtMs = Date.now();
  await kube.create(path, { metadata: { name: 'web' }, spec: one.spec });
}
