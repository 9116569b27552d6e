import type { PodMetricsObject } from '../../picture/objects.ts';
import { parseDurationMs } from '../../picture/project.ts';
import { podRequestMilli } from '../../picture/requests.ts';
import { parseCpuMilli } from '../../placement/quantity.ts';
import type { TracePodSpec } from '../../trace/kubernetes.ts';
import type { ServedMetrics, SimPod, SimReplicaSet } from '../model/world.ts';
import type { AutoscaledPod, ContainerRequest, PodSample, Read } from './types.ts';

/** What client-go says when the aggregation layer finds no metrics-server. */
const UNAVAILABLE = 'the server is currently unable to handle the request (get pods.metrics.k8s.io)';

export function podOf(pod: SimPod): AutoscaledPod {
  const { spec, boundAtMs, readyAtMs, startedAtMs } = pod;
  return {
    name: pod.name,
    phase: startedAtMs === undefined ? 'Pending' : 'Running',
    deleted: pod.terminatingAtMs !== undefined,
    ready: {
      status: readyAtMs === undefined ? 'False' : 'True',
      lastTransitionMs: wholeSecond(pod.readyChangedAtMs),
    },
    // The kubelet's first sight of the pod; a restart of its containers does not change it.
    startTimeMs: boundAtMs === undefined ? undefined : wholeSecond(boundAtMs),
    containers: spec.containers.map(requestOf),
    sidecars: (spec.initContainers ?? [])
      .filter(({ restartPolicy }) => restartPolicy === 'Always')
      .map(requestOf),
    podLevel: podLevelOf(spec),
  };
}

/** metav1.Time has whole seconds, rounded down. */
function wholeSecond(atMs: number): number {
  return Math.floor(atMs / 1000) * 1000;
}

function requestOf({ name = '', resources }: TracePodSpec['containers'][number]): ContainerRequest {
  // The API server fills a missing request with the limit before a pod is stored.
  const text = resources?.requests?.['cpu'] ?? resources?.limits?.['cpu'];
  return { name, requestMilli: text === undefined ? undefined : parseCpuMilli(text) };
}

/** component-helpers' IsPodLevelRequestsSet and PodRequests. */
function podLevelOf(spec: TracePodSpec): AutoscaledPod['podLevel'] {
  const names = Object.keys(spec.resources?.requests ?? {});
  const isSet = names.some((name) => name === 'cpu' || name === 'memory' || name.startsWith('hugepages-'));
  return isSet ? { requestMilli: podRequestMilli(spec) } : undefined;
}

/** Reads samples of pods out of what was served; what was served is put in order once, for all autoscalers. */
export function sampleReader(): (
  served: ServedMetrics | undefined,
  replicaSet: SimReplicaSet,
) => Read<readonly PodSample[]> {
  let last: ServedMetrics | undefined;
  let byPod = new Map<string, PodMetricsObject>();
  return (served, { pods }) => {
    if (served === undefined) return { ok: false, error: UNAVAILABLE };
    if (served !== last) {
      last = served;
      byPod = new Map(served.pods.map((item) => [keyOf(item.metadata ?? {}), item]));
    }
    const samples: PodSample[] = [];
    // metrics-server answers for the pods that the API server has at this moment.
    for (const pod of pods) {
      const item = byPod.get(keyOf(pod));
      if (item !== undefined) samples.push(sampleOf(pod, item));
    }
    return { ok: true, value: samples };
  };
}

function keyOf({ namespace = '', name = '' }: { namespace?: string; name?: string }): string {
  return `${namespace}/${name}`;
}

function sampleOf(
  { namespace, name }: SimPod,
  { timestamp = '', window = '', containers = [] }: PodMetricsObject,
): PodSample {
  return {
    namespace,
    name,
    timestampMs: Date.parse(timestamp),
    windowMs: parseDurationMs(window) ?? 0,
    containers: containers.map(({ name: container = '', usage }) => {
      const cpu = usage?.['cpu'];
      return { name: container, usageMilli: cpu === undefined ? undefined : parseCpuMilli(String(cpu)) };
    }),
  };
}
