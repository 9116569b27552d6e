import { bisector } from 'd3-array';
import { area, curveLinear, curveStepAfter, line } from 'd3-shape';
import { PLOT_WIDTH, type TimeAxis } from './axis.ts';

/** A value at a moment since the start of the run. */
export interface Point {
  readonly ms: number;
  readonly value: number;
}

/** From values to pixels, from the top. */
export type YScale = (value: number) => number;

/**
 * Leaves of the points within each pixel of the plot's width the first, the lowest, the highest and the last,
 * in their order: the line through them covers the same pixels as the line through all (the M4 aggregation of
 * Jugel et al., PVLDB 7(10), 2014).
 */
export function thin<P extends { readonly ms: number }>(
  points: readonly P[],
  axis: TimeAxis,
  measure: (point: P) => number,
  columns = PLOT_WIDTH,
): readonly P[] {
  if (points.length <= columns) return points;
  const columnOf = ({ ms }: P) => Math.floor((ms / axis.lengthMs) * columns);
  const groups = new Map<number, P[]>();
  for (const point of points) {
    const column = columnOf(point);
    const group = groups.get(column);
    if (group === undefined) groups.set(column, [point]);
    else group.push(point);
  }
  return Array.from(groups.values()).flatMap((group) => extremes(group, measure));
}

function extremes<P>(group: readonly P[], measure: (point: P) => number): readonly P[] {
  if (group.length <= 4) return group;
  const values = group.map(measure);
  const lowest = values.indexOf(Math.min(...values));
  const highest = values.indexOf(Math.max(...values));
  const indexes = new Set([0, lowest, highest, group.length - 1]);
  return group.filter((_, index) => indexes.has(index));
}

export function linePath(points: readonly Point[], axis: TimeAxis, y: YScale): string {
  const shape = line<Point>(
    ({ ms }) => axis.x(ms),
    ({ value }) => y(value),
  );
  return shape.digits(1).curve(curveLinear)(thin(points, axis, ({ value }) => value)) ?? '';
}

/** Lines of a series with holes: a gap longer than `gapMs` is left open. */
export function brokenLinePath(points: readonly Point[], axis: TimeAxis, y: YScale, gapMs: number): string {
  return runsOf(points, gapMs)
    .map((run) => linePath(run, axis, y))
    .join('');
}

/** A value holds until the next one. */
export function stepPath(points: readonly Point[], axis: TimeAxis, y: YScale): string {
  const shape = line<Point>(
    ({ ms }) => axis.x(ms),
    ({ value }) => y(value),
  );
  return shape.digits(1).curve(curveStepAfter)(thin(points, axis, ({ value }) => value)) ?? '';
}

export function stepAreaPath(points: readonly Point[], axis: TimeAxis, y: YScale): string {
  const shape = area<Point>(
    ({ ms }) => axis.x(ms),
    y(0),
    ({ value }) => y(value),
  );
  return shape.digits(1).curve(curveStepAfter)(thin(points, axis, ({ value }) => value)) ?? '';
}

export function areaPath(points: readonly Point[], axis: TimeAxis, y: YScale): string {
  const shape = area<Point>(
    ({ ms }) => axis.x(ms),
    y(0),
    ({ value }) => y(value),
  );
  return shape.digits(1).curve(curveLinear)(thin(points, axis, ({ value }) => value)) ?? '';
}

export interface Band {
  readonly ms: number;
  readonly low: number;
  readonly high: number;
}

export function bandPath(bands: readonly Band[], axis: TimeAxis, y: YScale, gapMs: number): string {
  const shape = area<Band>(
    ({ ms }) => axis.x(ms),
    ({ low }) => y(low),
    ({ high }) => y(high),
  ).digits(1);
  return runsOf(bands, gapMs)
    .map((run) => shape(thin(run, axis, ({ high }) => high)) ?? '')
    .join('');
}

/** Dots of one series as one path: strokes without length, whose round ends are what one sees. */
export function dotsPath(points: readonly Point[], axis: TimeAxis, y: YScale): string {
  return thin(points, axis, ({ value }) => value, PLOT_WIDTH / 2)
    .map(({ ms, value }) => `M${Number(axis.x(ms).toFixed(1))},${Number(y(value).toFixed(1))}h0`)
    .join('');
}

function runsOf<P extends { readonly ms: number }>(
  points: readonly P[],
  gapMs: number,
): readonly (readonly P[])[] {
  const runs: P[][] = [];
  for (const point of points) {
    const run = runs.at(-1);
    const last = run?.at(-1);
    if (run === undefined || last === undefined || point.ms - last.ms > gapMs) runs.push([point]);
    else run.push(point);
  }
  return runs;
}

const byTime = bisector<{ readonly ms: number }, number>(({ ms }) => ms);

/** The last point at or before a moment. */
export function lastAt<P extends { readonly ms: number }>(points: readonly P[], ms: number): P | undefined {
  return points[byTime.right(points, ms) - 1];
}

/** The value on the straight line between the points around a moment; after a jump, the value after it. */
export function valueAt(points: readonly Point[], ms: number): number | undefined {
  const index = byTime.right(points, ms);
  const [before, after] = [points[index - 1], points[index]];
  if (before === undefined) return undefined;
  if (after === undefined || after.ms === before.ms) return before.value;
  return before.value + ((after.value - before.value) * (ms - before.ms)) / (after.ms - before.ms);
}

/** A value that holds to the end of the plot is drawn to it. */
export function held(points: readonly Point[], endMs: number): readonly Point[] {
  const last = points.at(-1);
  return last === undefined || last.ms >= endMs ? points : [...points, { ms: endMs, value: last.value }];
}
