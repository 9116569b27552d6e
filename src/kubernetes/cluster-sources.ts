import { projectNode, projectPod, projectReplicaSet } from '../picture/project.ts';
import type { Connection } from './connection.ts';
import { MetricsPoller } from './metrics-poller.ts';
import { createMetricsReader, METRICS_TIMEOUTS, type MetricsTimeouts } from './metrics-reader.ts';
import { Reflector, type ReflectorTimings } from './reflector.ts';
import { type Runtime, systemRuntime } from './runtime.ts';
import type { ClusterSink, SourcesObserver } from './sink.ts';

export interface ClusterSourcesOptions {
  /** Not closed by `stop`: others may use it too. */
  readonly connection: Connection;
  readonly sink: ClusterSink;
  readonly metrics: {
    readonly pollIntervalMs: number;
    /** Which pods' metrics are read; undefined: all. */
    readonly podLabelSelector?: string | undefined;
    readonly timeouts?: MetricsTimeouts | undefined;
  };
  readonly observer?: SourcesObserver | undefined;
  readonly runtime?: Runtime | undefined;
  readonly timings?: ReflectorTimings | undefined;
}

interface Source {
  stop(): Promise<void>;
  missing(): string | undefined;
  problem(): string | undefined;
}

interface CollectionSource extends Source {
  start(): void;
  whenListed(): Promise<void>;
}

/** All that the picture of the cluster is fed from: three collections, and the metrics. */
export class ClusterSources {
  readonly #collections: readonly CollectionSource[];
  readonly #poller: MetricsPoller;
  readonly #sources: readonly Source[];

  constructor(options: ClusterSourcesOptions) {
    const { connection, sink, metrics, observer = {}, runtime = systemRuntime, timings } = options;
    const shared = { connection, observer, runtime, timings };
    const reader = createMetricsReader({
      connection,
      podLabelSelector: metrics.podLabelSelector,
      timeouts: metrics.timeouts ?? METRICS_TIMEOUTS,
      unreadable: (kind, count, example) =>
        observer.log?.('warn', 'metrics cannot be read', { kind, count, example }),
    });
    this.#collections = [
      new Reflector({
        ...shared,
        resource: 'nodes',
        path: '/api/v1/nodes',
        project: projectNode,
        seen: sink.nodeSeen,
        gone: ({ name }) => sink.nodeGone(name),
      }),
      new Reflector({
        ...shared,
        resource: 'pods',
        path: '/api/v1/pods',
        project: projectPod,
        seen: sink.podSeen,
        gone: ({ uid }) => sink.podGone(uid),
      }),
      new Reflector({
        ...shared,
        resource: 'replicasets',
        path: '/apis/apps/v1/replicasets',
        project: projectReplicaSet,
        seen: sink.replicaSetSeen,
        gone: ({ uid }) => sink.replicaSetGone(uid),
      }),
    ];
    this.#poller = new MetricsPoller({
      reader,
      pollIntervalMs: metrics.pollIntervalMs,
      sampleTaken: sink.sampleTaken,
      observer,
      runtime,
    });
    this.#sources = [...this.#collections, this.#poller];
  }

  /** Begins; does not wait for the first lists (`missing` tells). */
  async start(): Promise<void> {
    for (const collection of this.#collections) collection.start();
    // A sample of a node or pod that is not known yet would be lost until the next scrape.
    const listed = Promise.all(this.#collections.map((collection) => collection.whenListed()));
    void listed.then(() => this.#poller.start());
  }

  /** Ends all connections and timers. */
  async stop(): Promise<void> {
    await Promise.all(this.#sources.map((source) => source.stop()));
  }

  /** What is still missing before questions can be answered; empty: ready, and it stays so. */
  missing(): readonly string[] {
    return this.#sources.map((source) => source.missing()).filter((text) => text !== undefined);
  }

  /** What does not work right now, although all may have been known before; for status pages. */
  problems(): readonly string[] {
    return this.#sources.map((source) => source.problem()).filter((text) => text !== undefined);
  }
}
