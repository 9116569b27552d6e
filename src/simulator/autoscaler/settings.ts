/** What a version of Kubernetes does another way than the one before it; the code is that of 1.36. */
export interface Generation {
  /** From 1.33 on: `1 - down <= ratio <= 1 + up`; before: `|1 - ratio| <= tolerance`, by floating point. */
  readonly toleranceIsRange: boolean;
  /** From 1.33 on, for `behavior` has a tolerance only where the feature gate lets the API server keep it. */
  readonly behaviorHasTolerance: boolean;
  /** From 1.26 on, scaling down counts a missing pod at the target, if that is above 100 %. */
  readonly missingPodsReachTarget: boolean;
  /** From 1.28 on, an average value that is exactly on target leaves missing pods out; before, they are 0. */
  readonly onTargetLeavesMissingOut: boolean;
  /** From 1.29 on. */
  readonly sidecarsHaveRequests: boolean;
  /** From 1.33 on, a pod whose metrics lack the container is missing; before, it makes the metric invalid. */
  readonly containerMayLackMetrics: boolean;
  /** From 1.34 on. */
  readonly podLevelRequests: boolean;
}

/** Flags of kube-controller-manager. */
export interface ControllerFlags {
  readonly tolerance: number;
  readonly downscaleStabilizationMs: number;
  readonly cpuInitializationPeriodMs: number;
  readonly initialReadinessDelayMs: number;
}

export interface ControllerSettings extends ControllerFlags {
  readonly generation: Generation;
}

/** pkg/controller/podautoscaler/config/v1alpha1/defaults.go */
export const DEFAULT_FLAGS: ControllerFlags = {
  tolerance: 0.1,
  downscaleStabilizationMs: 300_000,
  cpuInitializationPeriodMs: 300_000,
  initialReadinessDelayMs: 30_000,
};

/** `--horizontal-pod-autoscaler-sync-period` */
export const DEFAULT_SYNC_PERIOD_MS = 15_000;

/**
 * By comparing pkg/controller/podautoscaler of 1.25 to 1.36, each minor version at its patch release 0.
 *
 * @param kubernetesVersion like `1.36`
 */
export function generationOf(kubernetesVersion: string): Generation {
  const minor = Number(kubernetesVersion.split('.')[1]);
  return {
    toleranceIsRange: minor >= 33,
    behaviorHasTolerance: minor >= 33,
    missingPodsReachTarget: minor >= 26,
    onTargetLeavesMissingOut: minor >= 28,
    sidecarsHaveRequests: minor >= 29,
    containerMayLackMetrics: minor >= 33,
    podLevelRequests: minor >= 34,
  };
}

export function settingsOf(
  kubernetesVersion: string,
  flags: Partial<ControllerFlags> = {},
): ControllerSettings {
  return { ...DEFAULT_FLAGS, ...flags, generation: generationOf(kubernetesVersion) };
}
