import { type ScaleLinear, scaleLinear } from 'd3-scale';

/** Plots are drawn this wide, and stretched to the width that there is. */
export const PLOT_WIDTH = 1000;

interface Tick {
  /** Since the start of the run. */
  readonly ms: number;
  readonly text: string;
}

/** The time that all figures of a page share. All times are since the start of the run. */
export interface TimeAxis {
  readonly lengthMs: number;
  readonly ticks: readonly Tick[];
  /** How far apart the rows of a figure's table are. */
  readonly rowMs: number;
  /** From 0 to `PLOT_WIDTH`. */
  readonly x: ScaleLinear<number, number>;
}

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
/** Steps in which people count time. */
const STEPS_MS = [
  ...[1, 2, 5, 10, 15, 30].map((count) => count * SECOND),
  ...[1, 2, 5, 10, 15, 30].map((count) => count * MINUTE),
  ...[1, 2, 3, 6, 12, 24].map((count) => count * HOUR),
];
/** Up to here seconds are easier to compare with a trace, which is written in them. */
const IN_SECONDS_MS = 20 * MINUTE;

export function timeAxis(lengthMs: number): TimeAxis {
  const length = Math.max(1, lengthMs);
  const stepMs = stepFor(length, 10);
  const count = Math.floor(length / stepMs) + 1;
  const ticks = Array.from({ length: count }, (_, index) => index * stepMs);
  return {
    lengthMs: length,
    ticks: ticks.map((ms) => ({ ms, text: tickText(ms, length) })),
    rowMs: stepFor(length, 24),
    x: scaleLinear().domain([0, length]).range([0, PLOT_WIDTH]),
  };
}

/** The smallest step that people use and that divides a length into no more than so many parts. */
function stepFor(lengthMs: number, parts: number): number {
  const step = STEPS_MS.find((candidate) => lengthMs / candidate <= parts);
  return step ?? Math.ceil(lengthMs / parts / (24 * HOUR)) * 24 * HOUR;
}

function tickText(ms: number, lengthMs: number): string {
  if (lengthMs <= IN_SECONDS_MS) return `${ms / SECOND} s`;
  const hours = Math.floor(ms / HOUR);
  return `${hours}:${two(Math.floor((ms % HOUR) / MINUTE))}`;
}

/** A moment to the millisecond: the decisions of a burst are two of them apart. */
export function momentText({ lengthMs }: Pick<TimeAxis, 'lengthMs'>, ms: number): string {
  if (lengthMs <= IN_SECONDS_MS) return `${(ms / SECOND).toFixed(3)} s`;
  const hours = Math.floor(ms / HOUR);
  const minutes = Math.floor((ms % HOUR) / MINUTE);
  return `${hours}:${two(minutes)}:${((ms % MINUTE) / SECOND).toFixed(3).padStart(6, '0')}`;
}

/** A moment without a fraction that is zero: `240 s`, `0:04:00`. */
export function roundMomentText(axis: Pick<TimeAxis, 'lengthMs'>, ms: number): string {
  return momentText(axis, ms).replace(/\.?0+(?= s$)|\.0+$/, '');
}

/** `10 min`, `24 h`, `1 h 30 min`, `90.5 s`. */
export function lengthText(ms: number): string {
  if (ms < 2 * MINUTE) return `${Number((ms / SECOND).toFixed(3))} s`;
  const hours = Math.floor(ms / HOUR);
  const minutes = Math.floor((ms % HOUR) / MINUTE);
  const seconds = Number(((ms % MINUTE) / SECOND).toFixed(3));
  const parts = [
    hours === 0 ? undefined : `${hours} h`,
    minutes === 0 ? undefined : `${minutes} min`,
    seconds === 0 ? undefined : `${seconds} s`,
  ];
  return parts.filter((part) => part !== undefined).join(' ');
}

/** Where on the plot a moment is, in percent of its width. */
export function percentOf(axis: TimeAxis, ms: number): string {
  return `${Number(((axis.x(ms) / PLOT_WIDTH) * 100).toFixed(2))}%`;
}

function two(count: number): string {
  return String(count).padStart(2, '0');
}
