import type { NodeObject, PodObject } from '../picture/objects.ts';

/**
 * What kube-scheduler sends and reads (k8s.io/kube-scheduler/extender/v1). Its Go structs have no JSON tags,
 * so the keys are the Go field names; all are always there, the unused ones null.
 */
export interface ExtenderArgs {
  readonly Pod: PodObject;
  /** With `nodeCacheCapable: false`. Whole nodes, 10 to 13 KB each. */
  readonly Nodes?: { readonly items?: readonly NodeObject[] | null } | null;
  /** With `nodeCacheCapable: true`. */
  readonly NodeNames?: readonly string[] | null;
}

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

export interface ExtenderPreemptionArgs {
  readonly Pod: PodObject;
  /** With `nodeCacheCapable: false`. */
  readonly NodeNameToVictims?: Readonly<Record<string, Victims | null>> | null;
  /** With `nodeCacheCapable: true`. */
  readonly NodeNameToMetaVictims?: Readonly<Record<string, MetaVictims | null>> | null;
}

export interface Victims {
  readonly Pods?: readonly PodObject[] | null;
  readonly NumPDBViolations?: number;
}

export interface MetaVictims {
  readonly Pods?: readonly { readonly UID: string }[] | null;
  readonly NumPDBViolations?: number;
}

export interface ExtenderPreemptionResult {
  readonly NodeNameToMetaVictims: Readonly<Record<string, MetaVictims>>;
}
