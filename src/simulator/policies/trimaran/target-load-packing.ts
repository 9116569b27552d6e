import type { PodSpecObject } from '../../../picture/objects.ts';
import { MAX_NODE_SCORE } from '../../scheduler/plugin.ts';
import { amountOf } from '../../scheduler/requests.ts';

/*
 * TargetLoadPacking of kubernetes-sigs/scheduler-plugins v0.32.7, pkg/trimaran/targetloadpacking: it packs up
 * to a target utilisation of CPU and spreads above it. Its defaults are in apis/config/v1/defaults.go.
 */

export interface TargetLoadPackingArgs {
  readonly targetUtilizationPercent: number;
  /** Of a container without request and limit. */
  readonly defaultRequestsMilli: number;
  /** A container without a limit is expected to use its request times this. */
  readonly requestsMultiplier: number;
}

export const TARGET_LOAD_PACKING_ARGS: TargetLoadPackingArgs = {
  targetUtilizationPercent: 40,
  defaultRequestsMilli: 1000,
  requestsMultiplier: 1.5,
};

/** PredictUtilisation, summed over the containers as Score does, in millicores. */
export function predictPodMilli(spec: PodSpecObject, args: TargetLoadPackingArgs): number {
  const containers = (spec.containers ?? []).reduce((sum, { resources }) => {
    const limit = resources?.limits?.['cpu'];
    if (limit !== undefined) return sum + amountOf('cpu', limit);
    const request = resources?.requests?.['cpu'];
    return request === undefined
      ? sum + args.defaultRequestsMilli
      : sum + Math.round(amountOf('cpu', request) * args.requestsMultiplier);
  }, 0);
  return containers + amountOf('cpu', spec.overhead?.['cpu'] ?? '0');
}

export interface PackedNode {
  readonly capacityMilli: number;
  /** As its metrics have it. */
  readonly usageMilli: number;
  /** What its metrics can not have yet: predicted for pods that came lately. */
  readonly missingMilli: number;
}

/**
 * Score: rises from the target to 100 while the node would stay at or below the target with the pod, and
 * falls from the target to 0 above it.
 */
export function targetLoadPackingScore(
  { capacityMilli, usageMilli, missingMilli }: PackedNode,
  podMilli: number,
  targetPercent: number,
): number {
  const predictedPercent =
    capacityMilli === 0 ? 0 : (100 * (usageMilli + podMilli + missingMilli)) / capacityMilli;
  if (predictedPercent > MAX_NODE_SCORE) return 0;
  return predictedPercent > targetPercent
    ? Math.round((targetPercent * (100 - predictedPercent)) / (100 - targetPercent))
    : Math.round(((100 - targetPercent) * predictedPercent) / targetPercent + targetPercent);
}
