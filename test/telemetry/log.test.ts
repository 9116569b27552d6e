import { describe, expect, it } from 'vitest';
import type { LogLevel } from '../../src/config/config.ts';
import { NO_ANNOTATION_PROBLEMS } from '../../src/placement/annotations.ts';
import { decide } from '../../src/placement/decide.ts';
import type { Decision, Question } from '../../src/placement/decision.ts';
import { createDecisionLogger, type DecisionLogger } from '../../src/telemetry/decision-logger.ts';
import { createLogger, writeTo } from '../../src/telemetry/logger.ts';
import { createThrottle } from '../../src/telemetry/throttle.ts';
import * as build from '../builders.ts';

const { NOW_MS } = build;

function logged(level: LogLevel, write: (log: DecisionLogger) => void): readonly Record<string, unknown>[] {
  const lines: string[] = [];
  const logger = createLogger(level, { write: (line) => void lines.push(line) });
  write(createDecisionLogger(logger, () => NOW_MS));
  return lines.map((line): Record<string, unknown> => JSON.parse(line));
}

const FULL = build.node({ metrics: build.metrics(4000) });
const EDGE: Partial<Question> = {};
const OVERFLOW: Partial<Question> = { candidates: [FULL, build.cloudNode()] };
const PENDING: Partial<Question> = { candidates: [FULL] };
const OVERLOAD: Partial<Question> = { candidates: [build.node({ metrics: build.metrics(3200) })] };

function decision(over: Partial<Question>, afterMs = 0, name = 'pod'): Decision {
  const pod = build.pod({ name, annotatedMilli: 300 });
  return decide(build.question({ pod, ...over, nowMs: NOW_MS + afterMs }), build.SETTINGS);
}

describe('the logger', () => {
  it('writes JSON with a word for the level and the time in ISO 8601', () => {
    const lines: string[] = [];
    writeTo(createLogger('info', { write: (line) => void lines.push(line) }))('warn', 'watch broken', {
      n: 1,
    });
    expect(JSON.parse(lines[0] ?? '')).toEqual({
      level: 'warn',
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      message: 'watch broken',
      n: 1,
    });
  });
});

describe('the log of decisions', () => {
  it.each<[string, LogLevel, Partial<Question>, readonly unknown[]]>([
    ['nothing of an edge placement at info', 'info', EDGE, []],
    [
      'one line for it at debug',
      'debug',
      EDGE,
      ['default/pod: edge, edge-1; estimate 300m (annotated); edge node fits the pod below its threshold'],
    ],
    ['why pods overflow at info', 'info', OVERFLOW, ['pods overflow to the cloud: edge CPU above threshold']],
    ['a pending pod at info', 'info', PENDING, ['pod stays pending: edge CPU above limit']],
    [
      'an overload at info',
      'info',
      OVERLOAD,
      ['edge node filled above its threshold, for want of a cloud node'],
    ],
    ['nothing of these at warn', 'warn', PENDING, []],
  ])('has %s', (_name, level, over, messages) => {
    const lines = logged(level, (log) => log.decided(decision(over), 'filter', NO_ANNOTATION_PROBLEMS));
    expect(lines.map(({ message }) => message)).toEqual(messages);
  });

  it('has a line for every candidate at trace', () => {
    const lines = logged('trace', (log) => log.decided(decision(EDGE), 'filter', NO_ANNOTATION_PROBLEMS));
    expect(lines.map(({ level }) => level)).toEqual(['debug', 'trace', 'trace']);
    expect(lines[1]?.['message']).toMatch(
      /^edge-1 \(edge, metrics fresh\): answered, .*forecast 0m, estimate 300m/,
    );
  });

  it('says a reason once a minute, with how often it held', () => {
    const lines = logged('info', (log) => {
      for (const afterMs of [0, 10, 20, 61_000, 61_010])
        log.decided(decision(OVERFLOW, afterMs), 'filter', NO_ANNOTATION_PROBLEMS);
    });
    expect(lines.map(({ reason, times }) => [reason, times])).toEqual([
      ['edge-above-threshold', 1],
      ['edge-above-threshold', 3],
    ]);
  });

  it('names every pod that stays pending', () => {
    const lines = logged('info', (log) => {
      for (const name of ['a', 'a', 'b'])
        log.decided(decision(PENDING, 0, name), 'filter', NO_ANNOTATION_PROBLEMS);
    });
    expect(lines.map(({ pod }) => pod)).toEqual(['default/a', 'default/b']);
  });

  it('says once what is wrong with the annotations of a whole workload', () => {
    const problem = { annotation: 'spillway.dev/site', found: '?', allowed: 'a name' };
    const lines = logged('info', (log) => {
      for (const name of ['a', 'b', 'c'])
        log.decided(decision(EDGE, 0, name), 'filter', { shown: [problem], further: 0 });
    });
    expect(lines).toMatchObject([
      { level: 'warn', pod: 'default/a', ...problem, message: 'annotation ignored' },
    ]);
  });

  it.each<[string, (log: DecisionLogger) => void, Record<string, unknown>]>([
    [
      'an internal error with its stack',
      (log) => log.failedOpen('filter', new TypeError('x is not a function')),
      {
        level: 'error',
        verb: 'filter',
        error: {
          type: 'TypeError',
          message: 'x is not a function',
          stack: expect.stringContaining('log.test.ts'),
        },
      },
    ],
    [
      'a question that was not answered',
      (log) => log.rejected('preempt', 'body: found 70000 bytes'),
      { level: 'warn', verb: 'preempt', reason: 'body: found 70000 bytes' },
    ],
    [
      'a ranking at debug',
      (log) =>
        log.ranked(
          { namespace: 'default', name: 'a' },
          { estimate: { milli: 1, source: 'default' }, scores: [], first: 'n' },
        ),
      { level: 'debug', pod: 'default/a', first: 'n' },
    ],
    [
      'an answer to preempt at debug',
      (log) => log.preempted({ namespace: 'default', name: 'a' }, ['x', 'y'], ['x']),
      { level: 'debug', pod: 'default/a', asked: 2, kept: 1 },
    ],
  ])('has %s', (_name, write, expected) => {
    expect(logged('debug', write)).toMatchObject([expected]);
  });

  it('has one line for bodies of any length that are too large', () => {
    const lines = logged('info', (log) => {
      for (const bytes of [70_000, 80_000]) log.rejected('filter', `body: found ${bytes} bytes`);
    });
    expect(lines.length).toBe(1);
  });
});

describe('the throttle', () => {
  it.each<[string, readonly (readonly [string, number])[], readonly (number | undefined)[]]>([
    ['lets the first pass', [['a', 0]], [1]],
    [
      'holds what comes too soon',
      [
        ['a', 0],
        ['a', 99],
      ],
      [1, undefined],
    ],
    [
      'tells how many it held',
      [
        ['a', 0],
        ['a', 50],
        ['a', 100],
      ],
      [1, undefined, 2],
    ],
    [
      'begins anew then',
      [
        ['a', 0],
        ['a', 100],
        ['a', 150],
        ['a', 200],
      ],
      [1, 1, undefined, 2],
    ],
    [
      'keeps keys apart',
      [
        ['a', 0],
        ['b', 1],
      ],
      [1, 1],
    ],
    [
      'forgets what is beyond its size',
      [
        ['a', 0],
        ['b', 1],
        ['c', 2],
        ['a', 3],
      ],
      [1, 1, 1, 1],
    ],
  ])('%s', (_name, events, expected) => {
    const throttle = createThrottle(100, 2);
    expect(events.map(([key, atMs]) => throttle(key, atMs))).toEqual(expected);
  });
});
