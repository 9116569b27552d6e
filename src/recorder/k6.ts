import { foundText } from '../reading/problems.ts';
import { isMapping, type JsonObject } from './objects.ts';

/**
 * What a k6 run comes to, from the lines of `k6 run --out json=FILE`. A run may have written gigabytes, so
 * nothing is kept of a line: memory grows with the seconds of the run only.
 */
export interface K6Run {
  firstMs: number;
  lastMs: number;
  /** Virtual users by second since the first point. */
  readonly users: Map<number, number>;
  /** Requests by second. */
  readonly requests: Map<number, number>;
  requestCount: number;
  requestMs: number;
  iterationMs: number;
  /** Response times, by the number of their step of 2 %. */
  readonly durations: Map<number, number>;
}

export interface K6Filter {
  /** Only requests that carry this tag. */
  readonly tag?: { readonly name: string; readonly value: string } | undefined;
}

export function createK6Run(): K6Run {
  return {
    firstMs: Number.POSITIVE_INFINITY,
    lastMs: Number.NEGATIVE_INFINITY,
    users: new Map(),
    requests: new Map(),
    requestCount: 0,
    requestMs: 0,
    iterationMs: 0,
    durations: new Map(),
  };
}

/** Most lines are of metrics that say nothing here: they are not parsed. */
const WANTED = /"metric":\s*"(?:vus|http_reqs|http_req_duration|iteration_duration)"/;

/**
 * Takes a line.
 *
 * @returns what is wrong with it; undefined: nothing
 */
export function takeLine(run: K6Run, line: string, filter: K6Filter): string | undefined {
  if (!line.startsWith('{'))
    return `found ${foundText(line)}, allowed: a JSON object, as k6 writes one a line`;
  if (!WANTED.test(line)) return undefined;
  const point = parsed(line);
  if (point === undefined) return `found ${foundText(line)}, allowed: a JSON object, as k6 writes one a line`;
  if (point['type'] !== 'Point') return undefined;
  const { data } = point;
  if (!isMapping(data)) return `data: found ${foundText(data)}, allowed: time, value and tags`;
  const atMs = Date.parse(String(data['time']));
  if (Number.isNaN(atMs)) return `data.time: found ${foundText(data['time'])}, allowed: a time`;
  const { value } = data;
  if (typeof value !== 'number' || value < 0) {
    return `data.value: found ${foundText(value)}, allowed: a number of 0 or more`;
  }
  takePoint(run, { metric: String(point['metric']), atMs, value, tags: data['tags'] }, filter);
  return undefined;
}

function parsed(line: string): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return isMapping(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

interface Point {
  readonly metric: string;
  readonly atMs: number;
  readonly value: number;
  readonly tags: unknown;
}

function takePoint(run: K6Run, { metric, atMs, value, tags }: Point, { tag }: K6Filter): void {
  run.firstMs = Math.min(run.firstMs, atMs);
  run.lastMs = Math.max(run.lastMs, atMs);
  // Seconds of the clock: the first point is known only in the end.
  const second = Math.floor(atMs / 1000);
  if (metric === 'vus') run.users.set(second, value);
  if (metric === 'iteration_duration') run.iterationMs += value;
  const labels = isMapping(tags) ? tags : {};
  if (tag !== undefined && labels[tag.name] !== tag.value) return;
  if (metric === 'http_reqs') {
    run.requestCount += value;
    run.requests.set(second, (run.requests.get(second) ?? 0) + value);
  }
  if (metric !== 'http_req_duration') return;
  run.requestMs += value;
  // A refused connection answers at once, and says nothing of how long an answer takes.
  if (value === 0 || labels['expected_response'] === 'false') return;
  const step = Math.floor(Math.log(value) / STEP);
  run.durations.set(step, (run.durations.get(step) ?? 0) + 1);
}

const STEP = Math.log(1.02);

/** A quantile of the response times, in milliseconds, to 2 %; undefined: no request was answered. */
export function durationQuantile({ durations }: K6Run, quantile: number): number | undefined {
  const steps = Array.from(durations).sort(([left], [right]) => left - right);
  const total = steps.reduce((sum, [, count]) => sum + count, 0);
  let passed = 0;
  for (const [step, count] of steps) {
    passed += count;
    if (passed >= quantile * total) return Math.exp((step + 0.5) * STEP);
  }
  return undefined;
}

/** The time of a user between an answer and the next request: what of the iterations was no request. */
export function thinkMs({ iterationMs, requestMs, requestCount }: K6Run): number {
  return requestCount === 0 ? 0 : Math.max(0, iterationMs - requestMs) / requestCount;
}

/** A series by second, since the first point of the run. */
export function bySecond(
  { firstMs }: K6Run,
  values: ReadonlyMap<number, number>,
): readonly { readonly second: number; readonly value: number }[] {
  const first = Math.floor(firstMs / 1000);
  return Array.from(values, ([second, value]) => ({ second: second - first, value })).sort(
    (left, right) => left.second - right.second,
  );
}
