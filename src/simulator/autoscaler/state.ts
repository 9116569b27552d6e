import type { Reading } from './calculator.ts';
import { type Condition, type ConditionType, withCondition } from './conditions.ts';
import type { Steps } from './limits.ts';
import type { Remembered } from './memory.ts';

/** What the controller keeps of an autoscaler from one sync to the next, and its status. */
export interface AutoscalerState {
  /** Before they were stabilized. Undefined before the first sync. */
  readonly recommendations: readonly Remembered[] | undefined;
  readonly steps: Steps;
  readonly currentReplicas: number;
  readonly desiredReplicas: number;
  /** `status.currentMetrics`, in the order of the spec; undefined: could not be computed. */
  readonly readings: readonly (Reading | undefined)[];
  /** Of the metric that proposed most. */
  readonly deciding: Reading | undefined;
  readonly conditions: readonly Condition[];
}

export const NEW_AUTOSCALER: AutoscalerState = {
  recommendations: undefined,
  steps: { up: [], down: [] },
  currentReplicas: 0,
  desiredReplicas: 0,
  readings: [],
  deciding: undefined,
  conditions: [],
};

/** Why a condition is as it is. */
export type Cause = Pick<Condition, 'reason' | 'message'>;

export function isTrue(
  state: AutoscalerState,
  nowMs: number,
  type: ConditionType,
  { reason, message }: Cause,
): AutoscalerState {
  const conditions = withCondition(state.conditions, { type, status: 'True', reason, message }, nowMs);
  return { ...state, conditions };
}

export function isFalse(
  state: AutoscalerState,
  nowMs: number,
  type: ConditionType,
  { reason, message }: Cause,
): AutoscalerState {
  const conditions = withCondition(state.conditions, { type, status: 'False', reason, message }, nowMs);
  return { ...state, conditions };
}
