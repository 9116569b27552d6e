import type { Trace } from '../trace/schema.ts';
import { bySecond, durationQuantile, type K6Run, thinkMs } from './k6.ts';
import type { JsonObject } from './objects.ts';
import { type SeriesPoint, simplify } from './simplify.ts';
import { spanText } from './text.ts';

export interface K6LoadOptions {
  readonly deployment: string;
  /** Where in the trace the test begins. */
  readonly offsetMs: number;
  readonly cpuPerRequestMs: number;
  /** `users`: a closed loop. `arrivals`: requests at the rate at which they came, whatever is answered. */
  readonly as: 'users' | 'arrivals';
}

/** Fewer answer faster than this: it is the time without a queue. */
const UNLOADED_QUANTILE = 0.05;
const USERS_TOLERANCE = 1;
const RATE_TOLERANCE_RATIO = 0.05;
/** Requests are counted over so long: a second's count is mostly chance. */
const RATE_SECONDS = 5;

/** The load of a k6 run, as a trace has it. */
export function k6Load(run: K6Run, options: K6LoadOptions): JsonObject {
  const { deployment, offsetMs, cpuPerRequestMs } = options;
  const waitMs = Math.max(0, (durationQuantile(run, UNLOADED_QUANTILE) ?? 0) - cpuPerRequestMs);
  const request = {
    cpuTime: fineSpanText(cpuPerRequestMs),
    ...(waitMs > 0 && { wait: spanText(waitMs) }),
  };
  if (options.as === 'arrivals') {
    return { type: 'arrivals', deployment, points: ratePoints(run, offsetMs), request };
  }
  const think = spanText(thinkMs(run));
  const corners = simplify(bySecond(run, run.users), USERS_TOLERANCE);
  return {
    type: 'virtualUsers',
    deployment,
    start: spanText(offsetMs + (corners[0]?.second ?? 0) * 1000),
    startUsers: corners[0]?.value ?? 0,
    stages: stagesOf(corners),
    ...(think !== '0s' && { thinkTime: think }),
    request,
  };
}

function stagesOf(corners: readonly SeriesPoint[]): readonly JsonObject[] {
  const stages = corners.slice(1).map(({ second, value }, index) => ({
    duration: spanText((second - (corners[index]?.second ?? 0)) * 1000),
    target: value,
  }));
  // A run of less than a second.
  return stages.length > 0 ? stages : [{ duration: '1s', target: corners[0]?.value ?? 0 }];
}

function ratePoints(run: K6Run, offsetMs: number): readonly JsonObject[] {
  const counts = new Map<number, number>();
  for (const { second, value } of bySecond(run, run.requests)) {
    const bucket = Math.floor(second / RATE_SECONDS);
    counts.set(bucket, (counts.get(bucket) ?? 0) + value);
  }
  const buckets = Math.floor((run.lastMs - run.firstMs) / 1000 / RATE_SECONDS) + 1;
  const rates = Array.from({ length: buckets }, (_, bucket) => ({
    second: (bucket + 0.5) * RATE_SECONDS,
    value: (counts.get(bucket) ?? 0) / RATE_SECONDS,
  }));
  const most = rates.reduce((peak, { value }) => Math.max(peak, value), 0);
  const middle = simplify(rates, most * RATE_TOLERANCE_RATIO);
  const point = (second: number, perSecond: number) => ({
    at: spanText(offsetMs + second * 1000),
    perSecond,
  });
  const endSecond = Math.ceil((run.lastMs - run.firstMs) / 1000);
  return [
    // Outside its points a curve keeps their values, and there is no load outside the test.
    ...(offsetMs > 0 ? [point(-0.001, 0)] : []),
    ...middle
      .filter(({ second }) => second < endSecond)
      .map(({ second, value }) => point(second, Math.round(value * 1000) / 1000)),
    point(Math.max(endSecond, RATE_SECONDS), 0),
  ];
}

/** CPU that a request costs: that of the Deployment while the test ran, shared by its requests. */
export function cpuPerRequestMs(
  run: K6Run,
  { load }: Pick<Trace, 'load'>,
  { deployment, offsetMs }: Pick<K6LoadOptions, 'deployment' | 'offsetMs'>,
): number | undefined {
  const recorded = load.find((one) => one.type === 'recordedCpu' && one.deployment === deployment);
  if (recorded?.type !== 'recordedCpu' || run.requestCount === 0) return undefined;
  const { points, between = 'line' } = recorded;
  const curve = points.map((point) => ({ atMs: point.at, milli: point.cpu }));
  const endMs = offsetMs + run.lastMs - run.firstMs;
  const inside = curve.filter(({ atMs }) => atMs > offsetMs && atMs < endMs).map(({ atMs }) => atMs);
  const moments = [offsetMs, ...inside, endMs];
  let used = 0;
  moments.slice(1).forEach((toMs, index) => {
    const fromMs = moments[index] ?? toMs;
    const start = valueAt(curve, fromMs, between);
    const end = between === 'step' ? start : valueAt(curve, toMs, between);
    used += ((start + end) / 2) * (toMs - fromMs);
  });
  return used / 1000 / run.requestCount;
}

interface CpuPoint {
  readonly atMs: number;
  readonly milli: number;
}

function valueAt(curve: readonly CpuPoint[], atMs: number, between: 'line' | 'step'): number {
  const next = curve.find((point) => point.atMs > atMs);
  const last = curve.findLast((point) => point.atMs <= atMs);
  if (last === undefined || next === undefined || between === 'step') return (last ?? next)?.milli ?? 0;
  return last.milli + ((next.milli - last.milli) * (atMs - last.atMs)) / (next.atMs - last.atMs);
}

/** To the microsecond: a request may cost less than a millisecond. */
function fineSpanText(ms: number): string {
  return `${Math.max(10, Math.round(ms * 1000))}us`;
}
