import type { NodeResult, SimulationResult } from '../../outcome/result.ts';
import type { Tier } from '../../placement/types.ts';
import type { TimeAxis } from './axis.ts';
import type { IncidentMark } from './plot.ts';
import { type Point, thin, valueAt } from './series.ts';

/** Times of a result are on the virtual clock; those of a report are since the start of the run. */
export function sinceStart({ startMs }: Pick<SimulationResult, 'startMs'>, atMs: number): number {
  return atMs - startMs;
}

/** Above this many, incidents are drawn without their number. */
const MOST_NUMBERED = 20;

export function incidentMarks(result: SimulationResult): readonly IncidentMark[] {
  const numbered = result.incidents.length <= MOST_NUMBERED;
  return result.incidents.map(({ atMs }, index) => ({
    ms: sinceStart(result, atMs),
    text: numbered ? String(index + 1) : '',
  }));
}

/** What a node used, as the corners of a line that may jump. */
export function realPoints(result: SimulationResult, node: NodeResult): readonly Point[] {
  return node.real.flatMap(({ fromMs, toMs, fromMilli, toMilli }) => [
    { ms: sinceStart(result, fromMs), value: fromMilli },
    { ms: sinceStart(result, toMs), value: toMilli },
  ]);
}

export function cpuPoints(
  result: SimulationResult,
  points: readonly { readonly atMs: number; readonly milli: number }[],
): readonly Point[] {
  return points.map(({ atMs, milli }) => ({ ms: sinceStart(result, atMs), value: milli }));
}

/** How long a node used more than its threshold. */
export function msAboveThreshold({ real, thresholdMilli }: NodeResult): number {
  if (thresholdMilli === undefined) return 0;
  return real.reduce((total, { fromMs, toMs, fromMilli, toMilli }) => {
    const [low, high] = fromMilli < toMilli ? [fromMilli, toMilli] : [toMilli, fromMilli];
    if (high <= thresholdMilli) return total;
    const share = low >= thresholdMilli ? 1 : (high - thresholdMilli) / (high - low);
    return total + (toMs - fromMs) * share;
  }, 0);
}

export function mostReal({ real }: NodeResult): number {
  return real.reduce((most, { fromMilli, toMilli }) => Math.max(most, fromMilli, toMilli), 0);
}

export interface Destination {
  readonly node: string;
  readonly tier?: Tier | undefined;
}

/** Where the pod of each decision went when the scheduler had heard it; undefined: nowhere. */
export function destinations(result: SimulationResult): ReadonlyMap<number, Destination> {
  const found = new Map<number, Destination>();
  for (const { node, tier, attempts } of result.pods) {
    for (const attempt of attempts) {
      if (attempt.decision === undefined || attempt.result !== 'assumed' || node === undefined) continue;
      found.set(attempt.decision, { node, tier });
    }
  }
  return found;
}

/** The moments at which a figure's table has rows. */
export function rowMoments({ lengthMs, rowMs }: TimeAxis): readonly number[] {
  const count = Math.floor(lengthMs / rowMs) + 1;
  return Array.from({ length: count }, (_, index) => index * rowMs);
}

/** The highest of a line of straight pieces, from one row of a table to the next. */
export function highestBetween(points: readonly Point[], fromMs: number, toMs: number): number | undefined {
  const inside = points.filter(({ ms }) => ms >= fromMs && ms < toMs).map(({ value }) => value);
  const values = [valueAt(points, fromMs), ...inside, valueAt(points, toMs)].filter(
    (value) => value !== undefined,
  );
  return values.length === 0 ? undefined : values.reduce((most, value) => Math.max(most, value));
}

/** Sums series that hold their value until their next point, where `from` says what held before the first. */
export function sumSteps(series: readonly (readonly Point[])[]): readonly Point[] {
  const moments = [...new Set(series.flatMap((points) => points.map(({ ms }) => ms)))].sort((a, b) => a - b);
  const next = series.map(() => 0);
  const values = series.map(() => 0);
  return moments.map((ms) => {
    for (const [index, points] of series.entries()) {
      for (let point = points[next[index] ?? 0]; point !== undefined && point.ms <= ms; ) {
        values[index] = point.value;
        next[index] = (next[index] ?? 0) + 1;
        point = points[next[index] ?? 0];
      }
    }
    return { ms, value: values.reduce((total, value) => total + value, 0) };
  });
}

/** The sum of what nodes used, where each of them has corners; thinned to what a plot can show. */
export function sumReal(
  result: SimulationResult,
  nodes: readonly NodeResult[],
  axis: TimeAxis,
): readonly Point[] {
  const changes = nodes.flatMap(({ real }) =>
    real.flatMap(({ fromMs, toMs, fromMilli, toMilli }) => {
      const slope = toMs > fromMs ? (toMilli - fromMilli) / (toMs - fromMs) : 0;
      return [
        { ms: sinceStart(result, fromMs), step: fromMilli, slope },
        { ms: sinceStart(result, toMs), step: -toMilli, slope: -slope },
      ];
    }),
  );
  const corners: Point[] = [];
  let [value, slope, ms] = [0, 0, 0];
  for (const change of changes.sort((left, right) => left.ms - right.ms)) {
    if (change.ms > ms) {
      corners.push({ ms, value });
      value += slope * (change.ms - ms);
      ms = change.ms;
      corners.push({ ms, value });
    }
    value += change.step;
    slope += change.slope;
  }
  return thin(corners, axis, (point) => point.value);
}
