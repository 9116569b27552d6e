import { type ControllerSettings, settingsOf } from '../../../src/simulator/autoscaler/settings.ts';
import { type AutoscalerState, NEW_AUTOSCALER } from '../../../src/simulator/autoscaler/state.ts';
import { syncAutoscaler } from '../../../src/simulator/autoscaler/sync.ts';
import type { AutoscalerInput, AutoscalerSpec, MetricSpec } from '../../../src/simulator/autoscaler/types.ts';
import { NOW_MS, podOf, sampleOf } from './questions.ts';

export function cpuMetric(averageUtilization: number): MetricSpec {
  return { type: 'Resource', target: { type: 'Utilization', averageUtilization } };
}

export function specWith(over: Partial<AutoscalerSpec> = {}): AutoscalerSpec {
  return { minReplicas: 1, maxReplicas: 100, metrics: [cpuMetric(50)], ...over };
}

/** Every pod is ready, and each of its two containers uses so many percent of its request. */
export function inputWith(replicas: number, percent: number | undefined): AutoscalerInput {
  const names = Array.from({ length: replicas }, (_, index) => `pod-${index}`);
  return {
    replicas: { ok: true, value: replicas },
    pods: names.map((name) => podOf(name, 'ready', 1000)),
    samples:
      percent === undefined
        ? { ok: false, error: 'no server' }
        : { ok: true, value: names.map((name) => sampleOf(name, percent * 10)) },
  };
}

/** A state whose recommendations are gone, so that nothing holds a scale-down back. */
export const STEADY: AutoscalerState = { ...NEW_AUTOSCALER, recommendations: [] };

export interface Step {
  readonly secondsIn: number;
  readonly replicas: number;
  readonly scaleTo: number | undefined;
  readonly reasons: Readonly<Record<string, string>>;
}

/** Syncs every 15 s; the replicas are there at once. Load is percent of one pod's request, all pods together. */
export function play(
  spec: AutoscalerSpec,
  initialReplicas: number,
  loads: readonly number[],
  settings: ControllerSettings = settingsOf('1.36'),
): readonly Step[] {
  let state: AutoscalerState = NEW_AUTOSCALER;
  let replicas = initialReplicas;
  return loads.map((load, index) => {
    const nowMs = NOW_MS + index * 15_000;
    const input = inputWith(replicas, load / replicas);
    const result = syncAutoscaler(state, { spec, input, nowMs, settings });
    state = result.state;
    const step = { secondsIn: index * 15, replicas, scaleTo: result.scaleTo, reasons: reasonsOf(state) };
    replicas = result.scaleTo ?? replicas;
    return step;
  });
}

/** By the type of the condition; `!` before one that is False. */
export function reasonsOf({ conditions }: AutoscalerState): Readonly<Record<string, string>> {
  return Object.fromEntries(
    conditions.map(({ type, status, reason }) => [type, status === 'True' ? reason : `!${reason}`]),
  );
}
