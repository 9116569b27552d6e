import { limitByBehavior, limitByRules } from './limits.ts';
import { type Remembered, remember } from './memory.ts';
import { stabilize, stabilizeWithBehavior } from './stabilize.ts';
import { type AutoscalerState, type Cause, isFalse, isTrue } from './state.ts';
import type { Behavior, Sync } from './types.ts';

export interface Normalized {
  readonly state: AutoscalerState;
  readonly desiredReplicas: number;
}

const READY_FOR_NEW_SCALE: Cause = {
  reason: 'ReadyForNewScale',
  message: 'recommended size matches current size',
};

/**
 * From what metrics propose to what is asked for: horizontal.go, normalizeDesiredReplicas, and
 * normalizeDesiredReplicasWithBehaviors where the spec has a behavior.
 */
export function normalize(
  state: AutoscalerState,
  { spec, currentReplicas, nowMs, settings }: Sync,
  proposedReplicas: number,
): Normalized {
  const { behavior, minReplicas, maxReplicas } = spec;
  const { downscaleStabilizationMs } = settings;
  const before = state.recommendations ?? [];
  const stabilized =
    behavior === undefined
      ? stabilize(before, proposedReplicas, downscaleStabilizationMs, nowMs)
      : stabilizeWithBehavior(before, {
          currentReplicas,
          desiredReplicas: proposedReplicas,
          behavior,
          defaultWindowMs: downscaleStabilizationMs,
          nowMs,
        });
  const question = { currentReplicas, desiredReplicas: stabilized.replicas, minReplicas, maxReplicas };
  const limited =
    behavior === undefined ? limitByRules(question) : limitByBehavior(question, behavior, state.steps, nowMs);
  const remembered = { ...state, recommendations: stabilized.recommendations };
  const cause = stabilized.replicas === proposedReplicas ? READY_FOR_NEW_SCALE : stabilized;
  const able = isTrue(remembered, nowMs, 'AbleToScale', cause);
  const set = limited.replicas === stabilized.replicas ? isFalse : isTrue;
  return {
    state: set(able, nowMs, 'ScalingLimited', limited),
    desiredReplicas: limited.replicas,
  };
}

/**
 * Remembers a step for the policies of `behavior`: horizontal.go, storeScaleEvent. What it forgets is older
 * than the policies of the step's own direction; those of the other may still have wanted it.
 */
export function rememberStep(
  state: AutoscalerState,
  behavior: Behavior | undefined,
  { from, to, atMs }: { readonly from: number; readonly to: number; readonly atMs: number },
): AutoscalerState {
  if (behavior === undefined) return state;
  const direction = to > from ? 'up' : 'down';
  const { policies } = to > from ? behavior.scaleUp : behavior.scaleDown;
  const longestSeconds = Math.max(0, ...policies.map(({ periodSeconds }) => periodSeconds));
  const step: Remembered = { count: Math.abs(to - from), atMs };
  const steps = remember(state.steps[direction], step, atMs - longestSeconds * 1000);
  return { ...state, steps: { ...state.steps, [direction]: steps } };
}
