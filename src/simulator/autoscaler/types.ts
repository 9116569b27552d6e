import type { ControllerSettings } from './settings.ts';

/**
 * What a HorizontalPodAutoscaler's controller reads, as plain records. The controller is Kubernetes'
 * pkg/controller/podautoscaler; its files are named here without that folder. CPU is the only resource.
 */

/** `spec` of an autoscaling/v2 HorizontalPodAutoscaler with its defaults filled in. */
export interface AutoscalerSpec {
  readonly minReplicas: number;
  readonly maxReplicas: number;
  readonly metrics: readonly MetricSpec[];
  readonly behavior?: Behavior | undefined;
}

export type MetricSpec =
  | { readonly type: 'Resource'; readonly target: MetricTarget }
  | { readonly type: 'ContainerResource'; readonly container: string; readonly target: MetricTarget }
  /** One that the controller does not know: the API server lets none pass. */
  | { readonly type: 'Unknown'; readonly source: string };

export type MetricTarget =
  | { readonly type: 'Utilization'; readonly averageUtilization: number }
  | { readonly type: 'AverageValue'; readonly averageMilli: number };

export interface Behavior {
  readonly scaleUp: ScalingRules;
  readonly scaleDown: ScalingRules;
}

export interface ScalingRules {
  /** Undefined: the controller's `--horizontal-pod-autoscaler-downscale-stabilization`; of scaleDown only. */
  readonly stabilizationWindowSeconds?: number | undefined;
  readonly selectPolicy: 'Max' | 'Min' | 'Disabled';
  readonly policies: readonly ScalingPolicy[];
  readonly tolerance?: number | undefined;
}

export interface ScalingPolicy {
  readonly type: 'Pods' | 'Percent';
  readonly value: number;
  readonly periodSeconds: number;
}

/** A pod of the scaled workload as the API server shows it: its times have whole seconds. */
export interface AutoscaledPod {
  readonly name: string;
  readonly phase: 'Pending' | 'Running' | 'Succeeded' | 'Failed';
  /** It has a deletionTimestamp. */
  readonly deleted: boolean;
  /** Its condition of type Ready. */
  readonly ready?:
    | { readonly status: 'True' | 'False' | 'Unknown'; readonly lastTransitionMs: number }
    | undefined;
  readonly startTimeMs?: number | undefined;
  readonly containers: readonly ContainerRequest[];
  /** Restartable init containers. */
  readonly sidecars: readonly ContainerRequest[];
  /** Set when the pod's own `spec.resources.requests` names CPU, memory or huge pages. */
  readonly podLevel?: { readonly requestMilli: number | undefined } | undefined;
}

export interface ContainerRequest {
  readonly name: string;
  readonly requestMilli?: number | undefined;
}

/** An item of `pods.metrics.k8s.io`. */
export interface PodSample {
  readonly namespace: string;
  readonly name: string;
  readonly timestampMs: number;
  readonly windowMs: number;
  /** Usage is rounded up to whole millicores container by container, as Quantity.MilliValue does. */
  readonly containers: readonly { readonly name: string; readonly usageMilli?: number | undefined }[];
}

export type Read<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly error: string };

export interface AutoscalerInput {
  /** `spec.replicas` of what is scaled. */
  readonly replicas: Read<number>;
  readonly pods: readonly AutoscaledPod[];
  /** What metrics.k8s.io answers for these pods. */
  readonly samples: Read<readonly PodSample[]>;
}

/** One look at a workload whose replicas are known. */
export interface Sync {
  readonly spec: AutoscalerSpec;
  readonly input: AutoscalerInput;
  readonly currentReplicas: number;
  readonly nowMs: number;
  readonly settings: ControllerSettings;
}
