import type { AutoscaledPod, ContainerRequest, PodSample } from '../../../src/simulator/autoscaler/types.ts';
import type { AutoscalerCase } from './cases.ts';
import type { DrawnContainer, DrawnPod } from './pods.ts';

/** When a case began, in whole seconds, and how long it is from one sync to the next. */
export interface Clock {
  readonly startMs: number;
  readonly periodMs: number;
}

/* Each drawn thing twice: as the API has it, and as the model reads it. */

export function podObject({ name, startS, containers, sidecars, podLevelMilli }: DrawnPod): object {
  const requests = (milli: number | undefined) =>
    milli === undefined ? {} : { resources: { requests: { cpu: `${milli}m` } } };
  const container = (one: DrawnContainer) => ({
    name: one.name,
    image: 'image',
    ...requests(one.requestMilli),
  });
  return {
    metadata: { name, labels: { app: 'web' } },
    spec: {
      ...(startS !== undefined && { nodeName: 'nowhere' }),
      ...requests(podLevelMilli),
      containers: containers.map(container),
      initContainers: sidecars.map((one) => ({ ...container(one), restartPolicy: 'Always' })),
    },
  };
}

/** What the kubelet would have written. */
export function podStatus({ phase, startS, ready }: DrawnPod, { startMs }: Clock): object {
  const time = (seconds: number) => rfc3339(startMs + seconds * 1000);
  return {
    phase,
    ...(startS !== undefined && { startTime: time(startS) }),
    ...(ready !== undefined && {
      conditions: [{ type: 'Ready', status: ready.status, lastTransitionTime: time(ready.sinceS) }],
    }),
  };
}

export function podOfModel(pod: DrawnPod, { startMs }: Clock): AutoscaledPod {
  const { name, phase, isDeleted, startS, ready, podLevelMilli } = pod;
  const request = ({ name: container, requestMilli }: DrawnContainer): ContainerRequest => ({
    name: container,
    requestMilli,
  });
  return {
    name,
    phase,
    deleted: isDeleted,
    ready: ready && { status: ready.status, lastTransitionMs: startMs + ready.sinceS * 1000 },
    startTimeMs: startS === undefined ? undefined : startMs + startS * 1000,
    containers: pod.containers.map(request),
    sidecars: pod.sidecars.map(request),
    podLevel: podLevelMilli === undefined ? undefined : { requestMilli: podLevelMilli },
  };
}

/** What metrics.k8s.io says at a sync; undefined: it fails. */
export function samplesOfModel(
  one: AutoscalerCase,
  sync: number,
  clock: Clock,
): readonly PodSample[] | undefined {
  const percent = one.loads[Math.min(sync, one.loads.length - 1)];
  if (percent === undefined) return undefined;
  return one.pods.flatMap(({ name, containers, sidecars, sample }) => {
    if (sample === undefined) return [];
    const used = [...containers, ...sidecars].flatMap(({ name: container, usedNano }) =>
      usedNano === undefined
        ? []
        : [{ name: container, usageMilli: Math.round((usedNano * percent) / 100) / 1e6 }],
    );
    return [
      {
        namespace: one.namespace,
        name,
        timestampMs: clock.startMs + sample.endS * 1000 + sync * clock.periodMs,
        windowMs: sample.windowS * 1000,
        containers: used,
      },
    ];
  });
}

export function podMetrics({ namespace, name, timestampMs, windowMs, containers }: PodSample): object {
  return {
    metadata: { name, namespace, labels: { app: 'web' } },
    timestamp: rfc3339(timestampMs),
    window: `${windowMs / 1000}s`,
    containers: containers.map(({ name: container, usageMilli = 0 }) => ({
      name: container,
      usage: { cpu: `${Math.round(usageMilli * 1e6)}n`, memory: '1Mi' },
    })),
  };
}

function rfc3339(atMs: number): string {
  return `${new Date(atMs).toISOString().slice(0, 19)}Z`;
}
