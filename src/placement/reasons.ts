/**
 * Every reason that a decision can give, with the text that an operator reads. kube-scheduler merges equal
 * texts in a pod's FailedScheduling event ("3 node(s) edge CPU above threshold"), so they are constants
 * without numbers; the numbers stand in the decision itself.
 */
export const REASONS = {
  // why a node was answered
  'edge-fits': 'edge node fits the pod below its threshold',
  overflow: 'no edge node admits the pod, so it goes to the cloud',
  'cloud-wanted': 'placement asks for the cloud',
  'soft-overload': 'no cloud node to go to, edge node below its limit',
  unmanaged: 'pod is not managed by Spillway',
  'failed-open': 'internal error, candidates passed unchanged',

  // why an edge node was not
  'edge-above-threshold': 'edge CPU above threshold',
  'edge-above-limit': 'edge CPU above limit',
  'edge-not-resumed': 'edge CPU was at threshold and is not yet below resume',
  'edge-metrics-unknown': 'edge CPU unknown',
  'pod-unseen': 'pod not seen by the watch yet, as too many before it never were',
  'better-edge-fit': 'another edge node fits better',
  'other-site': "an edge node of the pod's own site admits it",
  'cloud-preferred': 'a cloud node takes the pod',
  'cloud-only': 'placement excludes edge nodes',

  // why a cloud node was not
  'edge-preferred': 'an edge node admits the pod',
  'edge-only': 'placement excludes cloud nodes',

  // why any node was not
  'node-not-ready': 'node not ready',
  'node-cordoned': 'node cordoned',
  'node-unknown': 'node not seen yet',

  // why a pod that wants the edge was sent to the cloud, where no node's own reason says it
  'no-edge-candidate': 'no edge node among the candidates',
  'edge-share': 'share of pods at the edge reached',
  'cloud-min': 'first pods of the workload go to the cloud',
  'no-candidate': 'no node to choose from',
} as const satisfies Readonly<Record<string, string>>;

export type Reason = keyof typeof REASONS;

export function reasonText(reason: Reason): string {
  return REASONS[reason];
}
