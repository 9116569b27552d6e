import type { NodeObject } from '../picture/objects.ts';

/*
 * What kube-scheduler reads (k8s.io/kube-scheduler/extender/v1). Its Go structs have no JSON tags, so the keys are
 * the Go field names.
 */

/**
 * With neither `Nodes` nor `NodeNames` the scheduler takes the answer for "no node". `FailedNodes` may be
 * helped by preemption, `FailedAndUnresolvableNodes` may not. Both are read only when no node is left.
 */
export interface ExtenderFilterResult {
  readonly Nodes?: { readonly items: readonly NodeObject[] };
  readonly NodeNames?: readonly string[];
  readonly FailedNodes?: Readonly<Record<string, string>>;
  readonly FailedAndUnresolvableNodes?: Readonly<Record<string, string>>;
}

/** `Score` decodes into an int64: one fraction, and the scheduler throws the whole answer away. */
export interface HostPriority {
  readonly Host: string;
  readonly Score: number;
}

interface MetaVictims {
  readonly Pods?: readonly { readonly UID: string }[] | null;
  readonly NumPDBViolations?: number;
}

export interface ExtenderPreemptionResult {
  readonly NodeNameToMetaVictims: Readonly<Record<string, MetaVictims>>;
}
