import type { TierSettings } from '../../src/picture/picture.ts';
import {
  createRecording,
  deploymentSeen,
  looked,
  nodeSeen,
  podGone,
  podSeen,
  type Recording,
  replicaSetSeen,
} from '../../src/recorder/recording.ts';
import { type RecordedTrace, type TraceOptions, traceOf } from '../../src/recorder/trace.ts';

/** The moment at which recordings of the tests begin; times of a scene are seconds since then. */
const START_MS = Date.parse('2026-03-01T12:00:00Z');
export const WORKLOAD = 'fn/web';

const TIERS: TierSettings = {
  edgeSelector: { matchExpressions: [{ key: 'node-role.kubernetes.io/edge', operator: 'Exists' }] },
};

export function at(seconds: number): number {
  return START_MS + seconds * 1000;
}

function time(seconds: number): string {
  return new Date(at(seconds)).toISOString();
}

export interface NodeOptions {
  readonly ready?: 'True' | 'False' | 'Unknown';
  readonly unschedulable?: boolean;
  readonly bootID?: string;
}

/** As the API server sends it, with what a trace must not have. */
export function node(name: string, { ready = 'True', unschedulable, bootID = 'boot-1' }: NodeOptions = {}) {
  return {
    metadata: {
      name,
      uid: `uid-of-${name}`,
      labels: name.startsWith('edge') ? { 'node-role.kubernetes.io/edge': '' } : {},
      annotations: { 'volumes.kubernetes.io/controller-managed-attach-detach': 'true' },
      managedFields: [{ manager: 'kubelet' }],
    },
    spec: { providerID: 'aws:///eu-west-1a/i-0123', ...(unschedulable !== undefined && { unschedulable }) },
    status: {
      allocatable: { cpu: '2', memory: '8Gi', pods: '110' },
      addresses: [{ type: 'InternalIP', address: '10.0.0.1' }],
      conditions: [
        { type: 'MemoryPressure', status: 'False' },
        { type: 'Ready', status: ready, lastTransitionTime: time(-100), reason: 'KubeletReady' },
      ],
      nodeInfo: { bootID, kernelVersion: '6.1' },
    },
  };
}

export function deployment(replicas: number, over: { readonly image?: string; readonly name?: string } = {}) {
  const { image = 'web:1', name = 'web' } = over;
  return {
    metadata: { name, namespace: 'fn', uid: `uid-of-${name}`, annotations: { secret: 'x' } },
    spec: {
      replicas,
      strategy: { type: 'RollingUpdate' },
      template: {
        metadata: {
          labels: { app: name },
          annotations: { 'spillway.dev/placement': 'edge-first', 'checksum/config': 'abc' },
        },
        spec: {
          serviceAccountName: 'web',
          containers: [
            {
              name: 'web',
              image,
              command: ['serve', '--password=hunter2'],
              env: [{ name: 'TOKEN', value: 'hunter2' }],
              resources: { requests: { cpu: '100m' } },
            },
          ],
        },
      },
    },
    status: { replicas },
  };
}

export function replicaSet(name = 'web') {
  return {
    metadata: {
      name: `${name}-rs`,
      namespace: 'fn',
      uid: `uid-of-${name}-rs`,
      ownerReferences: [{ kind: 'Deployment', name, uid: `uid-of-${name}`, controller: true }],
    },
  };
}

export interface PodOptions {
  readonly namespace?: string;
  readonly nodeName?: string;
  readonly created?: number;
  readonly owner?: string;
  readonly phase?: string;
  readonly running?: boolean;
  readonly ready?: boolean;
  readonly deleted?: boolean;
}

export function pod(name: string, options: PodOptions = {}) {
  const { namespace = 'fn', nodeName, created = -1000, owner, running = nodeName !== undefined } = options;
  const { ready = running, deleted = false, phase = running ? 'Running' : 'Pending' } = options;
  return {
    metadata: {
      name,
      namespace,
      uid: `uid-of-${name}`,
      creationTimestamp: time(created),
      labels: { app: name },
      ...(deleted && { deletionTimestamp: time(created + 3600) }),
      ...(owner !== undefined && {
        ownerReferences: [{ kind: 'ReplicaSet', name: owner, uid: `uid-of-${owner}-rs`, controller: true }],
      }),
    },
    spec: {
      ...(nodeName !== undefined && { nodeName }),
      containers: [{ name: 'main', image: 'x', resources: {}, env: [{ name: 'KEY', value: 'hunter2' }] }],
    },
    status: {
      phase,
      startTime: time(created),
      containerStatuses: [{ state: running ? { running: { startedAt: time(created) } } : {} }],
      conditions: [{ type: 'Ready', status: ready ? 'True' : 'False', lastTransitionTime: time(created) }],
    },
  };
}

/** A pod of the Deployment web. */
export function replica(name: string, options: PodOptions = {}) {
  return pod(name, { owner: 'web', ...options });
}

/** What metrics.k8s.io showed: millicores by node and by pod (`namespace/name`), measured up to a moment. */
export interface Look {
  readonly at: number;
  readonly nodes?: Readonly<Record<string, number>>;
  readonly pods?: Readonly<Record<string, number>>;
  readonly windowSeconds?: number;
  readonly seen?: number;
}

export function see(recording: Recording, look: Look): void {
  const { at: end, nodes = { 'edge-1': 0 }, pods = {}, windowSeconds = 15, seen = end + 1 } = look;
  const times = { timestampMs: at(end), windowMs: windowSeconds * 1000 };
  looked(
    recording,
    {
      nodes: Object.entries(nodes).map(([name, usageMilli]) => ({ name, usageMilli, ...times })),
      pods: Object.entries(pods).map(([key, usageMilli]) => {
        const [namespace = '', name = ''] = key.split('/');
        return { namespace, name, usageMilli, ...times };
      }),
    },
    at(seen),
  );
}

/** An edge and a cloud node, and the Deployment web with one pod on the edge, all there long before. */
export function quietCluster(replicas = 1): Recording {
  const recording = createRecording();
  for (const name of ['edge-1', 'cloud-1']) nodeSeen(recording, node(name), at(-60));
  replicaSetSeen(recording, replicaSet());
  deploymentSeen(recording, deployment(replicas), at(-60));
  for (let number = 1; number <= replicas; number += 1) {
    podSeen(recording, replica(`web-a${number}`, { nodeName: 'edge-1' }), at(-60));
  }
  return recording;
}

/** A pod's life from creation to ready, half a second a step. */
export function start(recording: Recording, name: string, created: number, nodeName: string): void {
  const steps = [{ running: false }, { nodeName, running: false }, { nodeName, ready: false }, { nodeName }];
  steps.forEach((step, index) => {
    podSeen(recording, replica(name, { created, ...step }), at(created + index * 0.5));
  });
}

export function end(recording: Recording, name: string, deletedAt: number, nodeName: string): void {
  podSeen(recording, replica(name, { nodeName, deleted: true }), at(deletedAt));
  podGone(recording, `uid-of-${name}`, at(deletedAt + 3));
}

export function recorded(
  recording: Recording,
  { seconds = 120, ...over }: Partial<TraceOptions> & { readonly seconds?: number } = {},
): RecordedTrace {
  return traceOf(recording, {
    name: 'test',
    description: 'a test',
    span: { fromMs: START_MS, toMs: at(seconds) },
    tiers: TIERS,
    expect: false,
    ...over,
  });
}
