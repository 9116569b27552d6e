// A process of its own: the API server that a benchmark's Spillway watches. Arguments: nodes, pods in metrics.
// Prints its URL. New metrics come with every look.
import { FakeApiServer } from '../fake/api-server.ts';
import { nodeMetricsObject, nodeObject, podMetricsObject, podObject } from '../fake/objects.ts';
import { ASKED_ANNOTATIONS, askedPods } from './asked-pods.ts';

const [nodeCount = 100, podCount = 0] = process.argv.slice(2).map(Number);
const EDGE_LABELS = { 'node-role.kubernetes.io/edge': '' };

const names = Array.from({ length: nodeCount }, (_, index) => `node-${index}`);
const api = new FakeApiServer();
for (const [index, name] of names.entries()) {
  api.nodes.put(nodeObject(name, { labels: index % 3 === 0 ? {} : EDGE_LABELS }));
}
// Those that are asked about, as small as the watch keeps them: few places are held for pods that it never shows.
for (const name of askedPods()) api.pods.put(podObject(name, { annotations: ASKED_ANNOTATIONS }));

function measure(): void {
  const timestamp = new Date().toISOString();
  api.metrics = {
    nodes: names.map((name) => nodeMetricsObject(name, { timestamp, cpu: '1500m' })),
    pods: Array.from({ length: podCount }, (_, index) => podMetricsObject(`pod-${index}`, { timestamp })),
  };
}

measure();
api.metricsServed = (kind) => {
  // Pods are read between two looks at the nodes, which must find the same scrape: after them comes the next.
  if (kind === 'pods') setTimeout(measure, 300);
};
await api.start();
console.log(api.url);
