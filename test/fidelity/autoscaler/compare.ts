import { isDeepStrictEqual } from 'node:util';
import { parseCpuMilli } from '../../../src/placement/quantity.ts';
import type { Reading } from '../../../src/simulator/autoscaler/calculator.ts';
import type { AutoscalerState } from '../../../src/simulator/autoscaler/state.ts';
import type { AutoscalerCase } from './cases.ts';
import { type ModelStep, playModel, type SyncMoment } from './model.ts';
import { momentsOf, possibleMoments, type SeenMoment } from './moments.ts';
import type { Clock } from './objects.ts';
import type { HpaStatus, Seen, SeenEvent } from './real.ts';

/** What model and controller are held against each other by, at each sync; events once for each case. */
export const ASPECTS = ['desired replicas', 'metrics', 'reasons', 'messages', 'events'] as const;
type Aspect = (typeof ASPECTS)[number];

interface Difference {
  readonly aspect: Aspect;
  /** Of the first sync that differs. */
  readonly sync: number;
  readonly model: unknown;
  readonly real: unknown;
}

export interface Held {
  readonly number: number;
  readonly moments: readonly SeenMoment[];
  readonly steps: readonly ModelStep[];
  /** The two are the same, but not at the times at which the syncs were seen: at other possible ones. */
  readonly isMoved: boolean;
  readonly differences: readonly Difference[];
}

export interface HoldOptions {
  readonly clock: Clock;
  readonly syncs: number;
  readonly downscaleStabilizationMs: number;
}

/** Of 25 events of an object a client keeps back the next (client-go, EventSourceObjectSpamFilter): 3 a sync. */
const SYNCS_WITH_EVENTS = 6;

/** Holds one case's syncs in the model against those that were seen. */
export function hold(
  one: AutoscalerCase,
  seen: Seen,
  events: readonly SeenEvent[],
  { clock, syncs, downscaleStabilizationMs }: HoldOptions,
): Held {
  const all = momentsOf(one, seen, clock.periodMs);
  let asSeen: Held | undefined;
  for (const moments of possibleMoments(all)) {
    const steps = playModel(one, moments.slice(0, syncs), clock, downscaleStabilizationMs);
    const differences = differencesOf(steps, seen, events, all);
    const held = { number: one.number, moments: all, steps, isMoved: asSeen !== undefined, differences };
    // Of the events alone no other time makes others: some have not been written yet.
    if (differences.every(({ aspect }) => aspect === 'events')) return held;
    asSeen ??= held;
  }
  if (asSeen === undefined) throw new Error('no moments to try');
  return asSeen;
}

function differencesOf(
  steps: readonly ModelStep[],
  seen: Seen,
  events: readonly SeenEvent[],
  all: readonly SeenMoment[],
): readonly Difference[] {
  const differences = new Map<Aspect, Difference>();
  const compare = (aspect: Aspect, sync: number, model: unknown, real: unknown) => {
    if (isDeepStrictEqual(model, real) || differences.has(aspect)) return;
    differences.set(aspect, { aspect, sync, model, real });
  };
  for (const [sync, { state }] of steps.entries()) {
    const status = statusBefore(seen, all[sync + 1]);
    compare('desired replicas', sync, replicasOf(state), replicasSeen(status));
    compare('metrics', sync, state.readings.map(readingText), (status.currentMetrics ?? []).map(metricText));
    compare('reasons', sync, conditionsOf(state, 'reason'), conditionsSeen(status, 'reason'));
    compare('messages', sync, conditionsOf(state, 'message'), conditionsSeen(status, 'message'));
  }
  const told = Math.min(SYNCS_WITH_EVENTS, steps.length);
  compare('events', 0, eventsOf(steps.slice(0, told)), eventsSeen(events, all[told]));
  return Array.from(differences.values());
}

/** What the API showed when the next sync began: a period after this one's end. */
function statusBefore({ statuses }: Seen, next: SyncMoment | undefined): HpaStatus {
  const found = next === undefined ? statuses.at(-1) : statuses.findLast(({ atMs }) => atMs < next.atMs);
  return found?.status ?? {};
}

function replicasOf({ currentReplicas, desiredReplicas }: AutoscalerState): readonly number[] {
  return [currentReplicas, desiredReplicas];
}

function replicasSeen({ currentReplicas = 0, desiredReplicas = 0 }: HpaStatus): readonly number[] {
  return [currentReplicas, desiredReplicas];
}

function readingText(reading: Reading | undefined): string {
  if (reading === undefined) return 'none';
  const { utilizationPercent, averageMilli } = reading;
  return `${averageMilli}m${utilizationPercent === undefined ? '' : ` ${utilizationPercent}%`}`;
}

interface SeenMetric {
  readonly resource?: { readonly current: SeenReading };
  readonly containerResource?: { readonly current: SeenReading };
}

interface SeenReading {
  readonly averageValue: string;
  readonly averageUtilization?: number;
}

function metricText({ resource, containerResource }: SeenMetric): string {
  const current = (resource ?? containerResource)?.current;
  return readingText(
    current && {
      utilizationPercent: current.averageUtilization,
      averageMilli: parseCpuMilli(current.averageValue) ?? Number.NaN,
    },
  );
}

type Told = 'reason' | 'message';

function conditionsOf({ conditions }: AutoscalerState, told: Told): readonly string[] {
  return conditions.map((one) => `${one.type} ${one.status} ${anyPod(one[told])}`).toSorted();
}

function conditionsSeen({ conditions = [] }: HpaStatus, told: Told): readonly string[] {
  return conditions.map((one) => `${one.type} ${one.status} ${anyPod(one[told])}`).toSorted();
}

function eventsOf(steps: readonly ModelStep[]): readonly string[] {
  return distinct(steps.flatMap(({ events }) => events));
}

/** Those before a sync; their times have whole seconds, and it is a period since the sync before. */
function eventsSeen(events: readonly SeenEvent[], next: SyncMoment | undefined): readonly string[] {
  const untilMs = next === undefined ? Number.POSITIVE_INFINITY : next.atMs - 1000;
  return distinct(events.filter(({ firstTimestamp }) => Date.parse(firstTimestamp) <= untilMs));
}

/** Kubernetes counts what is said again instead of saying it. */
function distinct(events: readonly Omit<SeenEvent, 'firstTimestamp'>[]): readonly string[] {
  const texts = events.map(({ type, reason, message }) => `${type} ${reason} ${anyPod(message)}`);
  return Array.from(new Set(texts)).toSorted();
}

/** Pods come in no order: of several with the same fault any may be the one that is named. */
function anyPod(text: string): string {
  return text.replaceAll(/\bPod pod-\d+/g, 'Pod ...');
}
