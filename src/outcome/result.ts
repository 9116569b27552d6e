import type { Decision } from '../placement/decision.ts';
import type { Tier } from '../placement/types.ts';
import type { PolicyName } from '../trace/policy-names.ts';
import type { TRACE_API_VERSION } from '../trace/schema.ts';

/**
 * What a run came to: everything that the report, the expectations and `--output json` show. Times are on
 * the virtual clock, in milliseconds; the trace began at `startMs`.
 */
export interface SimulationResult {
  readonly apiVersion: typeof TRACE_API_VERSION;
  readonly kind: 'SimulationResult';
  readonly trace: { readonly name: string; readonly description?: string | undefined; readonly seed: number };
  /** How pods got their nodes; undefined: nobody said. */
  readonly policy?: PolicyName | undefined;
  /** Where it ran. Absent: in a model, in virtual time. */
  readonly on?: 'cluster' | undefined;
  /** On a cluster: what its clocks showed at `startMs`, since the epoch; by this logs and graphs are found. */
  readonly clusterStartMs?: number | undefined;
  readonly startMs: number;
  readonly endMs: number;
  readonly nodes: readonly NodeResult[];
  readonly pods: readonly PodResult[];
  readonly scalings: readonly Scaling[];
  /** Every answer to filter, in order. */
  readonly decisions: readonly Decision[];
  readonly counts: readonly TierCounts[];
  readonly workloads: readonly WorkloadResult[];
  readonly autoscalers: readonly AutoscalerResult[];
  /** What happened to the cluster from outside, in order: scalings by events are in `scalings`. */
  readonly incidents: readonly Incident[];
  /** Those that apply under the run's policy. */
  readonly expectations: readonly ExpectationResult[];
  /** How many others the trace has. Absent: none. */
  readonly expectationsOfOtherPolicies?: number | undefined;
}

export interface NodeResult {
  readonly name: string;
  readonly tier: Tier;
  readonly allocatableMilli: number;
  /** Of edge nodes only. */
  readonly thresholdMilli?: number | undefined;
  /** CPU used from moment to moment. */
  readonly real: readonly CpuStretch[];
  /** What metrics-server served, by the time at which Spillway read it. */
  readonly measured: readonly MeasuredCpu[];
  /** What Spillway then expected the node to use. */
  readonly forecast: readonly CpuPoint[];
}

export interface CpuPoint {
  readonly atMs: number;
  readonly milli: number;
}

export interface MeasuredCpu extends CpuPoint {
  readonly sampleEndMs: number;
  readonly windowMs: number;
}

/** A pod of a Deployment, from its creation on; undefined: it has not come to that. */
export interface PodResult {
  readonly uid: string;
  readonly namespace: string;
  readonly name: string;
  /** `namespace/name` of its Deployment. */
  readonly workload: string;
  readonly node?: string | undefined;
  readonly tier?: Tier | undefined;
  readonly createdAtMs: number;
  readonly boundAtMs?: number | undefined;
  readonly startedAtMs?: number | undefined;
  readonly readyAtMs?: number | undefined;
  readonly terminatingAtMs?: number | undefined;
  readonly goneAtMs?: number | undefined;
  readonly restarts: number;
  readonly attempts: readonly AttemptResult[];
}

export interface AttemptResult {
  readonly atMs: number;
  readonly result: 'assumed' | 'unschedulable';
  /** Index of the decision that Spillway was asked for; undefined: it was not asked. */
  readonly decision?: number | undefined;
  /** The scheduler's total for each node, where it had a choice. */
  readonly scores: readonly { readonly node: string; readonly total: number }[];
  /** How many nodes were left out for each reason. */
  readonly reasons: Readonly<Record<string, number>>;
}

export interface Scaling {
  readonly atMs: number;
  readonly workload: string;
  readonly from: number;
  readonly to: number;
}

/** How many pods of Deployments there are, after something changed. */
export interface TierCounts {
  readonly atMs: number;
  readonly edge: number;
  readonly cloud: number;
  /** Created and not bound. */
  readonly pending: number;
}

/** A Deployment that answers requests. */
export interface WorkloadResult {
  /** `namespace/name` of the Deployment. */
  readonly workload: string;
  /** Virtual users from each moment on; empty when the load is of another kind. */
  readonly users: readonly UserCount[];
  /** Answers to requests, by the second in which they came and the tier that gave them. */
  readonly responses: readonly ResponseBucket[];
  /** Of the whole run; undefined: there were no requests. */
  readonly summary?: ResponseSummary | undefined;
  /** Of a CPU demand: what users asked for and no pod could give, in core-seconds. */
  readonly unservedCpuSeconds?: number | undefined;
}

export interface UserCount {
  readonly atMs: number;
  readonly users: number;
}

export interface ResponseBucket extends ResponseSummary {
  readonly fromMs: number;
  readonly toMs: number;
  /** Undefined: requests that failed without a pod to answer them. */
  readonly tier?: Tier | undefined;
}

/** Times from the sending of a request to its answer; quantiles of those that succeeded, by nearest rank. */
export interface ResponseSummary {
  readonly succeeded: number;
  readonly failed: number;
  readonly meanMs: number;
  readonly p50Ms: number;
  readonly p90Ms: number;
  readonly p95Ms: number;
  readonly p99Ms: number;
  readonly maxMs: number;
}

export interface AutoscalerResult {
  /** `namespace/name` of the HorizontalPodAutoscaler. */
  readonly autoscaler: string;
  /** `namespace/name` of the Deployment that it scales. */
  readonly workload: string;
  /** Every sync at which something of this differed from the sync before. */
  readonly syncs: readonly AutoscalerSync[];
  readonly events: readonly KubernetesEvent[];
}

export interface AutoscalerSync {
  readonly atMs: number;
  readonly currentReplicas: number;
  readonly desiredReplicas: number;
  /** Percent of the request, as `status.currentMetrics` shows it; undefined: no metric could be read. */
  readonly utilizationPercent?: number | undefined;
  /** Mean of the pods. */
  readonly averageMilli?: number | undefined;
  /** Reasons of its conditions, by type: `{ AbleToScale: 'ReadyForNewScale', … }`; `!` before one that is False. */
  readonly conditions: Readonly<Record<string, string>>;
}

export interface KubernetesEvent {
  readonly atMs: number;
  readonly type: 'Normal' | 'Warning';
  readonly reason: string;
  readonly message: string;
}

export interface Incident {
  readonly atMs: number;
  /** What happened, in words: `node edge lost`. */
  readonly what: string;
  /** The node, pod or part of the cluster. */
  readonly object: string;
}

export interface ExpectationResult {
  readonly type: string;
  readonly note?: string | undefined;
  /** What is expected, in words. */
  readonly expected: string;
  readonly held: boolean;
  readonly found: string;
  /** Where the run first went another way than expected; only when it did not hold. */
  readonly diverged?: Divergence | undefined;
}

export interface Divergence {
  readonly atMs: number;
  /** What happened, in words. */
  readonly what: string;
  /** Index of the decision; undefined: no decision did it. */
  readonly decision?: number | undefined;
}

/** Usage along a straight line. */
export interface CpuStretch {
  readonly fromMs: number;
  readonly toMs: number;
  readonly fromMilli: number;
  readonly toMilli: number;
}
