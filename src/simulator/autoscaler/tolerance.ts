import type { ControllerSettings, Generation } from './settings.ts';
import type { Behavior } from './types.ts';

/** How far usage may be from its target without a change. */
export interface Tolerances {
  readonly scaleDown: number;
  readonly scaleUp: number;
}

/** horizontal.go, tolerancesForHpa. */
export function tolerancesOf(
  behavior: Behavior | undefined,
  { tolerance, generation }: ControllerSettings,
): Tolerances {
  if (!generation.behaviorHasTolerance) return { scaleDown: tolerance, scaleUp: tolerance };
  return {
    scaleDown: behavior?.scaleDown.tolerance ?? tolerance,
    scaleUp: behavior?.scaleUp.tolerance ?? tolerance,
  };
}

/**
 * replica_calculator.go, Tolerances.isWithin; before 1.33 the comparison of GetResourceReplicas. They differ
 * at the edge: `1 - 1.1` is -0.10000000000000009, so that 110 % was out of it, and `1 + 0.1` is 1.1.
 */
export function isWithinTolerance(
  ratio: number,
  { scaleDown, scaleUp }: Tolerances,
  { toleranceIsRange }: Generation,
): boolean {
  if (toleranceIsRange) return 1 - scaleDown <= ratio && ratio <= 1 + scaleUp;
  return Math.abs(1 - ratio) <= scaleUp;
}
