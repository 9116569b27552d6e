import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createK6Run, durationQuantile, type K6Filter, takeLine, thinkMs } from '../../src/recorder/k6.ts';
import { cpuPerRequestMs, k6Load } from '../../src/recorder/k6-load.ts';
import { simplify } from '../../src/recorder/simplify.ts';
import { type K6Test, k6Lines, pointLine, ramp } from './k6-lines.ts';

function runOf(lines: readonly string[], filter: K6Filter = {}) {
  const run = createK6Run();
  for (const line of lines) expect(takeLine(run, line, filter)).toBeUndefined();
  return run;
}

const options = { deployment: 'fn/web', offsetMs: 0, cpuPerRequestMs: 20, as: 'users' } as const;

describe('virtual users', () => {
  it.each([
    {
      what: 'a steady number',
      users: Array.from({ length: 61 }, () => 20),
      startUsers: 20,
      stages: [['60s', 20]],
    },
    {
      what: 'a ramp up, a plateau and a ramp down',
      users: [...ramp(0, 20, 60), ...ramp(20, 20, 60), ...ramp(20, 0, 30), 0],
      startUsers: 0,
      stages: [
        ['60s', 20],
        ['60s', 20],
        ['30s', 0],
      ],
    },
    {
      what: 'a step',
      users: [...ramp(5, 5, 30), ...ramp(50, 50, 31)],
      startUsers: 5,
      stages: [
        ['29s', 5],
        ['1s', 50],
        ['30s', 50],
      ],
    },
    { what: 'one point', users: [7], startUsers: 7, stages: [['1s', 7]] },
  ])('$what', ({ users, startUsers, stages }) => {
    const load = k6Load(runOf(k6Lines({ users, responseMs: 50 })), options);
    expect(load).toMatchObject({ type: 'virtualUsers', start: '0s', startUsers });
    const found = (load['stages'] as readonly { duration: string; target: number }[]).map(
      ({ duration, target }) => [Math.round(Number.parseFloat(duration)), target],
    );
    // The staircase may put a corner a second aside, and a user.
    expect(found).toHaveLength(stages.length);
    for (const [index, [duration, target]] of stages.entries()) {
      expect(Math.abs((found[index]?.[0] ?? 0) - Number.parseFloat(String(duration)))).toBeLessThanOrEqual(3);
      expect(Math.abs((found[index]?.[1] ?? 0) - Number(target))).toBeLessThanOrEqual(1);
    }
  });

  it('begin where the test begins in the trace', () => {
    const run = runOf(k6Lines({ users: [3, 3, 3], responseMs: 50 }));
    expect(k6Load(run, { ...options, offsetMs: 45_000 })).toMatchObject({ start: '45s' });
  });
});

describe('a request', () => {
  const test: K6Test = { users: [1, 1, 1, 1, 1, 1], responseMs: 80, sleepMs: 500 };
  it('waits for what of the shortest answers was no CPU, and users think for what was no request', () => {
    const { request, thinkTime } = k6Load(runOf(k6Lines(test)), options) as {
      request: { cpuTime: string; wait: string };
      thinkTime: string;
    };
    expect(request.cpuTime).toBe('20000us');
    expect(Number.parseFloat(request.wait)).toBeCloseTo(60, -0.5);
    expect(thinkTime).toBe('500ms');
  });

  it('that costs more CPU than the shortest answer took waits for nothing', () => {
    const load = k6Load(runOf(k6Lines(test)), { ...options, cpuPerRequestMs: 200 });
    expect(load).toHaveProperty('request', { cpuTime: '200000us' });
  });

  it('that failed says nothing of how long an answer takes', () => {
    const failed = pointLine('http_req_duration', 1, 1, { expected_response: 'false' });
    const run = runOf([...k6Lines(test), ...Array.from({ length: 50 }, () => failed)]);
    expect(durationQuantile(run, 0.05)).toBeCloseTo(80, -0.5);
  });

  it('counts only with the tag that was asked for', () => {
    const others = k6Lines({ users: [1, 1], responseMs: 5, tags: { name: 'other' } });
    const run = runOf([...k6Lines(test), ...others], { tag: { name: 'name', value: 'shop' } });
    expect(run.requestCount).toBe(6);
    expect(durationQuantile(run, 0)).toBeCloseTo(80, -0.5);
  });
});

describe('arrivals', () => {
  it('come at the rate of each five seconds, and at none outside the test', () => {
    const run = runOf(
      k6Lines({ users: Array.from({ length: 20 }, () => 2), responseMs: 50, requestsPerSecond: 4 }),
    );
    expect(k6Load(run, { ...options, as: 'arrivals', offsetMs: 10_000 })).toMatchObject({
      type: 'arrivals',
      points: [
        { at: '9.999s', perSecond: 0 },
        { at: '12.5s', perSecond: 4 },
        { at: '27.5s', perSecond: 4 },
        { at: '30s', perSecond: 0 },
      ],
    });
  });
});

describe('CPU of a request', () => {
  const run = runOf(
    k6Lines({ users: Array.from({ length: 11 }, () => 1), responseMs: 50, requestsPerSecond: 2 }),
  );
  const recorded = (points: readonly (readonly [number, number])[], between?: 'line' | 'step') => ({
    load: [
      {
        type: 'recordedCpu',
        deployment: 'fn/web',
        ...(between && { between }),
        points: points.map(([at, cpu]) => ({ at, cpu })),
      } as const,
    ],
  });
  // 22 requests in 10.5 s.
  it.each([
    { what: 'level', trace: recorded([[0, 220]]), ms: (220 * 10.5) / 22 },
    {
      what: 'a line',
      trace: recorded([
        [0, 0],
        [10_500, 440],
      ]),
      ms: (220 * 10.5) / 22,
    },
    {
      what: 'a step',
      trace: recorded(
        [
          [0, 0],
          [5250, 440],
        ],
        'step',
      ),
      ms: (220 * 10.5) / 22,
    },
    {
      what: 'only during the test',
      trace: recorded([
        [0, 220],
        [10_500, 220],
        [10_501, 9000],
      ]),
      ms: (220 * 10.5) / 22,
    },
  ])('$what', ({ trace, ms }) => {
    expect(cpuPerRequestMs(run, trace, { deployment: 'fn/web', offsetMs: 0 })).toBeCloseTo(ms, 6);
  });

  it('is not known without recorded CPU of the Deployment', () => {
    expect(cpuPerRequestMs(run, recorded([[0, 1]]), { deployment: 'fn/db', offsetMs: 0 })).toBeUndefined();
    expect(cpuPerRequestMs(run, { load: [] }, { deployment: 'fn/web', offsetMs: 0 })).toBeUndefined();
  });
});

describe('what is wrong with a line', () => {
  it.each([
    ['nothing', 'found "nothing", allowed: a JSON object, as k6 writes one a line'],
    ['{"metric":"vus"', 'found "{\\"metric\\":\\"vus\\"", allowed: a JSON object, as k6 writes one a line'],
    ['{"metric":"vus","type":"Point"}', 'data: found nothing, allowed: time, value and tags'],
    [
      '{"metric":"vus","type":"Point","data":{"time":"noon","value":1}}',
      'data.time: found "noon", allowed: a time',
    ],
    [pointLine('vus', 0, 'many'), 'data.value: found "many", allowed: a number of 0 or more'],
    [pointLine('vus', 0, -1), 'data.value: found -1, allowed: a number of 0 or more'],
  ])('%s', (line, problem) => {
    expect(takeLine(createK6Run(), line, {})).toBe(problem);
  });
});

describe('properties', () => {
  it('a quantile is within 2 % of a value that was there', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 60_000 }), { minLength: 1 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (values, quantile) => {
          const run = runOf(values.map((value) => pointLine('http_req_duration', 0, value)));
          const found = durationQuantile(run, quantile) ?? 0;
          expect(values.some((value) => Math.abs(found / value - 1) <= 0.02)).toBe(true);
        },
      ),
    );
  });

  it('simplified series stay within the tolerance of every point, and keep the ends', () => {
    const series = fc.array(fc.integer({ min: 0, max: 100 }), { minLength: 1, maxLength: 60 });
    fc.assert(
      fc.property(series, fc.integer({ min: 0, max: 20 }), (values, tolerance) => {
        const points = values.map((value, second) => ({ second, value }));
        const kept = simplify(points, tolerance);
        expect([kept[0], kept.at(-1)]).toEqual([points[0], points.at(-1)]);
        for (const { second, value } of points) {
          const before = kept.findLast((point) => point.second <= second) ?? { second, value };
          const after = kept.find((point) => point.second > second) ?? before;
          const slope = (after.value - before.value) / Math.max(1, after.second - before.second);
          expect(Math.abs(before.value + slope * (second - before.second) - value)).toBeLessThanOrEqual(
            tolerance + 1e-9,
          );
        }
      }),
    );
  });

  it('nobody thinks for less than nothing', () => {
    expect(thinkMs({ ...createK6Run(), iterationMs: 10, requestMs: 90, requestCount: 3 })).toBe(0);
    expect(thinkMs(createK6Run())).toBe(0);
  });
});
