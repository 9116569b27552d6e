import { WORKLOAD } from '../simulator/traces.ts';

/*
 * Traces that measure the simulator. They are written as files, since what is measured is the whole program:
 * reading and checking the trace belongs to it.
 */

type Document = Record<string, unknown>;

interface Cluster {
  readonly edgeNodes: number;
  readonly cloudNodes: number;
  readonly deployments: number;
}

/** One Deployment, its demand over a day and its autoscaler. */
export function dayOfOneAutoscaler(): Document {
  const points = Array.from({ length: 25 }, (_, hour) => ({
    at: `${hour}h`,
    cpu: `${Math.round(900 - 800 * Math.cos((hour / 12) * Math.PI))}m`,
  }));
  const [namespace, name] = WORKLOAD.split('/');
  return trace('day', '24h', {
    nodes: [node('edge', 1, '1'), node('cloud', 1, '4'), node('cloud', 2, '4')],
    deployments: [deployment('web', 1, '130m')],
    horizontalPodAutoscalers: [
      {
        apiVersion: 'autoscaling/v2',
        kind: 'HorizontalPodAutoscaler',
        metadata: { name, namespace },
        spec: {
          minReplicas: 1,
          maxReplicas: 25,
          scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name },
          metrics: [
            {
              type: 'Resource',
              resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 50 } },
            },
          ],
        },
      },
    ],
    load: [{ type: 'demand', deployment: WORKLOAD, points }],
  });
}

/** A few pods, and then nothing for a long time. */
export function idle(duration: string): Document {
  return trace('idle', duration, {
    nodes: [node('edge', 1, '2'), node('cloud', 1, '4')],
    deployments: [deployment('web', 3, '100m')],
    load: [{ type: 'recordedCpu', deployment: WORKLOAD, points: [{ at: '0s', cpu: '300m' }] }],
  });
}

/**
 * `pods` pods in all, created a Deployment after the other in two steps, and all alive in the end. The pods of a
 * Deployment share what its users ask for, which rises as they come: each that becomes ready relieves the others.
 */
export function burst(pods: number, cluster: Cluster): Document {
  const each = pods / cluster.deployments;
  const stepMs = 1000 + each;
  const firstMs = (index: number) => 5000 + index * 2 * stepMs;
  const events = (index: number) => [
    scale(index, firstMs(index), each / 2),
    scale(index, firstMs(index) + stepMs, each),
  ];
  const load = (index: number) => ({
    type: 'demand',
    deployment: workload(index),
    points: [
      { at: `${firstMs(index) + UNTIL_READY_MS}ms`, cpu: '0' },
      { at: `${firstMs(index) + UNTIL_READY_MS + 2 * stepMs}ms`, cpu: `${(30 + index) * each}m` },
    ],
  });
  return ofCluster('burst', cluster, events, load);
}

const UNTIL_READY_MS = 2500;

/** `pods` pods in all, a part of them alive at once: every Deployment is scaled up and down again, in turns. */
export function churn(pods: number, rounds: number, cluster: Cluster): Document {
  const each = pods / cluster.deployments / rounds;
  const turnMs = 1000 + 2 * each;
  const events = (index: number) =>
    Array.from({ length: rounds }, (_, round) => {
      const atMs = 5000 + (round * cluster.deployments + index) * turnMs;
      return [scale(index, atMs, each), scale(index, atMs + 4 * turnMs, 0)];
    }).flat();
  const load = (index: number) => ({
    type: 'recordedCpu',
    deployment: workload(index),
    split: 'each',
    points: [{ at: '0s', cpu: `${30 + index}m` }],
  });
  return ofCluster('churn', cluster, events, load);
}

function ofCluster(
  name: string,
  { edgeNodes, cloudNodes, deployments }: Cluster,
  events: (deployment: number) => readonly Event[],
  load: (deployment: number) => Document,
): Document {
  const numbers = Array.from({ length: deployments }, (_, index) => index);
  const all = numbers.flatMap(events).sort((left, right) => left.atMs - right.atMs);
  const lastMs = all.at(-1)?.atMs ?? 0;
  return trace(name, `${Math.ceil(lastMs / 1000) + 60}s`, {
    // kube-scheduler's own default: in a large cluster it looks at a part of the nodes.
    scheduler: { percentageOfNodesToScore: 0 },
    nodes: [
      ...Array.from({ length: edgeNodes }, (_, index) => node('edge', index + 1, '8')),
      ...Array.from({ length: cloudNodes }, (_, index) => node('cloud', index + 1, '32', '250')),
    ],
    deployments: numbers.map((index) => deployment(`web-${index}`, 0, '100m')),
    events: all.map(({ atMs, ...event }) => ({ at: `${atMs}ms`, ...event })),
    load: numbers.map(load),
  });
}

function workload(index: number): string {
  return `fn/web-${index}`;
}

interface Event {
  readonly atMs: number;
  readonly scale: { readonly deployment: string; readonly replicas: number };
}

function scale(index: number, atMs: number, replicas: number): Event {
  return { atMs, scale: { deployment: workload(index), replicas } };
}

function trace(name: string, duration: string, over: Document): Document {
  return {
    apiVersion: 'simulate.spillway.dev/v1alpha1',
    kind: 'ScaleTrace',
    metadata: { name },
    duration,
    ...over,
  };
}

function node(tier: 'edge' | 'cloud', number: number, cpu: string, pods = '110'): Document {
  const name = `${tier}-${number}`;
  const role = tier === 'edge' ? { 'node-role.kubernetes.io/edge': '' } : {};
  return {
    metadata: { name, labels: { 'kubernetes.io/hostname': name, ...role } },
    status: {
      allocatable: { cpu, memory: '64Gi', pods },
      conditions: [{ type: 'Ready', status: 'True' }],
    },
  };
}

function deployment(name: string, replicas: number, cpu: string): Document {
  return {
    metadata: { name, namespace: 'fn' },
    spec: {
      replicas,
      template: {
        metadata: { labels: { app: name } },
        spec: { containers: [{ name: 'web', resources: { requests: { cpu, memory: '64Mi' } } }] },
      },
    },
  };
}
