import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NO_ANNOTATION_PROBLEMS, readAnnotations } from '../../src/placement/annotations.ts';
import type { Decision, DecisionResult } from '../../src/placement/decision.ts';
import { createDecisionLogger, type DecisionLogger } from '../../src/telemetry/decision-logger.ts';
import { MAX_LINES } from '../../src/telemetry/line-limit.ts';
import { createLogger, writeTo } from '../../src/telemetry/logger.ts';
import * as build from '../builders.ts';
import { UNPRINTABLE, unicode } from '../text/unicode.ts';

const MINUTE_MS = 60_000;
const RESULTS: readonly DecisionResult[] = ['edge', 'overflow', 'pending', 'overload', 'passed'];

function linesOf(level: 'info' | 'trace', write: (log: DecisionLogger) => void): readonly string[] {
  const lines: string[] = [];
  const logger = createLogger(level, { write: (line) => void lines.push(line) });
  write(createDecisionLogger(logger, () => build.NOW_MS));
  return lines;
}

function decision(name: string, over: Partial<Decision> = {}): Decision {
  return {
    pod: { uid: name, namespace: 'default', name },
    atMs: build.NOW_MS,
    policy: build.policy(),
    estimate: { milli: 100, source: 'default' },
    result: 'pending',
    reason: 'edge-above-limit',
    nodes: [],
    candidates: [],
    ...over,
  };
}

/** Names as long as a question may have them, and longer. */
const name = fc.oneof(unicode, fc.constantFrom('x'.repeat(253), '\u009b'.repeat(253), 'x'.repeat(100_000)));

const written: fc.Arbitrary<(log: DecisionLogger) => void> = fc.oneof(
  fc
    .record({ pod: name, namespace: name, node: name, result: fc.constantFrom(...RESULTS), value: name })
    .map(({ pod, namespace, node, result, value }) => (log: DecisionLogger) => {
      const candidates = [{ node, verdict: 'answered', reason: 'overflow' } as const];
      const about = { uid: pod, namespace, name: pod };
      const carried = { 'spillway.dev/site': `${value} `, [`spillway.dev/${value}`]: value };
      const { problems } = readAnnotations(carried, 0.95);
      log.decided(decision(pod, { pod: about, result, nodes: [node], candidates }), 'filter', problems);
    }),
  fc.tuple(name, name).map(([namespace, node]) => (log: DecisionLogger) => {
    const ranking = { estimate: { milli: 1, source: 'default' }, scores: [], first: node } as const;
    log.ranked({ namespace, name: node }, ranking);
    log.preempted({ namespace, name: node }, [node], []);
  }),
  name.map((reason) => (log: DecisionLogger) => log.rejected('filter', reason)),
  name.map((reason) => (log: DecisionLogger) => log.failedOpen('filter', new TypeError(reason))),
);

describe('a line of the log', () => {
  it('has short fields that are fit to show, whoever chose the names', () => {
    fc.assert(
      fc.property(written, (write) => {
        for (const line of linesOf('trace', write)) {
          expect(line).toMatch(/\n$/);
          expect(line.slice(0, -1)).not.toMatch(UNPRINTABLE);
          const { message, error, ...fields }: Record<string, unknown> = JSON.parse(line);
          expect(String(message).length).toBeLessThanOrEqual(1001);
          expect(JSON.stringify(error ?? '').length).toBeLessThan(10_000);
          for (const field of Object.values(fields)) {
            expect(String(field).length).toBeLessThanOrEqual(201);
          }
        }
      }),
    );
  });

  it('is fit to show wherever it comes from, and says the same', () => {
    fc.assert(
      fc.property(unicode, fc.jsonValue(), (text, value) => {
        const lines: string[] = [];
        const write = writeTo(createLogger('info', { write: (line) => void lines.push(line) }));
        write('info', text, { text, value });
        expect(lines.join('').slice(0, -1)).not.toMatch(UNPRINTABLE);
        expect(JSON.parse(lines[0] ?? '')).toMatchObject(
          JSON.parse(JSON.stringify({ message: text, text, value })),
        );
      }),
    );
  });
});

describe('the lines of a minute', () => {
  const flood = 5 * MAX_LINES;
  const parsed = (lines: readonly string[]) => lines.map((line): Record<string, unknown> => JSON.parse(line));

  it.each<[string, (log: DecisionLogger, index: number) => void]>([
    ['pods', (log, index) => log.decided(decision(`web-${index}`), 'filter', NO_ANNOTATION_PROBLEMS)],
    [
      'edge nodes',
      (log, index) => {
        const nodes = [`edge-${index}`];
        log.decided(decision('web', { result: 'overload', nodes }), 'filter', NO_ANNOTATION_PROBLEMS);
      },
    ],
    [
      'annotations',
      (log, index) => {
        const { problems } = readAnnotations({ [`spillway.dev/x${index}`]: '' }, 0.95);
        log.decided(decision('web', { result: 'edge' }), 'filter', problems);
      },
    ],
    ['questions', (log, index) => log.rejected('filter', `Pod: found "${'x'.repeat(index)}"`)],
    ['errors', (log, index) => log.failedOpen('filter', new Error('x'.repeat(index)))],
  ])('are bounded for as many %s as anybody likes', (_what, write) => {
    const lines = linesOf('info', (log) => {
      for (let index = 0; index < flood; index += 1) write(log, index);
    });
    expect(lines.length).toBeGreaterThan(0);
    expect(lines.length).toBeLessThanOrEqual(MAX_LINES);
  });

  it('are not those of another kind: a flood hides nothing else', () => {
    const lines = linesOf('info', (log) => {
      for (let index = 0; index < flood; index += 1)
        log.rejected('filter', `Pod: found "${'x'.repeat(index)}"`);
      log.failedOpen('filter', new Error('defect'));
      log.decided(decision('web'), 'filter', NO_ANNOTATION_PROBLEMS);
    });
    expect(parsed(lines.slice(-2)).map(({ message }) => message)).toEqual([
      'internal error, candidates passed',
      'pod stays pending: edge CPU above limit',
    ]);
  });

  it('are told of afterwards, where they were left out', () => {
    const lines = linesOf('info', (log) => {
      for (let index = 0; index < MAX_LINES + 7; index += 1) {
        log.decided(decision(`web-${index}`), 'filter', NO_ANNOTATION_PROBLEMS);
      }
      const late = decision('late', { atMs: build.NOW_MS + MINUTE_MS });
      log.decided(late, 'filter', NO_ANNOTATION_PROBLEMS);
    });
    expect(lines.length).toBe(MAX_LINES + 2);
    expect(parsed(lines.slice(-2))).toMatchObject([
      { level: 'warn', message: 'lines left out of the log', kind: 'pending', lines: 7 },
      { level: 'info', pod: 'default/late' },
    ]);
  });
});
