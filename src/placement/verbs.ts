/** What kube-scheduler asks an extender: where may a pod go, how good is each node, where would eviction help. */
export const VERBS = ['filter', 'prioritize', 'preempt'] as const;
export type Verb = (typeof VERBS)[number];
