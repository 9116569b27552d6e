import type { ReplicaQuestion } from '../../../src/simulator/autoscaler/calculator.ts';
import { type ControllerSettings, settingsOf } from '../../../src/simulator/autoscaler/settings.ts';
import { tolerancesOf } from '../../../src/simulator/autoscaler/tolerance.ts';
import type { AutoscaledPod, PodSample } from '../../../src/simulator/autoscaler/types.ts';

export const NOW_MS = 1_000_000_000_000;
const SECOND_MS = 1000;
const MINUTE_MS = 60_000;

/**
 * `unready`: long after its start, and it never was ready. `hot`: it started just now and is ready, and its
 * sample is of the time before.
 */
export type PodState = 'ready' | 'unready' | 'hot' | 'pending' | 'succeeded' | 'failed' | 'deleted';

/** A pod of two containers, `first` and `second`, of which each requests so much. */
export function podOf(name: string, state: PodState, requestMilli: number | undefined): AutoscaledPod {
  const startTimeMs = state === 'hot' ? NOW_MS : NOW_MS - 60 * MINUTE_MS;
  return {
    name,
    phase: phaseOf(state),
    deleted: state === 'deleted',
    ready: { status: state === 'unready' ? 'False' : 'True', lastTransitionMs: startTimeMs },
    startTimeMs,
    containers: [
      { name: 'first', requestMilli },
      { name: 'second', requestMilli },
    ],
    sidecars: [],
  };
}

function phaseOf(state: PodState): AutoscaledPod['phase'] {
  if (state === 'pending') return 'Pending';
  if (state === 'failed') return 'Failed';
  return state === 'succeeded' ? 'Succeeded' : 'Running';
}

/** @param usage of its containers; one number: each uses so much */
export function sampleOf(name: string, usage: number | readonly number[]): PodSample {
  const [first, second] = typeof usage === 'number' ? [usage, usage] : usage;
  return {
    namespace: 'fn',
    name,
    timestampMs: NOW_MS - 10 * SECOND_MS,
    windowMs: 15 * SECOND_MS,
    containers: [
      { name: 'first', usageMilli: first },
      ...(second === undefined ? [] : [{ name: 'second', usageMilli: second }]),
    ],
  };
}

export interface Situation {
  readonly current: number;
  /** Percent, or `{ averageMilli }`. */
  readonly target: number | { readonly averageMilli: number };
  /** Of each container; an array: of each pod's containers. 1000 when left out, `none` for no request. */
  readonly request?: number | 'none' | readonly number[];
  /** By pod; more than there are pods: of pods that are gone. */
  readonly usage: readonly (number | readonly number[])[];
  /** By pod, `ready` when left out; more than `current`: pods that the count leaves out. */
  readonly states?: readonly PodState[];
  readonly container?: string;
  readonly settings?: ControllerSettings;
  readonly tolerances?: readonly [down: number, up: number];
}

export function questionOf(situation: Situation): ReplicaQuestion {
  const { current, target, request = 1000, usage, states = [], container, tolerances } = situation;
  const settings = situation.settings ?? settingsOf('1.36');
  const count = Math.max(current, states.length);
  const requestOf = (index: number) => {
    if (request === 'none') return undefined;
    return typeof request === 'number' ? request : request[index];
  };
  return {
    currentReplicas: current,
    pods: Array.from({ length: count }, (_, index) =>
      podOf(`pod-${index}`, states[index] ?? 'ready', requestOf(index)),
    ),
    samples: { ok: true, value: usage.map((milli, index) => sampleOf(`pod-${index}`, milli)) },
    container,
    target:
      typeof target === 'number'
        ? { type: 'Utilization', averageUtilization: target }
        : { type: 'AverageValue', averageMilli: target.averageMilli },
    tolerances:
      tolerances === undefined
        ? tolerancesOf(undefined, settings)
        : { scaleDown: tolerances[0], scaleUp: tolerances[1] },
    nowMs: NOW_MS,
    settings,
  };
}
