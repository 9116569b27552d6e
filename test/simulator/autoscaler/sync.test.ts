import { describe, expect, it } from 'vitest';
import { settingsOf } from '../../../src/simulator/autoscaler/settings.ts';
import { behaviorOf } from '../../../src/simulator/autoscaler/spec.ts';
import { type AutoscalerState, NEW_AUTOSCALER } from '../../../src/simulator/autoscaler/state.ts';
import { syncAutoscaler } from '../../../src/simulator/autoscaler/sync.ts';
import type { AutoscalerInput, AutoscalerSpec, MetricSpec } from '../../../src/simulator/autoscaler/types.ts';
import { NOW_MS, questionOf, type Situation } from './questions.ts';
import { cpuMetric, inputWith, reasonsOf, STEADY, specWith } from './syncs.ts';

const SETTINGS = settingsOf('1.36');
const CPU = 'cpu resource utilization (percentage of request)';
const UNKNOWN: MetricSpec = { type: 'Unknown', source: 'CheddarCheese' };
const ACTIVE = { ScalingActive: 'ValidMetricFound' };
const NORMAL = { AbleToScale: 'ReadyForNewScale', ...ACTIVE, ScalingLimited: '!DesiredWithinRange' };
const SCALED = { ...NORMAL, AbleToScale: 'SucceededRescale' };

function inputOf(situation: Situation): AutoscalerInput {
  const { pods, samples } = questionOf(situation);
  return { replicas: { ok: true, value: situation.current }, pods, samples };
}

interface Case {
  readonly name: string;
  readonly spec: Partial<AutoscalerSpec>;
  readonly input: AutoscalerInput;
  readonly state?: AutoscalerState;
  /** Undefined: no change. */
  readonly scaleTo: number | undefined;
  readonly reasons: Readonly<Record<string, string>>;
  /** Of the rescale. */
  readonly because?: string;
}

const THREE = [300, 500, 700];
const levels = (milli: number, count = 3) => Array<number>(count).fill(milli);

// Cases of horizontal_test.go in 1.36, by the names of its tests where it has them.
const cases: readonly Case[] = [
  {
    name: 'ScaleUp',
    spec: { minReplicas: 2, maxReplicas: 6, metrics: [cpuMetric(30)] },
    input: inputOf({ current: 3, target: 30, usage: THREE }),
    scaleTo: 5,
    reasons: SCALED,
    because: `${CPU} above target`,
  },
  {
    name: 'ScaleUpContainer',
    spec: {
      metrics: [
        {
          type: 'ContainerResource',
          container: 'first',
          target: { type: 'Utilization', averageUtilization: 30 },
        },
      ],
    },
    input: inputOf({ current: 3, target: 30, usage: THREE }),
    scaleTo: 5,
    reasons: SCALED,
    because: 'cpu container resource utilization (percentage of request) above target',
  },
  {
    name: 'an average value',
    spec: { metrics: [{ type: 'Resource', target: { type: 'AverageValue', averageMilli: 600 } }] },
    input: inputOf({ current: 3, target: 30, usage: THREE }),
    scaleTo: 5,
    reasons: SCALED,
    because: 'cpu resource above target',
  },
  {
    name: 'ScaleDown',
    spec: { minReplicas: 2, maxReplicas: 6 },
    input: inputOf({ current: 5, target: 50, usage: [100, 300, 500, 250, 250] }),
    state: STEADY,
    scaleTo: 3,
    reasons: SCALED,
    because: 'All metrics below target',
  },
  {
    name: 'ScaleDownStabilizeInitialSize',
    spec: { minReplicas: 2, maxReplicas: 6 },
    input: inputOf({ current: 5, target: 50, usage: [100, 300, 500, 250, 250] }),
    scaleTo: undefined,
    reasons: { ...NORMAL, AbleToScale: 'ScaleDownStabilized' },
  },
  {
    name: 'StabilizeDownscale',
    spec: { maxReplicas: 5, metrics: [cpuMetric(100)] },
    input: inputOf({ current: 4, target: 100, request: 100, usage: levels(50) }),
    state: {
      ...STEADY,
      recommendations: [
        { count: 10, atMs: NOW_MS - 600_000 },
        { count: 4, atMs: NOW_MS - 60_000 },
      ],
    },
    scaleTo: undefined,
    reasons: { ...NORMAL, AbleToScale: 'ScaleDownStabilized' },
  },
  {
    name: 'MinReplicas',
    spec: { minReplicas: 2, maxReplicas: 5, metrics: [cpuMetric(90)] },
    input: inputOf({ current: 3, target: 90, request: [900, 1000, 1100], usage: [10, 95, 10] }),
    state: STEADY,
    scaleTo: 2,
    reasons: { ...SCALED, ScalingLimited: 'TooFewReplicas' },
    because: 'All metrics below target',
  },
  {
    name: 'MaxReplicas',
    spec: { minReplicas: 2, maxReplicas: 5, metrics: [cpuMetric(90)] },
    input: inputOf({ current: 3, target: 90, request: [900, 1000, 1100], usage: [8000, 9500, 1000] }),
    scaleTo: 5,
    reasons: { ...SCALED, ScalingLimited: 'TooManyReplicas' },
    because: `${CPU} above target`,
  },
  {
    name: 'UpscaleCap',
    spec: {
      metrics: [cpuMetric(10)],
      behavior: behaviorOf({ scaleUp: { policies: [{ type: 'Percent', value: 700, periodSeconds: 60 }] } }),
    },
    input: inputOf({ current: 3, target: 10, request: 100, usage: [100, 200, 300] }),
    scaleTo: 24,
    reasons: { ...SCALED, ScalingLimited: 'ScaleUpLimit' },
    because: `${CPU} above target`,
  },
  {
    name: 'MoreReplicasThanSpecNoScale',
    spec: { maxReplicas: 8 },
    input: inputOf({ current: 4, target: 50, usage: levels(500, 5), states: Array(5).fill('ready') }),
    scaleTo: undefined,
    reasons: NORMAL,
  },
  {
    name: 'ZeroReplicas',
    spec: { minReplicas: 3, maxReplicas: 5 },
    input: inputOf({ current: 0, target: 90, usage: [] }),
    scaleTo: undefined,
    reasons: { AbleToScale: 'SucceededGetScale', ScalingActive: '!ScalingDisabled' },
  },
  {
    name: 'TooFewReplicas',
    spec: { minReplicas: 3, maxReplicas: 5 },
    input: inputOf({ current: 2, target: 90, usage: [] }),
    scaleTo: 3,
    reasons: { AbleToScale: 'SucceededRescale' },
    because: 'Current number of replicas below Spec.MinReplicas',
  },
  {
    name: 'TooManyReplicas',
    spec: { minReplicas: 3, maxReplicas: 5 },
    input: inputOf({ current: 10, target: 90, usage: [] }),
    scaleTo: 5,
    reasons: { AbleToScale: 'SucceededRescale' },
    because: 'Current number of replicas above Spec.MaxReplicas',
  },
  {
    name: 'ConfigurableTolerance: up because of 1 %',
    spec: { metrics: [cpuMetric(100)], behavior: behaviorOf({ scaleUp: { tolerance: 0.01 } }) },
    input: inputOf({ current: 3, target: 100, request: [900, 1000, 1100], usage: [1010, 1030, 1020] }),
    scaleTo: 4,
    reasons: SCALED,
    because: `${CPU} above target`,
  },
  {
    name: 'ConfigurableTolerance: not down because of 90 %',
    spec: { metrics: [cpuMetric(100)], behavior: behaviorOf({ scaleDown: { tolerance: 0.9 } }) },
    input: inputOf({ current: 3, target: 100, usage: levels(300) }),
    state: STEADY,
    scaleTo: undefined,
    reasons: NORMAL,
  },
  {
    name: 'the maximum of several metrics',
    spec: { metrics: [cpuMetric(90), cpuMetric(30), cpuMetric(50)] },
    input: inputOf({ current: 3, target: 30, usage: THREE }),
    scaleTo: 5,
    reasons: SCALED,
    because: `${CPU} above target`,
  },
  {
    name: 'ScaleUpOneMetricInvalid',
    spec: { minReplicas: 2, maxReplicas: 6, metrics: [UNKNOWN, cpuMetric(30)] },
    input: inputOf({ current: 3, target: 30, usage: [300, 400, 500] }),
    scaleTo: 4,
    reasons: SCALED,
    because: `${CPU} above target`,
  },
  {
    name: 'NoScaleDownOneMetricInvalid',
    spec: { minReplicas: 2, maxReplicas: 6, metrics: [UNKNOWN, cpuMetric(50)] },
    input: inputOf({ current: 5, target: 50, usage: [100, 300, 500, 250, 250] }),
    state: STEADY,
    scaleTo: undefined,
    reasons: { AbleToScale: 'SucceededGetScale', ScalingActive: '!InvalidMetricSourceType' },
  },
  {
    name: 'selectPolicy Disabled downwards',
    spec: { behavior: behaviorOf({ scaleDown: { selectPolicy: 'Disabled' } }) },
    input: inputWith(10, 5),
    state: STEADY,
    scaleTo: undefined,
    reasons: { ...NORMAL, ScalingLimited: 'ScaleDownLimit' },
  },
  {
    name: 'a window upwards',
    spec: { behavior: behaviorOf({ scaleUp: { stabilizationWindowSeconds: 60 } }) },
    input: inputWith(4, 100),
    scaleTo: undefined,
    reasons: { ...NORMAL, AbleToScale: 'ScaleUpStabilized' },
  },
];

describe('one sync', () => {
  it.each(cases)('$name', ({ spec, input, state = NEW_AUTOSCALER, scaleTo, reasons, because }) => {
    const result = syncAutoscaler(state, { spec: specWith(spec), input, nowMs: NOW_MS, settings: SETTINGS });
    expect(result.scaleTo).toBe(scaleTo);
    expect(reasonsOf(result.state)).toEqual(reasons);
    const rescales = result.events.filter(({ reason }) => reason === 'SuccessfulRescale');
    expect(rescales).toEqual(
      scaleTo === undefined
        ? []
        : [
            {
              type: 'Normal',
              reason: 'SuccessfulRescale',
              message: `New size: ${scaleTo}; reason: ${because}`,
            },
          ],
    );
  });
});
