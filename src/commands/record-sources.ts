import type { Connection } from '../kubernetes/connection.ts';
import { MetricsPoller } from '../kubernetes/metrics-poller.ts';
import { createMetricsReader, METRICS_TIMEOUTS } from '../kubernetes/metrics-reader.ts';
import { Reflector } from '../kubernetes/reflector.ts';
import type { Runtime } from '../kubernetes/runtime.ts';
import type { SourcesObserver } from '../kubernetes/sink.ts';
import {
  autoscalerSeen,
  deploymentGone,
  deploymentSeen,
  looked,
  nodeGone,
  nodeSeen,
  podGone,
  podSeen,
  type Recording,
  replicaSetSeen,
} from '../recorder/recording.ts';
import type { RecordedCollection } from './record-rights.ts';

/** Nodes are asked for so often, pods only after a scrape: enough to see when one is served. */
const POLL_INTERVAL_MS = 1000;

export interface RecordSourcesOptions {
  readonly connection: Connection;
  readonly recording: Recording;
  readonly collections: readonly RecordedCollection[];
  readonly now: () => number;
  /** Told after each change of a Deployment's replicas. */
  readonly scaled: (deployment: string, from: number | undefined, to: number) => void;
  /** Told once of each problem, and of its end. */
  readonly complain: (message: string) => void;
  readonly runtime: Runtime;
}

export interface RecordSources {
  /** Resolves when all was listed and metrics were looked at. */
  readonly start: () => Promise<void>;
  readonly stop: () => Promise<void>;
}

/** Feeds a recording from a cluster. */
export function createRecordSources(options: RecordSourcesOptions): RecordSources {
  const { connection, recording, collections, now, complain, runtime } = options;
  let lookedOnce: () => void = () => undefined;
  const firstLook = new Promise<void>((resolve) => {
    lookedOnce = resolve;
  });
  const observer: SourcesObserver = {
    metricsRead: () => lookedOnce(),
    log: (level, message) => {
      if (level !== 'info' || message.includes('again')) complain(message);
    },
  };
  const reflectors = collections.map((collection) => {
    const { project, gone } = feed(collection, options);
    const shared = { ...collection, connection, observer, runtime };
    return new Reflector({ ...shared, project, seen: (take) => take(), gone });
  });
  const poller = new MetricsPoller({
    reader: createMetricsReader({
      connection,
      timeouts: METRICS_TIMEOUTS,
      unreadable: (kind, count, example) =>
        complain(`metrics of ${count} ${kind} cannot be read, like ${example}`),
    }),
    pollIntervalMs: POLL_INTERVAL_MS,
    sampleTaken: (look) => looked(recording, look, now()),
    observer,
    runtime,
  });
  return {
    start: async () => {
      for (const reflector of reflectors) reflector.start();
      await Promise.all(reflectors.map((reflector) => reflector.whenListed()));
      poller.start();
      await firstLook;
    },
    stop: async () => {
      await Promise.all([...reflectors, poller].map((source) => source.stop()));
    },
  };
}

type Feed = Pick<ConstructorParameters<typeof Reflector<() => void>>[0], 'project' | 'gone'>;

function feed({ resource }: RecordedCollection, options: RecordSourcesOptions): Feed {
  const { recording, now } = options;
  const none = () => undefined;
  switch (resource) {
    case 'nodes':
      return {
        project: (object) => () => nodeSeen(recording, object, now()),
        gone: ({ name }) => nodeGone(recording, name, now()),
      };
    case 'pods':
      return {
        project: (object) => () => podSeen(recording, object, now()),
        gone: ({ uid }) => podGone(recording, uid, now()),
      };
    case 'replicasets':
      // One that is gone may still have pods, whose Deployment is asked for.
      return { project: (object) => () => replicaSetSeen(recording, object), gone: none };
    case 'horizontalpodautoscalers':
      return { project: (object) => () => autoscalerSeen(recording, object), gone: none };
    case 'deployments':
      return {
        project: (object) => () =>
          tellScaled(options, `${object.metadata.namespace}/${object.metadata.name}`, () =>
            deploymentSeen(recording, object, now()),
          ),
        gone: ({ namespace, name }) =>
          tellScaled(options, `${namespace}/${name}`, () =>
            deploymentGone(recording, `${namespace}/${name}`, now()),
          ),
      };
  }
}

function tellScaled({ recording, scaled }: RecordSourcesOptions, key: string, change: () => void): void {
  const last = () => recording.deployments.get(key)?.sightings.at(-1)?.replicas;
  const before = last();
  change();
  const after = last();
  if (after !== undefined && after !== before) scaled(key, before, after);
}
