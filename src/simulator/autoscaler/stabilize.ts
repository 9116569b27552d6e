import { type Remembered, remember } from './memory.ts';
import type { Behavior } from './types.ts';

/** What metrics recommend, and what it is held against. */
export interface Recommendation {
  readonly currentReplicas: number;
  readonly desiredReplicas: number;
  readonly behavior: Behavior;
  /** Of scaleDown, when behavior has none. */
  readonly defaultWindowMs: number;
  readonly nowMs: number;
}

/** A recommendation after it was held against those before it. */
export interface Stabilized {
  readonly replicas: number;
  /** Of the condition AbleToScale, when `replicas` are not what was recommended. */
  readonly reason: 'ScaleUpStabilized' | 'ScaleDownStabilized';
  readonly message: string;
  readonly recommendations: readonly Remembered[];
}

const WERE_LOWER =
  'recent recommendations were lower than current one, applying the lowest recent recommendation';
const WERE_HIGHER =
  'recent recommendations were higher than current one, applying the highest recent recommendation';

/** Without `behavior`: horizontal.go, stabilizeRecommendation. One exactly as old as the window counts. */
export function stabilize(
  recommendations: readonly Remembered[],
  desiredReplicas: number,
  windowMs: number,
  nowMs: number,
): Stabilized {
  const cutoffMs = nowMs - windowMs;
  let replicas = desiredReplicas;
  for (const { count, atMs } of recommendations) {
    if (atMs >= cutoffMs) replicas = Math.max(replicas, count);
  }
  return {
    replicas,
    reason: 'ScaleDownStabilized',
    message: WERE_HIGHER,
    recommendations: remember(recommendations, { count: desiredReplicas, atMs: nowMs }, cutoffMs),
  };
}

/**
 * With `behavior`: horizontal.go, stabilizeRecommendationWithBehaviors. The replicas move into the span
 * between the lowest recommendation of the window of scaleUp and the highest of that of scaleDown, each with
 * the new one; one exactly as old as the window does not count.
 */
export function stabilizeWithBehavior(
  recommendations: readonly Remembered[],
  { currentReplicas, desiredReplicas, behavior, defaultWindowMs, nowMs }: Recommendation,
): Stabilized {
  const { scaleUp, scaleDown } = behavior;
  const upCutoffMs = nowMs - (scaleUp.stabilizationWindowSeconds ?? 0) * 1000;
  const downWindowSeconds = scaleDown.stabilizationWindowSeconds;
  const downCutoffMs = nowMs - (downWindowSeconds === undefined ? defaultWindowMs : downWindowSeconds * 1000);
  let lowest = desiredReplicas;
  let highest = desiredReplicas;
  for (const { count, atMs } of recommendations) {
    if (atMs > upCutoffMs) lowest = Math.min(lowest, count);
    if (atMs > downCutoffMs) highest = Math.max(highest, count);
  }
  const goesUp = desiredReplicas >= currentReplicas;
  return {
    replicas: Math.min(Math.max(currentReplicas, lowest), highest),
    reason: goesUp ? 'ScaleUpStabilized' : 'ScaleDownStabilized',
    message: goesUp ? WERE_LOWER : WERE_HIGHER,
    recommendations: remember(
      recommendations,
      { count: desiredReplicas, atMs: nowMs },
      Math.min(upCutoffMs, downCutoffMs),
    ),
  };
}
