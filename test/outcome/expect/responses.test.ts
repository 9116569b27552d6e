import { describe, expect, it } from 'vitest';
import { addAnswer, addFailure, createResponseLog } from '../../../src/outcome/responses.ts';
import { outcomeOf, START_MS } from './runs.ts';

/** Ten answers of 10 ms to 100 ms, one each second; the odd ones from the edge. One request failed at 20 s. */
function responses() {
  const log = createResponseLog();
  for (let index = 1; index <= 10; index += 1) {
    const endedAtMs = START_MS + index * 1000;
    addAnswer(log, endedAtMs - index * 10, endedAtMs, index % 2 === 1 ? 'edge' : 'cloud');
  }
  addFailure(log, START_MS + 19_000, START_MS + 20_000, undefined);
  return new Map([['fn/web', log]]);
}

describe('responseTime', () => {
  it.each([
    { over: { atMost: '100ms' }, held: true, found: '100 ms of 10 answers' },
    { over: { atMost: '99ms' }, held: false, found: '100 ms of 10 answers' },
    { over: { quantile: 0.5, atMost: '50ms' }, held: true, found: '50 ms of 10 answers' },
    { over: { quantile: 0.5, atLeast: '51ms' }, held: false, found: '50 ms of 10 answers' },
    { over: { quantile: 0.01, atLeast: '10ms', atMost: '10ms' }, held: true, found: '10 ms of 10 answers' },
    { over: { tier: 'edge', quantile: 1, atMost: '90ms' }, held: true, found: '90 ms of 5 answers' },
    { over: { from: '2s', to: '4s', quantile: 1, atMost: '30ms' }, held: true, found: '30 ms of 2 answers' },
    { over: { from: '50s', atMost: '1s' }, held: false, found: 'no answer' },
  ])('$over: $held', async ({ over, held, found }) => {
    const expectation = { type: 'responseTime', workload: 'fn/web', ...over };
    const outcome = await outcomeOf(expectation, { responses: responses() });
    expect(outcome).toMatchObject({ held, found });
  });
});

describe('failedRequests', () => {
  it.each([
    { over: {}, held: false, found: '1 of 11' },
    { over: { atMostRatio: 0.1 }, held: true, found: '1 of 11' },
    { over: { atMostRatio: 0.09 }, held: false, found: '1 of 11' },
    { over: { to: '15s' }, held: true, found: '0 of 10' },
    { over: { from: '50s' }, held: false, found: 'no request' },
  ])('$over: $held', async ({ over, held, found }) => {
    const expectation = { type: 'failedRequests', workload: 'fn/web', ...over };
    expect(await outcomeOf(expectation, { responses: responses() })).toMatchObject({ held, found });
  });
});
