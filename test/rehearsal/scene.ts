import type { SeenPod } from '../../src/rehearsal/objects.ts';
import { createShadow, podSeen, type Shadow } from '../../src/rehearsal/shadow.ts';
import { type TraceDocument, traceDocument, traceOf } from '../simulator/traces.ts';

/** A shadow of the trace of `traceDocument`, at its start. */
export async function shadowOf(over: TraceDocument = {}): Promise<Shadow> {
  return createShadow(await traceOf(traceDocument(over)));
}

export interface PodState {
  readonly node?: string;
  readonly ready?: boolean;
  readonly terminating?: boolean;
  /** Of its Deployment's name. */
  readonly of?: string;
}

/** A pod of a Deployment in `fn`, as a watch shows it. */
export function podOf(
  uid: string,
  { node, ready = false, terminating = false, of = 'web' }: PodState = {},
): SeenPod {
  return {
    metadata: {
      name: `${of}-5d876f668-${uid}`,
      namespace: 'fn',
      uid,
      labels: { app: of, 'pod-template-hash': '5d876f668' },
      ownerReferences: [{ kind: 'ReplicaSet', name: `${of}-5d876f668`, uid: `rs-${of}`, controller: true }],
      ...(terminating ? { deletionTimestamp: '2026-01-01T00:00:00Z' } : {}),
    },
    spec: { nodeName: node, containers: [{ resources: { requests: { cpu: '100m' } } }] },
    status: {
      phase: ready ? 'Running' : 'Pending',
      conditions: [
        ready
          ? { type: 'Ready', status: 'True', lastTransitionTime: '2026-01-01T00:00:00Z' }
          : { type: 'Ready', status: 'False' },
      ],
    },
  };
}

/** Pods that are ready on a node from now on. */
export function readyOn(shadow: Shadow, node: string, ...uids: readonly string[]): void {
  for (const uid of uids) podSeen(shadow, podOf(uid, { node, ready: true }));
}
