import { popFrom, pushTo } from './heap.ts';

/**
 * Virtual time: a queue of what is to happen, and the moment that has been reached. What is due at the same
 * time happens in the order in which it was scheduled, so a run is the same every time.
 */
export interface Timeline {
  readonly queue: Scheduled[];
  nowMs: number;
  sequence: number;
  /** What has happened that was neither a beat nor the echo of one that found nothing new. */
  happenings: number;
  /** What was scheduled since the step under way began. */
  scheduled: Scheduled[];
}

interface Scheduled {
  readonly atMs: number;
  readonly sequence: number;
  readonly run: () => void;
  /** It is one run of something that repeats. */
  readonly beat?: Beat | undefined;
  /** It follows from a beat that found nothing new, and so brings nothing new either. */
  echo: boolean;
}

/** Something that happens again and again, and mostly finds nothing new. */
export interface Beat {
  readonly periodMs: number;
  /**
   * After so many runs that found nothing new, further ones change nothing: what it remembers is filled with
   * what it found. As many are run before anything else happens again, so that nobody can tell that others
   * were left out.
   */
  readonly keep: number;
  readonly run: () => 'same' | 'changed';
  /** Runs in a row that found nothing new. */
  sameRuns: number;
  /** `Timeline.happenings` at its last run: a run before something happened says nothing of what comes. */
  happenings: number;
}

/**
 * When traces begin on the virtual clock: a round number of milliseconds (in September 2001), so that times
 * in a result can be read, and above 0, so that no time looks like "never".
 */
export const EPOCH_MS = 1_000_000_000_000;

export function createTimeline(startMs: number): Timeline {
  return { queue: [], nowMs: startMs, sequence: 0, happenings: 0, scheduled: [] };
}

/** A time that has passed means now: nothing happens in the past. */
export function schedule(timeline: Timeline, atMs: number, run: () => void, beat?: Beat): void {
  const { nowMs, sequence } = timeline;
  const entry: Scheduled = { atMs: Math.max(atMs, nowMs), sequence, run, beat, echo: false };
  timeline.sequence += 1;
  timeline.scheduled.push(entry);
  pushTo(timeline.queue, entry, isBefore);
}

/** Runs it at `firstAtMs` and then once in each period. */
export function every(
  timeline: Timeline,
  firstAtMs: number,
  settings: Omit<Beat, 'sameRuns' | 'happenings'>,
): void {
  const beat: Beat = { ...settings, sameRuns: 0, happenings: 0 };
  const once = () => {
    schedule(timeline, timeline.nowMs + beat.periodMs, once, beat);
    const same = beat.run() === 'same';
    if (same) for (const entry of timeline.scheduled) entry.echo = true;
    beat.sameRuns = same && beat.happenings === timeline.happenings ? beat.sameRuns + 1 : 0;
    beat.happenings = timeline.happenings;
  };
  schedule(timeline, firstAtMs, once, beat);
}

export function scheduleIn(timeline: Timeline, delayMs: number, run: () => void): void {
  schedule(timeline, timeline.nowMs + delayMs, run);
}

/** Who looks on while time passes. */
export interface Onlooker {
  /** Told every thousand steps how far it is. */
  readonly reached?: ((nowMs: number) => void) | undefined;
  /** Called after each step. */
  readonly stepped?: (() => void) | undefined;
}

/** Lets everything happen that is due up to and at `endMs`; the clock then stands there. */
export function runUntil(timeline: Timeline, endMs: number, { reached, stepped }: Onlooker = {}): void {
  let steps = 0;
  for (let next = timeline.queue[0]; next !== undefined && next.atMs <= endMs; next = timeline.queue[0]) {
    if (next.beat !== undefined && skipQuiet(timeline, endMs)) continue;
    popFrom(timeline.queue, isBefore);
    step(timeline, next);
    stepped?.();
    steps += 1;
    if (steps % STEPS_BETWEEN === 0) reached?.(next.atMs);
  }
  timeline.nowMs = endMs;
}

const STEPS_BETWEEN = 1000;

function step(timeline: Timeline, { atMs, run, beat, echo }: Scheduled): void {
  timeline.nowMs = atMs;
  timeline.scheduled.length = 0;
  if (beat === undefined && !echo) timeline.happenings += 1;
  run();
  if (echo) for (const entry of timeline.scheduled) entry.echo = true;
}

/**
 * Moves the beats on to shortly before the next thing that happens, when none of them finds anything new: a
 * quiet night costs nothing.
 *
 * @returns whether it moved any
 */
function skipQuiet(timeline: Timeline, endMs: number): boolean {
  const { queue, happenings } = timeline;
  const isQuiet = (beat: Beat) => beat.sameRuns >= beat.keep && beat.happenings === happenings;
  if (!queue.every(({ beat }) => beat === undefined || isQuiet(beat))) return false;
  const untilMs = queue.reduce((ms, { atMs, beat }) => (beat === undefined ? Math.min(ms, atMs) : ms), endMs);
  let moved = false;
  const entries = queue.map((entry) => {
    const { beat, atMs } = entry;
    if (beat === undefined) return entry;
    const periods = Math.floor((untilMs - atMs) / beat.periodMs) - beat.keep;
    if (periods <= 0) return entry;
    moved = true;
    return { ...entry, atMs: atMs + periods * beat.periodMs };
  });
  if (!moved) return false;
  queue.length = 0;
  for (const entry of entries) pushTo(queue, entry, isBefore);
  return true;
}

function isBefore(left: Scheduled, right: Scheduled): boolean {
  return left.atMs < right.atMs || (left.atMs === right.atMs && left.sequence < right.sequence);
}
