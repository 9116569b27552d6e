import type { Decision } from '../placement/decision.ts';
import type { Tier } from '../placement/types.ts';
import type { CpuStretch } from './model/cpu.ts';

/**
 * What a run came to: everything that the report, the expectations and `--output json` show. Times are on
 * the virtual clock, in milliseconds; the trace began at `startMs`.
 */
export interface SimulationResult {
  readonly apiVersion: 'simulate.spillway.dev/v1alpha1';
  readonly kind: 'SimulationResult';
  readonly trace: { readonly name: string; readonly description?: string | undefined; readonly seed: number };
  readonly startMs: number;
  readonly endMs: number;
  readonly nodes: readonly NodeResult[];
  readonly pods: readonly PodResult[];
  readonly scalings: readonly Scaling[];
  /** Every answer to filter, in order. */
  readonly decisions: readonly Decision[];
  readonly counts: readonly TierCounts[];
  readonly expectations: readonly ExpectationResult[];
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
