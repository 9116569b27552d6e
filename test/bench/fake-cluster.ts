// A process of its own: the API server that a benchmark's Spillway watches. Arguments: nodes; pods in metrics; pods
// and ReplicaSets in the API, the pods spread over both. Prints its URL. New metrics come with every look.
import { FakeApiServer } from '../fake/api-server.ts';
import {
  type FakeObject,
  MANAGED_FIELDS,
  nodeMetricsObject,
  nodeObject,
  podMetricsObject,
  podObject,
  replicaSetObject,
} from '../fake/objects.ts';
import { ASKED_ANNOTATIONS, askedPods } from './asked-pods.ts';

const counts = process.argv.slice(2).map(Number);
const [nodeCount = 100, measuredPodCount = 0, podCount = 0, replicaSetCount = 0] = counts;
const EDGE_LABELS = { 'node-role.kubernetes.io/edge': '' };

const names = Array.from({ length: nodeCount }, (_, index) => `node-${index}`);
const api = new FakeApiServer();
for (const [index, name] of names.entries()) {
  api.nodes.put(nodeObject(name, { labels: index % 3 === 0 ? {} : EDGE_LABELS }));
}
// Those that are asked about, as small as the watch keeps them: few places are held for pods that it never shows.
for (const name of askedPods()) api.pods.put(podObject(name, { annotations: ASKED_ANNOTATIONS }));
for (let index = 0; index < replicaSetCount; index += 1) {
  api.replicaSets.put(replicaSetObject(`set-${index}`, Math.ceil(podCount / replicaSetCount)));
}
for (let index = 0; index < podCount; index += 1) {
  const nodeName = `node-${index % nodeCount}`;
  const ownerUid = `uid-of-set-${index % replicaSetCount}`;
  api.pods.put(asLongAsReal(podObject(`pod-${index}`, { nodeName, ownerUid })));
}

function asLongAsReal(object: FakeObject): FakeObject {
  return { ...object, metadata: { ...object.metadata, managedFields: MANAGED_FIELDS } };
}

function measure(): void {
  const timestamp = new Date().toISOString();
  api.metrics = {
    nodes: names.map((name) => nodeMetricsObject(name, { timestamp, cpu: '1500m' })),
    pods: Array.from({ length: measuredPodCount }, (_, index) =>
      podMetricsObject(`pod-${index}`, { timestamp }),
    ),
  };
}

measure();
api.metricsServed = (kind) => {
  // Pods are read between two looks at the nodes, which must find the same scrape: after them comes the next.
  if (kind === 'pods') setTimeout(measure, 300);
};
await api.start();
console.log(api.url);
