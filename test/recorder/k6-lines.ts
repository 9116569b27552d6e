/** Lines as `k6 run --out json=FILE` writes them, of a test that begins at 12:00. */

const START_MS = Date.parse('2026-03-01T12:00:00+01:00');

export function pointLine(
  metric: string,
  seconds: number,
  value: unknown,
  tags: Readonly<Record<string, string>> = {},
): string {
  // k6 writes nanoseconds and the offset of the machine's time zone.
  const time = new Date(START_MS + 3_600_000 + seconds * 1000).toISOString().replace('Z', '123456+01:00');
  return JSON.stringify({ metric, type: 'Point', data: { time, value, tags } });
}

/** A line that declares a metric: there is one before the first point of each. */
function metricLine(name: string): string {
  return JSON.stringify({ type: 'Metric', data: { name, type: 'trend', contains: 'time' }, metric: name });
}

export interface K6Test {
  /** Virtual users in each second. */
  readonly users: readonly number[];
  readonly responseMs: number;
  /** Of an iteration, beside its one request. */
  readonly sleepMs?: number;
  readonly requestsPerSecond?: number;
  readonly tags?: Readonly<Record<string, string>>;
}

export function k6Lines(test: K6Test): readonly string[] {
  const { users, responseMs, sleepMs = 0, requestsPerSecond = 1, tags = { name: 'shop' } } = test;
  return users.flatMap((count, second) => [
    ...(second === 0 ? ['vus', 'http_reqs', 'http_req_duration', 'iteration_duration'].map(metricLine) : []),
    pointLine('vus', second, count),
    ...Array.from({ length: requestsPerSecond }, () => [
      pointLine('http_reqs', second + 0.5, 1, tags),
      pointLine('http_req_duration', second + 0.5, responseMs, tags),
      pointLine('http_req_waiting', second + 0.5, responseMs, tags),
      pointLine('iteration_duration', second + 0.5, responseMs + sleepMs),
    ]).flat(),
  ]);
}

/** Users from one number to another, in so many seconds, as the staircase that k6 makes of a ramp. */
export function ramp(from: number, to: number, seconds: number): readonly number[] {
  return Array.from({ length: seconds }, (_, second) => Math.floor(from + ((to - from) * second) / seconds));
}
