import { computeMetrics } from './metrics.ts';
import { normalize, rememberStep } from './normalize.ts';
import { type AutoscalerState, isFalse, isTrue } from './state.ts';
import type { Sync } from './types.ts';

export interface SyncResult {
  readonly state: AutoscalerState;
  /** The replicas to scale to; undefined: nothing changes. */
  readonly scaleTo: number | undefined;
  readonly events: readonly AutoscalerEvent[];
}

export interface AutoscalerEvent {
  readonly type: 'Normal' | 'Warning';
  readonly reason: string;
  readonly message: string;
}

/** How many replicas there shall be, and why, in the words of the event. */
interface Wish {
  readonly state: AutoscalerState;
  readonly desiredReplicas: number;
  readonly reason: string;
  readonly events: readonly AutoscalerEvent[];
}

/**
 * One sync: horizontal.go, reconcileAutoscaler. The update of the scale always succeeds here. Texts are those
 * of 1.36.
 */
export function syncAutoscaler(
  before: AutoscalerState,
  { spec, input, nowMs, settings }: Omit<Sync, 'currentReplicas'>,
): SyncResult {
  if (!input.replicas.ok) return withoutScale(before, input.replicas.error, nowMs);
  const currentReplicas = input.replicas.value;
  const sync: Sync = { spec, input, currentReplicas, nowMs, settings };
  const wish = wishOf(scaleRead(before, currentReplicas, nowMs), sync);
  if ('scaleTo' in wish) return wish;
  const { state, desiredReplicas, reason, events } = wish;
  const status = { currentReplicas, desiredReplicas };
  if (desiredReplicas === currentReplicas) {
    return { state: { ...state, ...status }, scaleTo: undefined, events };
  }
  const scaled = isTrue({ ...state, ...status }, nowMs, 'AbleToScale', {
    reason: 'SucceededRescale',
    message: `the HPA controller was able to update the target scale to ${desiredReplicas}`,
  });
  const step = { from: currentReplicas, to: desiredReplicas, atMs: nowMs };
  return {
    state: rememberStep(scaled, spec.behavior, step),
    scaleTo: desiredReplicas,
    events: [...events, rescaled(desiredReplicas, reason)],
  };
}

function withoutScale(before: AutoscalerState, error: string, nowMs: number): SyncResult {
  const message = `the HPA controller was unable to get the target's current scale: ${error}`;
  return {
    state: isFalse(before, nowMs, 'AbleToScale', { reason: 'FailedGetScale', message }),
    scaleTo: undefined,
    events: [warning('FailedGetScale', error)],
  };
}

function scaleRead(before: AutoscalerState, currentReplicas: number, nowMs: number): AutoscalerState {
  const message = "the HPA controller was able to get the target's current scale";
  return {
    ...isTrue(before, nowMs, 'AbleToScale', { reason: 'SucceededGetScale', message }),
    // The count that it finds first is its first recommendation: it does not scale down at once.
    recommendations: before.recommendations ?? [{ count: currentReplicas, atMs: nowMs }],
    readings: [],
    deciding: undefined,
  };
}

function wishOf(state: AutoscalerState, sync: Sync): Wish | SyncResult {
  const { spec, currentReplicas, nowMs } = sync;
  const { minReplicas, maxReplicas } = spec;
  if (currentReplicas === 0) {
    const message = 'scaling is disabled since the replica count of the target is zero';
    const disabled = isFalse(state, nowMs, 'ScalingActive', { reason: 'ScalingDisabled', message });
    return { state: disabled, desiredReplicas: 0, reason: '', events: [] };
  }
  // Outside of its bounds it does not look at metrics.
  if (currentReplicas > maxReplicas) {
    const reason = 'Current number of replicas above Spec.MaxReplicas';
    return { state, desiredReplicas: maxReplicas, reason, events: [] };
  }
  if (currentReplicas < minReplicas) {
    const reason = 'Current number of replicas below Spec.MinReplicas';
    return { state, desiredReplicas: minReplicas, reason, events: [] };
  }
  return wishOfMetrics(state, sync);
}

function wishOfMetrics(state: AutoscalerState, sync: Sync): Wish | SyncResult {
  const { currentReplicas, nowMs } = sync;
  const { decision, failures, readings, deciding } = computeMetrics(sync);
  const measured = { ...state, currentReplicas, readings, deciding };
  const events = failures.map(({ reason, error }) => warning(reason, error));
  if (!decision.ok) {
    const [first] = failures;
    const message = `the HPA was unable to compute the replica count: ${first?.error}`;
    return {
      // What was desired before stays in the status.
      state: isFalse(measured, nowMs, 'ScalingActive', { reason: first?.reason ?? '', message }),
      scaleTo: undefined,
      events: [...events, warning('FailedComputeMetricsReplicas', decision.error)],
    };
  }
  const { replicas, metric } = decision.value;
  const message = `the HPA was able to successfully calculate a replica count from ${metric}`;
  const active = isTrue(measured, nowMs, 'ScalingActive', { reason: 'ValidMetricFound', message });
  const reason = reasonOf(replicas - currentReplicas, metric);
  return { ...normalize(active, sync, replicas), reason, events };
}

/** By what the metrics propose, not by what comes of it: it is empty when only older proposals do. */
function reasonOf(proposedChange: number, metric: string): string {
  if (proposedChange > 0) return `${metric} above target`;
  return proposedChange < 0 ? 'All metrics below target' : '';
}

function rescaled(replicas: number, reason: string): AutoscalerEvent {
  const message = `New size: ${replicas}; reason: ${reason}`;
  return { type: 'Normal', reason: 'SuccessfulRescale', message };
}

function warning(reason: string, message: string): AutoscalerEvent {
  return { type: 'Warning', reason, message };
}
