/**
 * The parts of Kubernetes' objects, as their JSON has them, that are read here. Our own few lines and not
 * the client's types: the simulator reads the same objects from a trace and must not load the client.
 */

export interface ObjectMeta {
  readonly name: string;
  readonly namespace?: string | undefined;
  readonly uid?: string | undefined;
  readonly labels?: Readonly<Record<string, string>> | undefined;
  readonly annotations?: Readonly<Record<string, string>> | undefined;
  readonly ownerReferences?: readonly OwnerReference[] | undefined;
  readonly deletionTimestamp?: string | null | undefined;
  readonly creationTimestamp?: string | null | undefined;
  readonly resourceVersion?: string | undefined;
}

interface OwnerReference {
  readonly kind: string;
  readonly name?: string;
  readonly uid?: string | undefined;
  readonly controller?: boolean | undefined;
}

interface Condition {
  readonly type: string;
  readonly status: string;
  readonly lastTransitionTime?: string | null | undefined;
}

export interface NodeObject {
  readonly metadata: ObjectMeta;
  readonly spec?:
    | {
        readonly unschedulable?: boolean | undefined;
        readonly taints?:
          | readonly { readonly key: string; readonly value?: string | undefined; readonly effect: string }[]
          | undefined;
      }
    | undefined;
  readonly status?:
    | {
        readonly allocatable?: Readonly<Record<string, string>> | undefined;
        readonly conditions?: readonly Condition[] | undefined;
      }
    | undefined;
}

type Requests = Readonly<Record<string, string>> | undefined;

export interface ContainerObject {
  readonly resources?: { readonly requests?: Requests; readonly limits?: Requests } | undefined;
  readonly restartPolicy?: string | undefined;
}

export interface PodSpecObject {
  readonly nodeName?: string | undefined;
  readonly priorityClassName?: string | undefined;
  readonly schedulerName?: string | undefined;
  readonly containers?: readonly ContainerObject[] | undefined;
  readonly initContainers?: readonly ContainerObject[] | undefined;
  readonly overhead?: Requests;
  readonly resources?: { readonly requests?: Requests } | undefined;
}

export interface PodObject {
  readonly metadata: ObjectMeta;
  readonly spec?: PodSpecObject | undefined;
  readonly status?:
    | {
        readonly phase?: string | undefined;
        readonly startTime?: string | null | undefined;
        readonly nominatedNodeName?: string | undefined;
        readonly conditions?: readonly Condition[] | undefined;
      }
    | undefined;
}

export interface ReplicaSetObject {
  readonly metadata: ObjectMeta;
  readonly spec?: { readonly replicas?: number | undefined } | undefined;
}

/** NodeMetrics of metrics.k8s.io. */
export interface UsageObject {
  readonly metadata?: { readonly name?: string; readonly namespace?: string } | undefined;
  readonly timestamp?: string | undefined;
  readonly window?: string | undefined;
  readonly usage?: Requests;
}

/** PodMetrics of metrics.k8s.io. */
export interface PodMetricsObject extends UsageObject {
  readonly containers?: readonly { readonly name?: string; readonly usage?: Requests }[] | undefined;
}
