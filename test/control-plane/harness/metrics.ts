import type { KubeClient } from './kube.ts';
import { until } from './wait.ts';

interface NodeMetrics {
  readonly metadata: { readonly name: string };
  readonly timestamp: string;
  readonly window: string;
  readonly usage: { readonly cpu: string };
}

const NODE_METRICS = '/apis/metrics.k8s.io/v1beta1/nodes';
const POD_METRICS = '/apis/metrics.k8s.io/v1beta1/pods';

/** Tells the API server to find metrics.k8s.io at a port of loopback. */
export async function registerMetrics(kube: KubeClient, port: number): Promise<void> {
  await kube.create('/api/v1/namespaces/kube-system/services', {
    metadata: { name: 'metrics-server', namespace: 'kube-system' },
    spec: { type: 'ExternalName', externalName: '127.0.0.1' },
  });
  await kube.create('/apis/apiregistration.k8s.io/v1/apiservices', {
    metadata: { name: 'v1beta1.metrics.k8s.io' },
    spec: {
      service: { name: 'metrics-server', namespace: 'kube-system', port },
      group: 'metrics.k8s.io',
      version: 'v1beta1',
      insecureSkipTLSVerify: true,
      groupPriorityMinimum: 100,
      versionPriority: 100,
    },
  });
}

/** Until metrics-server serves every one of these nodes. It needs two scrapes, so some 20 to 30 s. */
export async function nodesMeasured(kube: KubeClient, names: readonly string[]): Promise<void> {
  await until(
    `metrics of ${names.join(', ')}`,
    async () => {
      const seen = new Set((await kube.list<NodeMetrics>(NODE_METRICS)).map(({ metadata }) => metadata.name));
      const missing = names.filter((name) => !seen.has(name));
      if (missing.length > 0) throw new Error(`${missing.join(', ')} not there yet`);
      return true;
    },
    { timeoutMs: 90_000, intervalMs: 500 },
  );
}

/** Until metrics-server serves so many pods of a namespace. */
export async function podsMeasured(kube: KubeClient, namespace: string, count: number): Promise<void> {
  const path = POD_METRICS.replace('/pods', `/namespaces/${namespace}/pods`);
  await until(
    `metrics of ${count} pods in ${namespace}`,
    async () => {
      const { length } = await kube.list(path);
      if (length < count) throw new Error(`${length} there`);
      return true;
    },
    { timeoutMs: 120_000, intervalMs: 500 },
  );
}

/** A node's CPU as metrics-server last measured it. */
export async function usageMilli(kube: KubeClient, node: string): Promise<number> {
  const { usage } = await kube.get<NodeMetrics>(`${NODE_METRICS}/${node}`);
  // metrics-server writes nanocores; "0" is the one value without a unit
  return Number.parseInt(usage.cpu, 10) / 1e6;
}
