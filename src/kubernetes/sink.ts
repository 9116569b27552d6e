import type { MetricsLook, NodeRecord, PodRecord, ReplicaSetRecord } from '../picture/records.ts';

/** What the sources tell of the cluster. None of these may throw. */
export interface ClusterSink {
  readonly nodeSeen: (record: NodeRecord) => void;
  readonly nodeGone: (name: string) => void;
  readonly podSeen: (record: PodRecord) => void;
  readonly podGone: (uid: string) => void;
  readonly replicaSetSeen: (record: ReplicaSetRecord) => void;
  readonly replicaSetGone: (uid: string) => void;
  /** Taking a large sample may need many turns of the event loop: it is taken once the promise resolves. */
  readonly sampleTaken: (look: MetricsLook) => void | Promise<void>;
}

export type WatchedResource = 'nodes' | 'pods' | 'replicasets' | 'deployments' | 'horizontalpodautoscalers';

/** What the sources tell of themselves, for metrics and logs. None of these may throw. */
export interface SourcesObserver {
  /** @param cause one of a small closed set, fit for a label (WatchEnd's cause) */
  readonly watchRestarted?: (resource: WatchedResource, cause: string) => void;
  readonly metricsRead?: (result: 'ok' | 'unchanged' | 'failed', durationMs: number, cause?: string) => void;
  readonly log?: (
    level: 'info' | 'warn' | 'error',
    message: string,
    fields: Readonly<Record<string, unknown>>,
  ) => void;
}
