import type { PodResult } from '../result.ts';
import type { Run } from './check.ts';

/** The pods of a workload, or all. */
export function podsOf(run: Run, workload: string | undefined): readonly PodResult[] {
  return workload === undefined ? run.pods : run.pods.filter((pod) => pod.workload === workload);
}

/** Bound and not yet terminating at that moment. */
export function isBoundAt({ boundAtMs, terminatingAtMs }: PodResult, atMs: number): boolean {
  return (
    boundAtMs !== undefined && boundAtMs <= atMs && (terminatingAtMs === undefined || atMs < terminatingAtMs)
  );
}

/** In the order in which they were bound. */
export function byBinding(left: PodResult, right: PodResult): number {
  return (left.boundAtMs ?? 0) - (right.boundAtMs ?? 0);
}

/** Index of the last decision that Spillway made for the pod. */
export function lastDecisionOf({ attempts }: PodResult): number | undefined {
  return attempts.at(-1)?.decision;
}

/** Seconds since the trace began, for people: `93.25 s`. */
export function sinceStart(run: Run, atMs: number): string {
  return `${Math.round(atMs - run.startMs) / 1000} s`;
}

export interface Bounds {
  readonly exactly?: number | undefined;
  readonly atLeast?: number | undefined;
  readonly atMost?: number | undefined;
}

/** `exactly 6 pods`, `2 to 4 pods`. */
export function boundsText({ exactly, atLeast, atMost }: Bounds): string {
  if (exactly !== undefined) return `exactly ${podsText(exactly)}`;
  if (atLeast !== undefined && atMost !== undefined) return `${atLeast} to ${podsText(atMost)}`;
  return atLeast === undefined ? `at most ${podsText(atMost ?? 0)}` : `at least ${podsText(atLeast)}`;
}

/** `1 pod`, `2 pods`. */
function podsText(count: number): string {
  return count === 1 ? '1 pod' : `${count} pods`;
}

/** How many too many (above 0) or too few (below 0). */
export function excess(count: number, { exactly, atLeast, atMost }: Bounds): number {
  const high = exactly ?? atMost ?? Number.POSITIVE_INFINITY;
  const low = exactly ?? atLeast ?? 0;
  if (count > high) return count - high;
  return count < low ? count - low : 0;
}
