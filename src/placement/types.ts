/**
 * The facts that a decision is made from. Plain records: whoever calls (the live service, the simulator,
 * a test) fills them in, and nothing in this folder changes them. CPU is in millicores (`Milli`), time in
 * milliseconds on the caller's clock (`Ms`), a share of something is a `Ratio` from 0 to 1.
 */

export type Tier = 'edge' | 'cloud';

/** Whether replicas divide one load among them (a web function) or each bring their own (a Job). */
export type LoadSharing = 'shared' | 'own';

/** One measurement of CPU: the average over `windowMs`, ending at `endMs`. */
export interface UsageSample {
  readonly usageMilli: number;
  readonly windowMs: number;
  /** On the clock of the node that measured, as `PodFacts.readyAtMs` is: the two may be compared. */
  readonly endMs: number;
}

/** What one workload (the pods of one controller, usually a ReplicaSet) used in one scrape. */
export interface WorkloadSample {
  /** Mean usage of its mature pods. */
  readonly meanMilli: number;
  /** Pods ready, averaged over the window: 2.5 when a third became ready in the middle of it. */
  readonly readyPods: number;
  readonly windowMs: number;
  /** On the local clock. */
  readonly endMs: number;
}

export interface WorkloadFacts {
  readonly key: string;
  /** `spec.replicas` of its ReplicaSet; undefined when it has none or it was not seen yet. */
  readonly replicas?: number | undefined;
  /** Its pods that exist, pending and reserved ones too; not those that are terminating or ended. */
  readonly podCount: number;
  /** The last scrapes in which it had mature pods, oldest first. */
  readonly samples: readonly WorkloadSample[];
  /** A node that carries one of its pods is saturated: what was measured is only a lower bound. */
  readonly saturated: boolean;
}

export interface PodFacts {
  readonly uid: string;
  readonly namespace: string;
  readonly name: string;
  readonly sharing: LoadSharing;
  readonly workload?: WorkloadFacts | undefined;
  /** Sum of its containers' CPU requests as the scheduler counts them; undefined when it has none. */
  readonly requestMilli?: number | undefined;
  /** The annotation `spillway.dev/cpu-estimate`. */
  readonly annotatedMilli?: number | undefined;
  /** When its containers began to run, on the node's clock. */
  readonly startedAtMs?: number | undefined;
  /** When it became ready, on the node's clock; undefined while it is not. */
  readonly readyAtMs?: number | undefined;
  readonly usage?: UsageSample | undefined;
}

export interface NodeMetrics extends UsageSample {
  /** Sum of the pods measured on it in the same scrape; undefined: node metrics came without pod metrics. */
  readonly podUsageMilli?: number | undefined;
  /** Last usage of the pods that have gone since this sample; counted only without pod metrics. */
  readonly goneUsageMilli: number;
  /** Local time at which the sample's timestamp was last seen to advance. */
  readonly advancedAtMs: number;
  /** The last look at the metrics did not list the node. */
  readonly missing: boolean;
}

export interface NodeFacts {
  readonly name: string;
  readonly tier: Tier;
  readonly site?: string | undefined;
  readonly allocatableMilli: number;
  readonly ready: boolean;
  /** False while it is cordoned. */
  readonly schedulable: boolean;
  /** Undefined: never seen in metrics. */
  readonly metrics?: NodeMetrics | undefined;
  /** Hysteresis: it reached its threshold and has not come down below `resume` since. */
  readonly closed: boolean;
  /** The pods on it now, and those reserved for it. */
  readonly pods: Iterable<PodFacts>;
  /** `sumLoads(pods)`, kept by the caller while the pods and their samples stay the same. */
  readonly loads: LoadSums;
}

/** The pods of a node, added up as far as that can be done before the time of the decision is known. */
export interface LoadSums {
  readonly fixedMilli: number;
  readonly shared: readonly SharedSum[];
  /** Sum of their requests, for a node that no scrape ever showed. */
  readonly requestedMilli: number;
  /** Pods whose load depends on their siblings' mean in a way that does not add up. */
  readonly others: readonly PodFacts[];
}

export interface SharedSum {
  readonly workload: WorkloadFacts;
  /** Sum of the skews of its pods here: what they use is the workload's share times this. */
  readonly skewSum: number;
  /** What they are expected to use while no sibling has been measured. */
  readonly fallbackMilli: number;
}

export interface LoadSettings {
  /** How far ahead of now a trend is followed. */
  readonly leadMs: number;
  /** A pod without measured siblings is expected to use its request times this. */
  readonly requestFactor: number;
  /** ... and this, when it has no request either. */
  readonly defaultMilli: number;
  /** A rising load is predicted at most at this multiple of what was measured. */
  readonly trendBoundRatio: number;
}

export interface FreshnessSettings {
  /** Without a new sample for longer than this, metrics are ageing. */
  readonly ageingAfterMs: number;
  /** ... and for longer than this, unknown. */
  readonly unknownAfterMs: number;
}

export type UnknownMetrics = 'pack-by-requests' | 'treat-as-full' | 'treat-as-usable';

export interface PlacementSettings {
  readonly thresholdRatio: number;
  readonly resumeRatio: number;
  readonly limitRatio: number;
  /** Answer one edge node, or every one that admits the pod. */
  readonly edgeCandidates: 'one' | 'all';
  readonly unknownMetrics: UnknownMetrics;
  readonly freshness: FreshnessSettings;
  readonly load: LoadSettings;
}
