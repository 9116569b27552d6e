import type { NodeObject } from '../../cluster/objects.ts';
import type { PodInfo } from './pod-info.ts';
import type { Amounts } from './requests.ts';

/** A node's object, parsed once for each change of it. */
export interface NodeState {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly unschedulable: boolean;
  readonly taints: readonly Taint[];
  readonly allocatable: Amounts & { readonly pods: number };
  readonly object: NodeObject;
}

export interface Taint {
  readonly key: string;
  readonly value?: string | undefined;
  readonly effect: string;
}

/**
 * A node and the pods on it, those that the scheduler has only assumed there too: its own books, since
 * binding is asynchronous (pkg/scheduler/framework/types.go, NodeInfo).
 */
export interface NodeInfo {
  state: NodeState;
  readonly pods: Set<PodInfo>;
  /** Those with affinity or anti-affinity to other pods. */
  readonly podsWithAffinity: Set<PodInfo>;
  /** Sums over its pods; `scalars` too. */
  readonly requested: MutableAmounts;
  readonly nonZeroRequested: { cpuMilli: number; memoryBytes: number };
}

interface MutableAmounts {
  cpuMilli: number;
  memoryBytes: number;
  ephemeralStorageBytes: number;
  readonly scalars: Map<string, number>;
}
