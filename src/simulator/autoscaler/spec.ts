import type { TraceAutoscaler } from '../../trace/autoscaler.ts';
import type { AutoscalerSpec, Behavior, MetricSpec, MetricTarget, ScalingRules } from './types.ts';

/** pkg/apis/autoscaling/types.go, DefaultCPUUtilization: of an autoscaler without metrics. */
const DEFAULT_CPU_UTILIZATION = 80;

/** pkg/apis/autoscaling/v2/defaults.go, defaultHPAScaleUpRules. */
const DEFAULT_SCALE_UP: ScalingRules = {
  stabilizationWindowSeconds: 0,
  selectPolicy: 'Max',
  policies: [
    { type: 'Pods', value: 4, periodSeconds: 15 },
    { type: 'Percent', value: 100, periodSeconds: 15 },
  ],
};

/** The same file, defaultHPAScaleDownRules: the window is the controller's. */
const DEFAULT_SCALE_DOWN: ScalingRules = {
  stabilizationWindowSeconds: undefined,
  selectPolicy: 'Max',
  policies: [{ type: 'Percent', value: 100, periodSeconds: 15 }],
};

/** The spec as the API server stores it: pkg/apis/autoscaling/v2/defaults.go. */
export function specOf({ spec }: TraceAutoscaler): AutoscalerSpec {
  const { minReplicas = 1, maxReplicas, metrics = [], behavior } = spec;
  const target: MetricTarget = { type: 'Utilization', averageUtilization: DEFAULT_CPU_UTILIZATION };
  return {
    minReplicas,
    maxReplicas,
    metrics: metrics.length === 0 ? [{ type: 'Resource', target }] : metrics.map(metricOf),
    behavior: behavior && behaviorOf(behavior),
  };
}

type Spec = TraceAutoscaler['spec'];
type TraceMetric = NonNullable<Spec['metrics']>[number];
type TraceTarget = Extract<TraceMetric, { type: 'Resource' }>['resource']['target'];

function metricOf(metric: TraceMetric): MetricSpec {
  if (metric.type === 'Resource') return { type: 'Resource', target: targetOf(metric.resource.target) };
  const { container, target } = metric.containerResource;
  return { type: 'ContainerResource', container, target: targetOf(target) };
}

function targetOf(target: TraceTarget): MetricTarget {
  return target.type === 'Utilization'
    ? { type: 'Utilization', averageUtilization: target.averageUtilization }
    : { type: 'AverageValue', averageMilli: Math.ceil(target.averageValue) };
}

/** As written: what is left out is undefined. */
type WrittenRules = { readonly [Key in keyof ScalingRules]?: ScalingRules[Key] | undefined };

interface WrittenBehavior {
  readonly scaleUp?: WrittenRules | undefined;
  readonly scaleDown?: WrittenRules | undefined;
}

/** GenerateHPAScaleUpRules and GenerateHPAScaleDownRules. */
export function behaviorOf({ scaleUp, scaleDown }: WrittenBehavior): Behavior {
  return { scaleUp: rulesOf(scaleUp, DEFAULT_SCALE_UP), scaleDown: rulesOf(scaleDown, DEFAULT_SCALE_DOWN) };
}

function rulesOf(rules: WrittenRules | undefined, defaults: ScalingRules): ScalingRules {
  return {
    stabilizationWindowSeconds: rules?.stabilizationWindowSeconds ?? defaults.stabilizationWindowSeconds,
    selectPolicy: rules?.selectPolicy ?? defaults.selectPolicy,
    policies: rules?.policies ?? defaults.policies,
    tolerance: rules?.tolerance,
  };
}
