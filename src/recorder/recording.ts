import { projectNode, projectPod } from '../picture/project.ts';
import type { MetricsLook } from '../picture/records.ts';
import { type Clean, createCleaner } from './clean.ts';
import {
  type JsonObject,
  keyOf,
  type RecordedDeployment,
  type RecordedNode,
  type RecordedObject,
  type RecordedPod,
} from './objects.ts';

/**
 * What was seen of a cluster, and when. It only grows; which part of it is the state at the start and which
 * an event is decided when a trace is made of it. Times are those at which something was seen, in
 * milliseconds since the epoch; metrics carry their own.
 */
export interface Recording {
  readonly clean: Clean;
  readonly nodes: Map<string, NodeHistory>;
  /** By uid. */
  readonly pods: Map<string, PodHistory>;
  readonly deployments: Map<string, DeploymentHistory>;
  /** The Deployment of each ReplicaSet that was ever seen, by uid. */
  readonly replicaSets: Map<string, string>;
  readonly autoscalers: Map<string, JsonObject>;
  readonly looks: SeenLook[];
}

export interface NodeHistory {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  /** Only what differs from the sighting before. */
  readonly sightings: NodeSighting[];
}

export interface NodeSighting {
  readonly atMs: number;
  /** Undefined: the node was deleted. */
  readonly state: NodeState | undefined;
}

export interface NodeState {
  readonly object: JsonObject;
  readonly ready: 'True' | 'False' | 'Unknown';
  readonly cordoned: boolean;
  readonly bootId: string | undefined;
}

export interface PodHistory {
  readonly key: string;
  readonly name: string;
  readonly replicaSetUid: string | undefined;
  readonly createdAtMs: number;
  /** When it was first seen, and seen in each state of its life. */
  readonly seenAtMs: number;
  object: JsonObject;
  nodeName: string | undefined;
  boundAtMs: number | undefined;
  startedAtMs: number | undefined;
  readyAtMs: number | undefined;
  /** It was deleted, or its containers have ended. */
  endingAtMs: number | undefined;
  goneAtMs: number | undefined;
}

export interface DeploymentHistory {
  readonly key: string;
  readonly sightings: DeploymentSighting[];
  /** As it was when first seen. */
  readonly object: JsonObject;
  /** What its pods are made from, as text, to notice that it changes. */
  readonly template: string;
  /** Its template was changed since. */
  rolledOut: boolean;
}

export interface DeploymentSighting {
  readonly atMs: number;
  /** 0 when it was deleted. */
  readonly replicas: number;
}

export interface SeenLook extends MetricsLook {
  readonly seenAtMs: number;
}

export function createRecording(): Recording {
  return {
    clean: createCleaner(),
    nodes: new Map(),
    pods: new Map(),
    deployments: new Map(),
    replicaSets: new Map(),
    autoscalers: new Map(),
    looks: [],
  };
}

export function nodeSeen({ nodes, clean }: Recording, node: RecordedNode, atMs: number): void {
  const { name, labels, schedulable } = projectNode(node);
  const ready = node.status?.conditions?.find(({ type }) => type === 'Ready')?.status;
  const seen = {
    ready: ready === 'True' || ready === 'False' ? ready : 'Unknown',
    cordoned: !schedulable,
    bootId: node.status?.nodeInfo?.bootID,
  } as const;
  const history = nodes.get(name) ?? { name, labels, sightings: [] };
  nodes.set(name, history);
  const last = history.sightings.at(-1)?.state;
  const isSame = last?.ready === seen.ready && last.cordoned === seen.cordoned && last.bootId === seen.bootId;
  if (!isSame) history.sightings.push({ atMs, state: { ...seen, object: clean('nodes', node) } });
}

export function nodeGone({ nodes }: Recording, name: string, atMs: number): void {
  nodes.get(name)?.sightings.push({ atMs, state: undefined });
}

export function podSeen({ pods, clean }: Recording, pod: RecordedPod, atMs: number): void {
  const record = projectPod(pod);
  let history = pods.get(record.uid);
  if (history === undefined) {
    history = {
      key: keyOf(record),
      name: record.name,
      replicaSetUid: record.ownerKind === 'ReplicaSet' ? record.ownerUid : undefined,
      createdAtMs: Date.parse(pod.metadata.creationTimestamp ?? '') || atMs,
      seenAtMs: atMs,
      object: clean('pods', pod),
      nodeName: undefined,
      boundAtMs: undefined,
      startedAtMs: undefined,
      readyAtMs: undefined,
      endingAtMs: undefined,
      goneAtMs: undefined,
    };
    pods.set(record.uid, history);
  }
  if (record.nodeName !== undefined && history.nodeName === undefined) {
    history.nodeName = record.nodeName;
    history.boundAtMs = atMs;
    history.object = clean('pods', pod);
  }
  if (isRunning(pod)) history.startedAtMs ??= atMs;
  if (record.readyAtMs !== undefined) history.readyAtMs ??= atMs;
  if (record.terminating || record.ended) history.endingAtMs ??= atMs;
}

function isRunning({ status }: RecordedPod): boolean {
  const containers = status?.containerStatuses ?? [];
  if (containers.length === 0) return status?.phase === 'Running';
  return containers.every(({ state }) => state?.running !== undefined);
}

export function podGone({ pods }: Recording, uid: string, atMs: number): void {
  const history = pods.get(uid);
  if (history === undefined) return;
  history.goneAtMs ??= atMs;
  history.endingAtMs ??= atMs;
}

export function replicaSetSeen({ replicaSets }: Recording, { metadata }: RecordedObject): void {
  const owner = metadata.ownerReferences?.find(({ controller }) => controller === true);
  if (metadata.uid === undefined || owner?.kind !== 'Deployment' || owner.name === undefined) return;
  replicaSets.set(metadata.uid, keyOf({ namespace: metadata.namespace, name: owner.name }));
}

export function deploymentSeen(recording: Recording, deployment: RecordedDeployment, atMs: number): void {
  const { deployments, clean } = recording;
  const key = keyOf(deployment.metadata);
  const replicas = deployment.spec?.replicas ?? 1;
  const template = JSON.stringify(deployment.spec?.template);
  const known = deployments.get(key);
  if (known === undefined) {
    const object = clean('deployments', deployment);
    deployments.set(key, { key, object, template, rolledOut: false, sightings: [{ atMs, replicas }] });
    return;
  }
  if (known.template !== template) known.rolledOut = true;
  if (known.sightings.at(-1)?.replicas !== replicas) known.sightings.push({ atMs, replicas });
}

export function deploymentGone({ deployments }: Recording, key: string, atMs: number): void {
  deployments.get(key)?.sightings.push({ atMs, replicas: 0 });
}

export function autoscalerSeen({ autoscalers, clean }: Recording, autoscaler: RecordedObject): void {
  const key = keyOf(autoscaler.metadata);
  // As it was first: what changes it later is not known to a trace.
  if (!autoscalers.has(key)) autoscalers.set(key, clean('horizontalPodAutoscalers', autoscaler));
}

export function looked({ looks }: Recording, look: MetricsLook, seenAtMs: number): void {
  looks.push({ ...look, seenAtMs });
}

/** The Deployment that a pod belongs to, if it is a recorded one. */
export function deploymentOf(recording: Recording, { replicaSetUid }: PodHistory): string | undefined {
  const key = replicaSetUid === undefined ? undefined : recording.replicaSets.get(replicaSetUid);
  return key !== undefined && recording.deployments.has(key) ? key : undefined;
}
