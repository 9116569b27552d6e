import type { Remembered } from './memory.ts';
import type { Behavior, ScalingPolicy, ScalingRules } from './types.ts';

/** A wish, and what bounds it. */
export interface LimitQuestion {
  readonly currentReplicas: number;
  readonly desiredReplicas: number;
  readonly minReplicas: number;
  readonly maxReplicas: number;
}

/** Of the condition ScalingLimited; it is True when `replicas` are not what was desired. */
export interface Limited {
  readonly replicas: number;
  readonly reason: LimitReason;
  readonly message: string;
}

type LimitReason = keyof typeof MESSAGES;

const MESSAGES = {
  DesiredWithinRange: 'the desired count is within the acceptable range',
  TooFewReplicas: 'the desired replica count is less than the minimum replica count',
  TooManyReplicas: 'the desired replica count is more than the maximum replica count',
  ScaleUpLimit: 'the desired replica count is increasing faster than the maximum scale rate',
  ScaleDownLimit: 'the desired replica count is decreasing faster than the maximum scale rate',
} as const;

const SCALE_UP_LIMIT_FACTOR = 2;
const SCALE_UP_LIMIT_MINIMUM = 4;

/** Without `behavior`: horizontal.go, convertDesiredReplicasWithRules. */
export function limitByRules(question: LimitQuestion): Limited {
  const { currentReplicas, desiredReplicas, minReplicas, maxReplicas } = question;
  const scaleUpLimit = Math.max(SCALE_UP_LIMIT_FACTOR * currentReplicas, SCALE_UP_LIMIT_MINIMUM);
  if (desiredReplicas < minReplicas) return limited(minReplicas, 'TooFewReplicas');
  if (desiredReplicas <= Math.min(maxReplicas, scaleUpLimit)) {
    return limited(desiredReplicas, 'DesiredWithinRange');
  }
  return maxReplicas > scaleUpLimit
    ? limited(scaleUpLimit, 'ScaleUpLimit')
    : limited(maxReplicas, 'TooManyReplicas');
}

/** Steps that were made, each as the number of replicas that came or went. */
export interface Steps {
  readonly up: readonly Remembered[];
  readonly down: readonly Remembered[];
}

/** With `behavior`: horizontal.go, convertDesiredReplicasWithBehaviorRate. */
export function limitByBehavior(
  question: LimitQuestion,
  behavior: Behavior,
  steps: Steps,
  nowMs: number,
): Limited {
  const { currentReplicas, desiredReplicas, minReplicas, maxReplicas } = question;
  if (desiredReplicas > currentReplicas) {
    const limit = Math.max(currentReplicas, scaleUpLimit(currentReplicas, behavior.scaleUp, steps, nowMs));
    if (desiredReplicas > Math.min(maxReplicas, limit)) {
      return maxReplicas > limit ? limited(limit, 'ScaleUpLimit') : limited(maxReplicas, 'TooManyReplicas');
    }
  }
  if (desiredReplicas < currentReplicas) {
    const limit = Math.min(
      currentReplicas,
      scaleDownLimit(currentReplicas, behavior.scaleDown, steps, nowMs),
    );
    if (desiredReplicas < Math.max(minReplicas, limit)) {
      return minReplicas < limit ? limited(limit, 'ScaleDownLimit') : limited(minReplicas, 'TooFewReplicas');
    }
  }
  return limited(desiredReplicas, 'DesiredWithinRange');
}

function limited(replicas: number, reason: LimitReason): Limited {
  return { replicas, reason, message: MESSAGES[reason] };
}

/** horizontal.go, calculateScaleUpLimitWithScalingRules. */
export function scaleUpLimit(
  currentReplicas: number,
  { selectPolicy, policies }: ScalingRules,
  steps: Steps,
  nowMs: number,
): number {
  if (selectPolicy === 'Disabled') return currentReplicas;
  const limits = policies.map((policy) => {
    const before = replicasBefore(currentReplicas, policy, steps, nowMs);
    // Up, or a small percentage of few replicas would never add one.
    return policy.type === 'Pods' ? before + policy.value : Math.ceil(before * (1 + policy.value / 100));
  });
  return selectPolicy === 'Min' ? Math.min(...limits) : Math.max(...limits);
}

/** horizontal.go, calculateScaleDownLimitWithBehaviors. The largest change leaves the fewest replicas. */
export function scaleDownLimit(
  currentReplicas: number,
  { selectPolicy, policies }: ScalingRules,
  steps: Steps,
  nowMs: number,
): number {
  if (selectPolicy === 'Disabled') return currentReplicas;
  const limits = policies.map((policy) => {
    const before = replicasBefore(currentReplicas, policy, steps, nowMs);
    return policy.type === 'Pods' ? before - policy.value : Math.trunc(before * (1 - policy.value / 100));
  });
  return selectPolicy === 'Min' ? Math.max(...limits) : Math.min(...limits);
}

/** When the policy's period began. A step exactly as old as the period no longer counts. */
function replicasBefore(
  currentReplicas: number,
  { periodSeconds }: ScalingPolicy,
  { up, down }: Steps,
  nowMs: number,
): number {
  const cutoffMs = nowMs - periodSeconds * 1000;
  const within = (memory: readonly Remembered[]) =>
    memory.reduce((sum, { count, atMs }) => (atMs > cutoffMs ? sum + count : sum), 0);
  return currentReplicas - within(up) + within(down);
}
