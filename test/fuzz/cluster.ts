import { FakeApiServer } from '../fake/api-server.ts';
import {
  type FakeObject,
  nodeMetricsObject,
  nodeObject,
  podMetricsObject,
  podObject,
  replicaSetObject,
} from '../fake/objects.ts';

/** What an attacker may know of the cluster, and what the watch shows of it: the same at every seed. */
const NODE_COUNT = 500;
const POD_COUNT = 1000;
const WORKLOAD_COUNT = 20;
const EDGE_LABELS = { 'node-role.kubernetes.io/edge': '' };
const MEASURE_EVERY_MS = 1000;

/** Two of three at the edge. */
export const NODE_NAMES: readonly string[] = Array.from(
  { length: NODE_COUNT },
  (_, index) => `node-${index}`,
);

/** Running, each bound to a node, the replicas of a few workloads. */
export const RUNNING: readonly FakeObject[] = Array.from({ length: POD_COUNT }, (_, index) =>
  podObject(`app-${index}`, {
    nodeName: nodeOf(index),
    ownerUid: workloadUid(index),
    labels: { app: `workload-${index % WORKLOAD_COUNT}` },
  }),
);

/** The pod that the good asker asks about. No attack is about it. */
export const WAITING = podObject('waiting', { namespace: 'good' });

export function workloadUid(index: number): string {
  return `uid-of-workload-${index % WORKLOAD_COUNT}`;
}

function nodeOf(index: number): string {
  return NODE_NAMES[index % NODE_COUNT] ?? '';
}

export interface FakeCluster {
  readonly api: FakeApiServer;
  readonly stop: () => Promise<void>;
}

/** Nothing happens in it but what the attacks do: the same CPU is measured again and again. */
export async function startFakeCluster(): Promise<FakeCluster> {
  const api = new FakeApiServer();
  for (const [index, name] of NODE_NAMES.entries()) {
    api.nodes.put(nodeObject(name, { labels: index % 3 === 0 ? {} : EDGE_LABELS }));
  }
  for (let index = 0; index < WORKLOAD_COUNT; index += 1) {
    api.replicaSets.put(replicaSetObject(`workload-${index}`, POD_COUNT / WORKLOAD_COUNT));
  }
  for (const pod of [...RUNNING, WAITING]) api.pods.put(pod);
  measure(api);
  await api.start();
  const timer = setInterval(() => measure(api), MEASURE_EVERY_MS);
  return {
    api,
    stop: async () => {
      clearInterval(timer);
      await api.stop();
    },
  };
}

function measure(api: FakeApiServer): void {
  const timestamp = new Date().toISOString();
  api.metrics = {
    nodes: NODE_NAMES.map((name) => nodeMetricsObject(name, { timestamp, cpu: '500m' })),
    pods: RUNNING.map(({ metadata }) => podMetricsObject(metadata.name, { timestamp, cpu: '100m' })),
  };
  // What it was asked is kept for other tests; here that would be all that grows.
  api.requests.length = 0;
}
