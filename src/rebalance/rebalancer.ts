import type { Picture } from '../picture/picture.ts';
import type { Act, ActOutcome, ActPort } from './acts.ts';

/** What to ask of the cluster now. Pure: the picture and its settings in, acts out. */
export type Plan = (picture: Picture, nowMs: number) => readonly Act[];

export interface RebalancerOptions {
  readonly plan: Plan;
  readonly port: ActPort;
  readonly ended?: ((act: Act, outcome: ActOutcome) => void) | undefined;
}

/** Fits the picture's observer. */
export interface Rebalancer {
  /** Not after each look at the metrics, but after each that told of something new. */
  readonly sampleSettled: (picture: Picture, nowMs: number) => void;
}

/** Runs the plan after each sample, live and simulated alike, and hands what it asks for to the port. */
export function createRebalancer({ plan, port, ended }: RebalancerOptions): Rebalancer {
  return {
    sampleSettled: (picture, nowMs) => {
      for (const act of plan(picture, nowMs)) port.carryOut(act, (outcome) => ended?.(act, outcome));
    },
  };
}

/** Until there is a planner. */
export function planNothing(): readonly Act[] {
  return [];
}
