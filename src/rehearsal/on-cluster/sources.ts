import type { Connection } from '../../kubernetes/connection.ts';
import { MetricsPoller } from '../../kubernetes/metrics-poller.ts';
import { createMetricsReader, METRICS_TIMEOUTS } from '../../kubernetes/metrics-reader.ts';
import { Reflector } from '../../kubernetes/reflector.ts';
import type { Runtime } from '../../kubernetes/runtime.ts';
import type { SourcesObserver, WatchedResource } from '../../kubernetes/sink.ts';
import type { MetricsLook } from '../../picture/records.ts';
import type { SeenAutoscaler } from '../autoscalers.ts';
import type { SeenPod } from '../objects.ts';
import { type Served, timedReader } from './served.ts';

/** Metrics are asked for so often: the moment of a scrape is known by when it is served, and load rises meanwhile. */
const POLL_INTERVAL_MS = 100;

/** Who is told of what happens in the cluster, at the moment it is known. */
interface RehearsalSink {
  readonly podSeen: (pod: SeenPod) => void;
  readonly podGone: (uid: string) => void;
  readonly deploymentSeen: (workload: string, replicas: number) => void;
  readonly autoscalerSeen: (autoscaler: SeenAutoscaler) => void;
  readonly looked: (look: MetricsLook, served: Served) => void;
}

export interface RehearsalSourcesOptions {
  readonly connection: Connection;
  readonly namespaces: readonly string[];
  readonly sink: RehearsalSink;
  readonly complain: (message: string) => void;
  readonly runtime: Runtime;
}

export interface RehearsalSources {
  /** Resolves when all was listed. */
  readonly start: () => Promise<void>;
  readonly stop: () => Promise<void>;
}

/** Watches the namespaces of a trace, and looks at metrics. */
export function createRehearsalSources(options: RehearsalSourcesOptions): RehearsalSources {
  const { connection, namespaces, sink, complain, runtime } = options;
  const observer: SourcesObserver = {
    log: (level, message) => {
      if (level !== 'info') complain(message);
    },
  };
  const shared = { connection, observer, runtime };
  const reflector = (
    resource: WatchedResource,
    path: string,
    seen: (object: never) => void,
    gone: (identity: { readonly uid: string }) => void = () => undefined,
  ) =>
    new Reflector({
      ...shared,
      resource,
      path,
      project: (object) => () => seen(object as never),
      seen: (take) => take(),
      gone,
    });
  const reflectors = namespaces.flatMap((namespace) => [
    reflector('pods', `/api/v1/namespaces/${namespace}/pods`, sink.podSeen, ({ uid }) => sink.podGone(uid)),
    reflector(
      'deployments',
      `/apis/apps/v1/namespaces/${namespace}/deployments`,
      ({ metadata, spec }: SeenDeployment) =>
        sink.deploymentSeen(`${metadata.namespace}/${metadata.name}`, spec?.replicas ?? 1),
    ),
    reflector(
      'horizontalpodautoscalers',
      `/apis/autoscaling/v2/namespaces/${namespace}/horizontalpodautoscalers`,
      sink.autoscalerSeen,
    ),
  ]);
  const { reader, served } = timedReader(
    createMetricsReader({
      connection,
      timeouts: METRICS_TIMEOUTS,
      unreadable: (kind, count, example) =>
        complain(`metrics of ${count} ${kind} cannot be read, like ${example}`),
    }),
    Date.now,
  );
  const poller = new MetricsPoller({
    reader,
    pollIntervalMs: POLL_INTERVAL_MS,
    sampleTaken: (look) => sink.looked(look, served()),
    observer,
    runtime,
  });
  return {
    start: async () => {
      for (const one of reflectors) one.start();
      poller.start();
      await Promise.all(reflectors.map((one) => one.whenListed()));
    },
    stop: async () => {
      await Promise.all([...reflectors, poller].map((source) => source.stop()));
    },
  };
}

interface SeenDeployment {
  readonly metadata: { readonly name: string; readonly namespace: string };
  readonly spec?: { readonly replicas?: number | undefined } | undefined;
}
