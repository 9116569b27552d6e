import type { NodeObject, PodObject, ReplicaSetObject } from '../../cluster/objects.ts';
import type { SimNode, SimPod, SimReplicaSet } from './world.ts';

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

export function nodeJson(node: SimNode): NodeObject {
  const { object } = node;
  return { ...object, spec: { ...object.spec, unschedulable: node.unschedulable } };
}

export function replicaSetJson({ name, namespace, uid, replicas }: SimReplicaSet): ReplicaSetObject {
  return { metadata: { name, namespace, uid }, spec: { replicas } };
}

/** Kubernetes' times have whole seconds (apimachinery's metav1.Time), rounded down. */
export function timeText(atMs: number): string {
  return `${new Date(Math.floor(atMs / 1000) * 1000).toISOString().slice(0, 19)}Z`;
}
