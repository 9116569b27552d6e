import { describe, expect, it } from 'vitest';
import { settingsOf } from '../../../src/simulator/autoscaler/settings.ts';
import { NEW_AUTOSCALER } from '../../../src/simulator/autoscaler/state.ts';
import { syncAutoscaler } from '../../../src/simulator/autoscaler/sync.ts';
import type { AutoscalerInput, MetricSpec } from '../../../src/simulator/autoscaler/types.ts';
import { NOW_MS, questionOf } from './questions.ts';
import { cpuMetric, inputWith, reasonsOf, specWith } from './syncs.ts';

const AT_START = { nowMs: NOW_MS, settings: settingsOf('1.36') };
const LATER = { ...AT_START, nowMs: NOW_MS + 15_000 };
const UNKNOWN: MetricSpec = { type: 'Unknown', source: 'CheddarCheese' };

describe('the status', () => {
  it('shows every metric, and the one that decided', () => {
    const spec = specWith({ metrics: [cpuMetric(90), UNKNOWN, cpuMetric(30)] });
    const { pods, samples } = questionOf({ current: 3, target: 30, usage: [300, 500, 700] });
    const input = { replicas: { ok: true, value: 3 }, pods, samples } as const;
    const { state } = syncAutoscaler(NEW_AUTOSCALER, { ...AT_START, spec, input });
    const reading = { utilizationPercent: 50, averageMilli: 1000 };
    expect(state).toMatchObject({ currentReplicas: 3, desiredReplicas: 5, deciding: reading });
    expect(state.readings).toEqual([reading, undefined, reading]);
  });

  it('keeps what was desired, and the limit, while nothing can be computed', () => {
    const spec = specWith({ maxReplicas: 4 });
    const scaled = syncAutoscaler(NEW_AUTOSCALER, { ...AT_START, spec, input: inputWith(3, 200) });
    const down = syncAutoscaler(scaled.state, { ...LATER, spec, input: inputWith(4, undefined) });
    expect(down.state).toMatchObject({ currentReplicas: 4, desiredReplicas: 4, deciding: undefined });
    expect(reasonsOf(down.state)).toEqual({
      AbleToScale: 'SucceededGetScale',
      ScalingActive: '!FailedGetResourceMetric',
      ScalingLimited: 'TooManyReplicas',
    });
  });

  it('dates a condition by its status, not by its reason', () => {
    const spec = specWith();
    const first = syncAutoscaler(NEW_AUTOSCALER, { ...AT_START, spec, input: inputWith(3, 50) });
    const second = syncAutoscaler(first.state, { ...LATER, spec, input: inputWith(3, undefined) });
    expect(
      second.state.conditions.map(({ type, lastTransitionMs }) => [type, lastTransitionMs - NOW_MS]),
    ).toEqual([
      ['AbleToScale', 0],
      ['ScalingActive', 15_000],
      ['ScalingLimited', 0],
    ]);
  });
});

describe('events of a sync that fails', () => {
  const noMetrics =
    'unable to get metrics for resource cpu: unable to fetch metrics from resource metrics API: no server';
  const averageInFirst: MetricSpec = {
    type: 'ContainerResource',
    container: 'first',
    target: { type: 'AverageValue', averageMilli: 100 },
  };
  const cheese = 'unknown metric source type "CheddarCheese"';
  it.each([
    {
      name: 'one metric',
      metrics: [cpuMetric(50)],
      events: [
        ['FailedGetResourceMetric', `failed to get cpu utilization: ${noMetrics}`],
        [
          'FailedComputeMetricsReplicas',
          `invalid metrics (1 invalid out of 1), first error is: failed to get cpu resource metric value: failed to get cpu utilization: ${noMetrics}`,
        ],
      ],
    },
    {
      name: 'an average value of a container, and another',
      metrics: [averageInFirst, UNKNOWN],
      events: [
        ['FailedGetContainerResourceMetric', `failed to get cpu usage: ${noMetrics}`],
        ['InvalidMetricSourceType', cheese],
        [
          'FailedComputeMetricsReplicas',
          `invalid metrics (2 invalid out of 2), first error is: failed to get first container metric value: failed to get cpu usage: ${noMetrics}`,
        ],
      ],
    },
  ])('$name', ({ metrics, events }) => {
    const { events: found, state } = syncAutoscaler(NEW_AUTOSCALER, {
      ...AT_START,
      spec: specWith({ metrics }),
      input: inputWith(3, undefined),
    });
    expect(found).toEqual(events.map(([reason, message]) => ({ type: 'Warning', reason, message })));
    const active = state.conditions.find(({ type }) => type === 'ScalingActive');
    expect(active?.message).toBe(`the HPA was unable to compute the replica count: ${events[0]?.[1]}`);
  });

  it('a workload that is not there', () => {
    const error = 'deployments.apps "web" not found';
    const input: AutoscalerInput = { ...inputWith(0, 0), replicas: { ok: false, error } };
    const { events, state, scaleTo } = syncAutoscaler(NEW_AUTOSCALER, {
      ...AT_START,
      spec: specWith(),
      input,
    });
    expect(scaleTo).toBeUndefined();
    expect(events).toEqual([{ type: 'Warning', reason: 'FailedGetScale', message: error }]);
    expect(state.conditions).toMatchObject([
      {
        type: 'AbleToScale',
        status: 'False',
        reason: 'FailedGetScale',
        message: `the HPA controller was unable to get the target's current scale: ${error}`,
      },
    ]);
  });

  it('one metric of two is no obstacle upwards, and its event comes first', () => {
    const spec = specWith({ metrics: [UNKNOWN, cpuMetric(50)] });
    const { events } = syncAutoscaler(NEW_AUTOSCALER, { ...AT_START, spec, input: inputWith(3, 100) });
    expect(events.map(({ reason }) => reason)).toEqual(['InvalidMetricSourceType', 'SuccessfulRescale']);
  });
});
