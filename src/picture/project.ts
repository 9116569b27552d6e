import { ANNOTATION_PREFIX } from '../placement/annotations.ts';
import { MIRROR_ANNOTATION } from '../placement/policy.ts';
import { parseCpuMilli } from '../placement/quantity.ts';
import type { NodeObject, PodMetricsObject, PodObject, ReplicaSetObject, UsageObject } from './objects.ts';
import type { NodeRecord, NodeUsage, PodRecord, PodUsage, ReplicaSetRecord } from './records.ts';
import { podRequestMilli } from './requests.ts';

const AWAY_TAINTS: readonly string[] = ['node.kubernetes.io/not-ready', 'node.kubernetes.io/unreachable'];

export function projectNode(node: NodeObject): NodeRecord {
  const ready = node.status?.conditions?.find(({ type }) => type === 'Ready');
  const away = node.spec?.taints?.some(({ key }) => AWAY_TAINTS.includes(key)) ?? false;
  return {
    name: node.metadata.name,
    labels: node.metadata.labels ?? {},
    allocatableMilli: parseCpuMilli(node.status?.allocatable?.['cpu'] ?? '0') ?? 0,
    ready: ready?.status === 'True' && !away,
    schedulable: node.spec?.unschedulable !== true,
  };
}

export function projectPod(pod: PodObject): PodRecord {
  const { metadata } = pod;
  // Go writes what was never set as null.
  const spec = pod.spec ?? {};
  const status = pod.status ?? {};
  const owner = metadata.ownerReferences?.find(({ controller }) => controller === true);
  const ready = status.conditions?.find(({ type }) => type === 'Ready');
  return {
    // A pod that a client made up (a trace, a test) may have no uid; its name is as unique.
    uid: metadata.uid ?? `${metadata.namespace ?? 'default'}/${metadata.name}`,
    namespace: metadata.namespace ?? 'default',
    name: metadata.name,
    labels: metadata.labels ?? {},
    annotations: ownAnnotations(metadata.annotations ?? {}),
    ownerUid: owner?.uid,
    ownerKind: owner?.kind,
    priorityClassName: spec.priorityClassName,
    // As the API server defaults it.
    schedulerName: spec.schedulerName ?? 'default-scheduler',
    nodeName: spec.nodeName === '' ? undefined : spec.nodeName,
    nominatedNodeName: status.nominatedNodeName,
    requestMilli: podRequestMilli(spec),
    ended: status.phase === 'Succeeded' || status.phase === 'Failed',
    terminating: metadata.deletionTimestamp !== undefined && metadata.deletionTimestamp !== null,
    startedAtMs: timeMs(status.startTime),
    readyAtMs: ready?.status === 'True' ? timeMs(ready.lastTransitionTime) : undefined,
  };
}

export function projectReplicaSet(replicaSet: ReplicaSetObject): ReplicaSetRecord {
  return {
    uid: replicaSet.metadata.uid ?? replicaSet.metadata.name,
    replicas: replicaSet.spec?.replicas ?? 1,
  };
}

/** Undefined when the item lacks what makes it usable: a name, a CPU quantity, a time. */
export function projectNodeUsage(item: UsageObject): NodeUsage | undefined {
  return usageOf(item, item.usage?.['cpu']);
}

export function projectPodUsage(item: PodMetricsObject): PodUsage | undefined {
  let usageMilli = 0;
  for (const { usage } of item.containers ?? []) {
    const containerMilli = parseCpuMilli(usage?.['cpu'] ?? '');
    if (containerMilli === undefined) return undefined;
    usageMilli += containerMilli;
  }
  const usage = usageOf(item, `${usageMilli}m`);
  return usage && { ...usage, usageMilli, namespace: item.metadata?.namespace ?? 'default' };
}

function usageOf(item: UsageObject, cpu: string | undefined): NodeUsage | undefined {
  const name = item.metadata?.name;
  const usageMilli = parseCpuMilli(cpu ?? '');
  const timestampMs = timeMs(item.timestamp);
  const windowMs = parseDurationMs(item.window ?? '');
  if (name === undefined || usageMilli === undefined || timestampMs === undefined) return undefined;
  return { name, usageMilli, timestampMs, windowMs: windowMs ?? 0 };
}

const DURATION_UNITS_MS: Readonly<Record<string, number>> = {
  ns: 1e-6,
  us: 1e-3,
  µs: 1e-3,
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
};

/** Go's duration text, as metrics-server and configuration write it: `15.038s`, `1m30s`. */
export function parseDurationMs(text: string): number | undefined {
  // What metrics-server writes for every pod of every answer, and worth a shorter way.
  const [, seconds] = /^(\d+(?:\.\d+)?)s$/.exec(text) ?? [];
  if (seconds !== undefined) return Number(seconds) * 1000;
  if (!/^(\d+(\.\d+)?(ns|us|µs|ms|s|m|h))+$/.test(text)) return undefined;
  let milliseconds = 0;
  for (const [, digits, unit = ''] of text.matchAll(/(\d+(?:\.\d+)?)(ns|us|µs|ms|s|m|h)/g)) {
    milliseconds += Number(digits) * (DURATION_UNITS_MS[unit] ?? 0);
  }
  return milliseconds;
}

function ownAnnotations(annotations: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const own: Record<string, string> = {};
  for (const key in annotations) {
    if (key.startsWith(ANNOTATION_PREFIX) || key === MIRROR_ANNOTATION) own[key] = annotations[key] ?? '';
  }
  return own;
}

function timeMs(text: string | null | undefined): number | undefined {
  const milliseconds = text ? Date.parse(text) : Number.NaN;
  return Number.isNaN(milliseconds) ? undefined : milliseconds;
}
