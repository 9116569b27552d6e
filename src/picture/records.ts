/**
 * What the picture keeps of Kubernetes' objects: the few fields that placement needs. A full pod is 5 to 10
 * KB, a record a few hundred bytes; a cluster may have 50 000 of them.
 */

export interface NodeRecord {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly allocatableMilli: number;
  /** Its Ready condition is True and it carries no not-ready or unreachable taint. */
  readonly ready: boolean;
  /** Not cordoned. */
  readonly schedulable: boolean;
}

export interface PodRecord {
  readonly uid: string;
  readonly namespace: string;
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  /** Only those that placement reads: `spillway.dev/…` and the mirror annotation. */
  readonly annotations: Readonly<Record<string, string>>;
  readonly ownerUid?: string | undefined;
  readonly ownerKind?: string | undefined;
  readonly priorityClassName?: string | undefined;
  readonly schedulerName: string;
  readonly nodeName?: string | undefined;
  /** The node that preemption chose for it. */
  readonly nominatedNodeName?: string | undefined;
  readonly requestMilli?: number | undefined;
  /** Succeeded or Failed: it uses nothing any more. */
  readonly ended: boolean;
  readonly terminating: boolean;
  readonly startedAtMs?: number | undefined;
  readonly readyAtMs?: number | undefined;
}

export interface ReplicaSetRecord {
  readonly uid: string;
  readonly replicas: number;
}

/** An item of metrics.k8s.io. Its time is the clock of the node that measured. */
export interface NodeUsage {
  readonly name: string;
  readonly usageMilli: number;
  readonly timestampMs: number;
  readonly windowMs: number;
}

export interface PodUsage extends NodeUsage {
  readonly namespace: string;
}

/** One look at the metrics: what was listed, all of the same scrape. */
export interface MetricsLook {
  readonly nodes: readonly NodeUsage[];
  /** Undefined: pod metrics could not be read. */
  readonly pods: readonly PodUsage[] | undefined;
}
