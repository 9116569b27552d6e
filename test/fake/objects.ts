/** Kubernetes' objects as the API server sends them, with every field that Spillway reads and some more. */

export interface FakeObject {
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string | undefined;
    readonly uid: string;
    readonly resourceVersion?: string | undefined;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
    readonly [field: string]: unknown;
  };
  readonly [field: string]: unknown;
}

const READY_SINCE = '2024-05-01T10:00:00Z';

export interface NodeOptions {
  readonly uid?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly cpu?: string;
  readonly ready?: boolean;
  readonly unschedulable?: boolean;
}

export function nodeObject(name: string, options: NodeOptions = {}): FakeObject {
  const { uid = `uid-of-node-${name}`, labels = {}, cpu = '4', ready = true, unschedulable } = options;
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name, uid, labels: { 'kubernetes.io/hostname': name, ...labels } },
    spec: { ...(unschedulable === undefined ? {} : { unschedulable }) },
    status: {
      allocatable: { cpu, memory: '8Gi', pods: '110' },
      conditions: [{ type: 'Ready', status: ready ? 'True' : 'False', lastTransitionTime: READY_SINCE }],
    },
  };
}

export interface PodOptions {
  readonly namespace?: string;
  readonly uid?: string;
  readonly nodeName?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly cpuRequest?: string;
  readonly ownerUid?: string;
  readonly phase?: 'Pending' | 'Running' | 'Succeeded' | 'Failed';
}

export function podObject(name: string, options: PodOptions = {}): FakeObject {
  const { namespace = 'default', uid = `uid-of-${name}`, nodeName, labels = {}, annotations = {} } = options;
  const { cpuRequest = '100m', ownerUid, phase = nodeName === undefined ? 'Pending' : 'Running' } = options;
  const owner = { apiVersion: 'apps/v1', kind: 'ReplicaSet', name: 'owner', uid: ownerUid, controller: true };
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name,
      namespace,
      uid,
      labels,
      annotations,
      ...(ownerUid === undefined ? {} : { ownerReferences: [owner] }),
    },
    spec: {
      ...(nodeName === undefined ? {} : { nodeName }),
      containers: [{ name: 'app', image: 'app:1', resources: { requests: { cpu: cpuRequest } } }],
    },
    status: {
      phase,
      startTime: READY_SINCE,
      conditions: [
        { type: 'Ready', status: phase === 'Running' ? 'True' : 'False', lastTransitionTime: READY_SINCE },
      ],
    },
  };
}

export function replicaSetObject(name: string, replicas: number, namespace = 'default'): FakeObject {
  return {
    apiVersion: 'apps/v1',
    kind: 'ReplicaSet',
    metadata: { name, namespace, uid: `uid-of-${name}` },
    spec: { replicas },
  };
}

/** With one ReplicaSet, `NAME-rs`, and pods that `podObject` gives that owner. */
export function deploymentObject(name: string, replicas: number, namespace = 'default'): FakeObject {
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, namespace, uid: `uid-of-${name}` },
    spec: {
      replicas,
      template: {
        metadata: { labels: { app: name } },
        spec: { containers: [{ name: 'app', image: 'app:1', resources: { requests: { cpu: '100m' } } }] },
      },
    },
  };
}

export function ownedReplicaSetObject(
  deployment: string,
  replicas: number,
  namespace = 'default',
): FakeObject {
  const { metadata, ...rest } = replicaSetObject(`${deployment}-rs`, replicas, namespace);
  const owner = { apiVersion: 'apps/v1', kind: 'Deployment', name: deployment, controller: true };
  return { ...rest, metadata: { ...metadata, ownerReferences: [owner] } };
}

export interface UsageOptions {
  readonly cpu?: string;
  readonly timestamp?: string;
  readonly window?: string;
}

export function nodeMetricsObject(name: string, options: UsageOptions = {}): object {
  const { cpu = '706808951n', timestamp = '2024-05-01T10:10:00Z', window = '15.038s' } = options;
  return { metadata: { name }, timestamp, window, usage: { cpu, memory: '1156520Ki' } };
}

export function podMetricsObject(
  name: string,
  options: UsageOptions & {
    readonly namespace?: string;
    readonly labels?: Readonly<Record<string, string>>;
  } = {},
): object {
  const { cpu = '100m', timestamp = '2024-05-01T10:10:00Z', window = '15.038s' } = options;
  const { namespace = 'default', labels = {} } = options;
  return {
    metadata: { name, namespace, labels, creationTimestamp: '2024-05-01T10:10:07Z' },
    timestamp,
    window,
    containers: [{ name: 'app', usage: { cpu, memory: '20Mi' } }],
  };
}

/** What a pod of a Deployment has besides what is read of it, mostly managedFields and volumes: 5 KB in all. */
export const MANAGED_FIELDS = Array.from({ length: 24 }, (_, index) => ({
  manager: 'kube-controller-manager',
  operation: 'Update',
  time: '2024-05-01T10:00:00Z',
  fieldsV1: { [`f:field-${index}`]: { 'f:name': {}, '.': {}, 'f:readOnly': { 'k:{"type":"x"}': {} } } },
}));
