import type { ControllerFlags } from './settings.ts';
import type { AutoscaledPod } from './types.ts';
import type { PodUsage, PodUsages } from './usage.ts';

/** Pods by what a proposal makes of them. */
export interface PodGroups {
  readonly ready: readonly AutoscaledPod[];
  readonly unready: readonly AutoscaledPod[];
  readonly missing: readonly AutoscaledPod[];
  readonly ignored: readonly AutoscaledPod[];
}

/**
 * replica_calculator.go, groupPods. A pod that Succeeded is not ignored there: it counts by its metrics like
 * any other.
 */
export function groupPods(
  pods: readonly AutoscaledPod[],
  usages: PodUsages,
  nowMs: number,
  flags: ControllerFlags,
): PodGroups {
  const groups = {
    ready: [] as AutoscaledPod[],
    unready: [] as AutoscaledPod[],
    missing: [] as AutoscaledPod[],
    ignored: [] as AutoscaledPod[],
  };
  for (const pod of pods) groups[groupOf(pod, usages.get(pod.name), nowMs, flags)].push(pod);
  return groups;
}

function groupOf(
  pod: AutoscaledPod,
  usage: PodUsage | undefined,
  nowMs: number,
  flags: ControllerFlags,
): keyof PodGroups {
  if (pod.deleted || pod.phase === 'Failed') return 'ignored';
  if (pod.phase === 'Pending') return 'unready';
  if (usage === undefined) return 'missing';
  return isUnready(pod, usage, nowMs, flags) ? 'unready' : 'ready';
}

function isUnready(
  { ready, startTimeMs }: AutoscaledPod,
  { timestampMs, windowMs }: PodUsage,
  nowMs: number,
  { cpuInitializationPeriodMs, initialReadinessDelayMs }: ControllerFlags,
): boolean {
  if (ready === undefined || startTimeMs === undefined) return true;
  const isFalse = ready.status === 'False';
  if (startTimeMs + cpuInitializationPeriodMs > nowMs) {
    // A start costs CPU: a sample counts only when its whole window lies after the pod became ready.
    return isFalse || timestampMs < ready.lastTransitionMs + windowMs;
  }
  // Not ready since its first seconds: it never was.
  return isFalse && startTimeMs + initialReadinessDelayMs > ready.lastTransitionMs;
}
