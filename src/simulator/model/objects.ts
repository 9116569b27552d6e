import type { NodeObject, PodObject, ReplicaSetObject } from '../../picture/objects.ts';
import type { SimNode, SimPod, SimReplicaSet } from './world.ts';

export interface Taint {
  readonly key: string;
  readonly value?: string | undefined;
  readonly effect: 'NoSchedule' | 'PreferNoSchedule' | 'NoExecute';
}

const UNSCHEDULABLE = 'node.kubernetes.io/unschedulable';
const NOT_READY = 'node.kubernetes.io/not-ready';
const UNREACHABLE = 'node.kubernetes.io/unreachable';
const CONTROLLED: ReadonlySet<string> = new Set([UNSCHEDULABLE, NOT_READY, UNREACHABLE]);
const EFFECTS = ['NoSchedule', 'NoExecute'] as const;

/** The simulated things as the API server shows them: the JSON that Spillway reads of a real cluster. */

export function podJson(pod: SimPod): PodObject {
  const { owner } = pod;
  return {
    metadata: {
      name: pod.name,
      namespace: pod.namespace,
      uid: pod.uid,
      labels: pod.labels,
      annotations: pod.annotations,
      creationTimestamp: timeText(pod.createdAtMs),
      ...(owner && {
        ownerReferences: [{ kind: 'ReplicaSet', name: owner.name, uid: owner.uid, controller: true }],
      }),
      ...(pod.terminatingAtMs !== undefined && { deletionTimestamp: timeText(pod.terminatingAtMs) }),
    },
    spec: { ...pod.spec, ...(pod.node && { nodeName: pod.node.name }) },
    status: {
      phase: pod.startedAtMs === undefined ? 'Pending' : 'Running',
      ...(pod.startedAtMs !== undefined && { startTime: timeText(pod.startedAtMs) }),
      conditions: [
        pod.readyAtMs === undefined
          ? { type: 'Ready', status: 'False' }
          : { type: 'Ready', status: 'True', lastTransitionTime: timeText(pod.readyAtMs) },
      ],
    },
  };
}

/** With what the node controller makes of its state: the Ready condition, and the taints that go with it. */
export function nodeJson(node: SimNode): NodeObject {
  const { object, annotations, unschedulable, ready, readyChangedAtMs } = node;
  const { conditions } = object.status;
  return {
    ...object,
    metadata: { ...object.metadata, annotations },
    spec: { ...object.spec, unschedulable, taints: taintsOf(node) },
    status: {
      ...object.status,
      conditions:
        readyChangedAtMs === undefined
          ? conditions
          : conditions.map((condition) =>
              condition.type === 'Ready'
                ? { ...condition, status: ready, lastTransitionTime: timeText(readyChangedAtMs) }
                : condition,
            ),
    },
  };
}

/** Those that it has as an object, and those of pkg/controller/nodelifecycle. */
export function taintsOf({ object, unschedulable, ready }: SimNode): readonly Taint[] {
  const own: readonly Taint[] = (object.spec?.taints ?? []).filter(({ key }) => !CONTROLLED.has(key));
  return [
    ...own,
    ...(unschedulable ? [{ key: UNSCHEDULABLE, effect: 'NoSchedule' } as const] : []),
    ...(ready === 'True'
      ? []
      : EFFECTS.map((effect) => ({ key: ready === 'Unknown' ? UNREACHABLE : NOT_READY, effect }))),
  ];
}

export function replicaSetJson({ name, namespace, uid, replicas }: SimReplicaSet): ReplicaSetObject {
  return { metadata: { name, namespace, uid }, spec: { replicas } };
}

/** Kubernetes' times have whole seconds (apimachinery's metav1.Time), rounded down. */
export function timeText(atMs: number): string {
  return `${new Date(Math.floor(atMs / 1000) * 1000).toISOString().slice(0, 19)}Z`;
}
