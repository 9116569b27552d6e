import type { KubeObject } from './kube.ts';

/** What these tests read of a node and a pod. */
export interface Condition {
  readonly type: string;
  readonly status: string;
  readonly reason?: string;
  readonly message?: string;
}

export interface Node extends KubeObject {
  readonly spec: {
    readonly unschedulable?: boolean;
    readonly taints?: readonly { readonly key: string; readonly effect: string }[];
  };
  readonly status: { readonly conditions?: readonly Condition[] };
}

export interface Pod extends KubeObject {
  readonly spec: { readonly nodeName?: string; readonly schedulerName?: string };
  readonly status: { readonly phase?: string; readonly conditions?: readonly Condition[] };
}

const EDGE_LABEL = 'node-role.kubernetes.io/edge';

export interface NodeSpec {
  /** Allocatable CPU, as Kubernetes writes it: `4`, `1500m`. */
  readonly cpu: string;
  readonly tier: 'edge' | 'cloud';
  readonly labels?: Readonly<Record<string, string>>;
}

export function edge(count: number, cpu: string): readonly NodeSpec[] {
  return Array.from({ length: count }, () => ({ cpu, tier: 'edge' }) as const);
}

export function cloud(count: number, cpu: string): readonly NodeSpec[] {
  return Array.from({ length: count }, () => ({ cpu, tier: 'cloud' }) as const);
}

/** A node whose kubelet is KWOK, with the path at which KWOK says what its pods use. */
export function nodeObject(name: string, { cpu, tier, labels = {} }: NodeSpec): object {
  const resources = { cpu, memory: '64Gi', pods: '500' };
  return {
    metadata: {
      name,
      labels: {
        'kubernetes.io/hostname': name,
        'kubernetes.io/os': 'linux',
        type: 'kwok',
        ...(tier === 'edge' ? { [EDGE_LABEL]: '' } : {}),
        ...labels,
      },
      annotations: { 'metrics.k8s.io/resource-metrics-path': metricsPath(name) },
    },
    status: { allocatable: resources, capacity: resources },
  };
}

function metricsPath(node: string): string {
  return `/metrics/nodes/${node}/metrics/resource`;
}

/** What a node always carries, like its network agent: metrics-server doesn't show a node that uses no CPU. */
export function agentPod(node: string): object {
  return {
    metadata: { name: `agent-${node}`, namespace: 'kube-system', labels: { app: 'agent' } },
    spec: { nodeName: node, ...podSpec('1m') },
  };
}

export interface PodOptions {
  /** CPU request of its one container. Default 10m. */
  readonly request?: string;
  /** CPU that KWOK says it uses, once it runs. Default 1m. */
  readonly usage?: string;
  /** Below spillway.dev/: `{ 'cpu-estimate': '150m' }`. */
  readonly spillway?: Readonly<Record<string, string>>;
  readonly labels?: Readonly<Record<string, string>>;
  /** Default: the scheduler of the stage. */
  readonly schedulerName?: string;
  /** Preset: the pod passes no scheduler. */
  readonly nodeName?: string;
  readonly nodeSelector?: Readonly<Record<string, string>>;
  readonly priorityClassName?: string;
  /** A port of the node: one such pod a node. */
  readonly hostPort?: number;
}

/** Metadata and spec of a pod, also for templates of Deployments and DaemonSets. */
export function podTemplate(options: PodOptions): { readonly metadata: object; readonly spec: object } {
  const { request = '10m', usage, spillway = {}, labels = {}, schedulerName, nodeName } = options;
  const { nodeSelector, priorityClassName } = options;
  const own = Object.entries(spillway).map(([key, value]) => [`spillway.dev/${key}`, value]);
  return {
    metadata: {
      labels: { app: 'load', ...labels },
      annotations: {
        ...Object.fromEntries(own),
        ...(usage === undefined ? {} : { 'kwok.x-k8s.io/usage-cpu': usage }),
      },
    },
    spec: {
      ...(schedulerName === undefined ? {} : { schedulerName }),
      ...(nodeName === undefined ? {} : { nodeName }),
      ...(nodeSelector === undefined ? {} : { nodeSelector }),
      ...(priorityClassName === undefined ? {} : { priorityClassName }),
      ...podSpec(request, options.hostPort),
    },
  };
}

function podSpec(request: string, hostPort?: number) {
  const ports = hostPort === undefined ? {} : { ports: [{ containerPort: hostPort, hostPort }] };
  return {
    terminationGracePeriodSeconds: 0,
    containers: [{ name: 'main', image: 'none', resources: { requests: { cpu: request } }, ...ports }],
  };
}
