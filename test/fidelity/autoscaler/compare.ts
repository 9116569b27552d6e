import { isDeepStrictEqual } from 'node:util';
import { parseCpuMilli } from '../../../src/placement/quantity.ts';
import type { Reading } from '../../../src/simulator/autoscaler/calculator.ts';
import type { AutoscalerState } from '../../../src/simulator/autoscaler/state.ts';
import type { AutoscalerCase } from './cases.ts';
import { type ModelStep, playModel, type SyncMoment } from './model.ts';
import type { Clock } from './objects.ts';
import type { HpaStatus, Seen } from './real.ts';

/** What model and controller are held against each other by, at each sync; events once for each case. */
export const ASPECTS = ['desired replicas', 'metrics', 'reasons', 'messages', 'events'] as const;
export type Aspect = (typeof ASPECTS)[number];

export interface Difference {
  readonly aspect: Aspect;
  /** Of the first sync that differs. */
  readonly sync: number;
  readonly model: unknown;
  readonly real: unknown;
}

export interface Held {
  readonly number: number;
  readonly moments: readonly SyncMoment[];
  readonly steps: readonly ModelStep[];
  /** How the moments had to be moved for the two to be the same; empty: not at all. */
  readonly shift: string;
  readonly differences: readonly Difference[];
}

export interface HoldOptions {
  readonly clock: Clock;
  readonly syncs: number;
  readonly downscaleStabilizationMs: number;
}

/**
 * A sync's moment is known by what is seen of it, and the controller looks at its clock a little earlier (before
 * it asks for metrics, to date its first recommendation) and a little later (when the answer is there). When a
 * window ends just then, milliseconds decide.
 */
interface Shift {
  readonly text: string;
  readonly of: (moment: SyncMoment, sync: number) => SyncMoment;
}

const AS_SEEN: Shift = { text: '', of: (moment) => moment };
const SHIFTS: readonly Shift[] = [
  AS_SEEN,
  ...[50, 250].flatMap((ms) => [
    { text: `all ${ms} ms later`, of: (moment: SyncMoment) => moved(moment, ms) },
    {
      text: `the first ${ms} ms earlier`,
      of: (moment: SyncMoment, sync: number) => (sync === 0 ? moved(moment, -ms) : moment),
    },
  ]),
];

function moved({ atMs, look }: SyncMoment, byMs: number): SyncMoment {
  return { atMs: atMs + byMs, look };
}

/** Of 25 events of an object a client keeps back the next (client-go, EventSourceObjectSpamFilter): 3 a sync. */
const SYNCS_WITH_EVENTS = 6;

/** Holds one case's syncs in the model against those that were seen. */
export function hold(one: AutoscalerCase, seen: Seen, options: HoldOptions): Held {
  const asSeen = holdShifted(one, seen, options, AS_SEEN);
  if (asSeen.differences.length === 0) return asSeen;
  const shifted = SHIFTS.map((shift) => holdShifted(one, seen, options, shift));
  return shifted.find(({ differences }) => differences.length === 0) ?? asSeen;
}

function holdShifted(one: AutoscalerCase, seen: Seen, options: HoldOptions, { text, of }: Shift): Held {
  const { clock, syncs, downscaleStabilizationMs } = options;
  const moments = momentsOf(seen, clock).slice(0, syncs);
  const steps = playModel(one, moments.map(of), clock, downscaleStabilizationMs);
  const differences = new Map<Aspect, Difference>();
  const compare = (aspect: Aspect, sync: number, model: unknown, real: unknown) => {
    if (isDeepStrictEqual(model, real) || differences.has(aspect)) return;
    differences.set(aspect, { aspect, sync, model, real });
  };
  for (const [sync, { state }] of steps.entries()) {
    const status = statusAfter(seen, moments[sync], clock);
    compare('desired replicas', sync, replicasOf(state), replicasSeen(status));
    compare('metrics', sync, state.readings.map(readingText), (status.currentMetrics ?? []).map(metricText));
    compare('reasons', sync, conditionsOf(state, 'reason'), conditionsSeen(status, 'reason'));
    compare('messages', sync, conditionsOf(state, 'message'), conditionsSeen(status, 'message'));
  }
  const told = moments.slice(0, SYNCS_WITH_EVENTS);
  compare('events', 0, eventsOf(steps.slice(0, told.length)), eventsSeen(seen, told, clock));
  return { number: one.number, moments, steps, shift: text, differences: Array.from(differences.values()) };
}

/**
 * When it synced: when it asked for metrics, or, where it had no need of them, when its status changed at
 * another time.
 */
function momentsOf({ looksAtMs, statuses }: Seen, { periodMs }: Clock): readonly SyncMoment[] {
  const looks = looksAtMs.map((atMs, look) => ({ atMs, look }));
  const others = statuses
    .filter(({ atMs }) => !looksAtMs.some((lookMs) => atMs >= lookMs && atMs < lookMs + periodMs / 2))
    .map(({ atMs }) => ({ atMs, look: looksAtMs.filter((lookMs) => lookMs < atMs).length }));
  return [...looks, ...others].toSorted((a, b) => a.atMs - b.atMs);
}

/** What the API showed half a period later: nothing new, where a sync has changed nothing. */
function statusAfter({ statuses }: Seen, moment: SyncMoment | undefined, { periodMs }: Clock): HpaStatus {
  const untilMs = (moment?.atMs ?? 0) + periodMs / 2;
  return statuses.findLast(({ atMs }) => atMs <= untilMs)?.status ?? {};
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

/** Without those that came with later syncs. */
function eventsSeen(
  { events }: Seen,
  moments: readonly SyncMoment[],
  { periodMs }: Clock,
): readonly string[] {
  const untilMs = (moments.at(-1)?.atMs ?? 0) + periodMs / 2;
  return distinct(events.filter(({ firstTimestamp }) => Date.parse(firstTimestamp) <= untilMs));
}

type Told3 = { readonly type: string; readonly reason: string; readonly message: string };

/** Kubernetes counts what is said again instead of saying it. */
function distinct(events: readonly Told3[]): readonly string[] {
  const texts = events.map(({ type, reason, message }) => `${type} ${reason} ${anyPod(message)}`);
  return Array.from(new Set(texts)).toSorted();
}

/** Pods come in no order: of several with the same fault any may be the one that is named. */
function anyPod(text: string): string {
  return text.replaceAll(/\bPod pod-\d+/g, 'Pod ...');
}
