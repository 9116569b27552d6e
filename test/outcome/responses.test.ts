import { describe, expect, it } from 'vitest';
import {
  addAnswer,
  addFailure,
  bucketsOf,
  createResponseLog,
  type ResponseFilter,
  summarise,
} from '../../src/outcome/responses.ts';

/** Ten from the edge, 10 ms to 100 ms, one each 200 ms; then one from the cloud, and two that failed. */
function logged() {
  const log = createResponseLog();
  for (let index = 1; index <= 10; index += 1) {
    addAnswer(log, index * 200 - index * 10, index * 200, 'edge');
  }
  addAnswer(log, 2000, 2500, 'cloud');
  addFailure(log, 2400, 2600, 'cloud');
  addFailure(log, 2700, 2700, undefined);
  return log;
}

describe('a summary of responses', () => {
  it.each<{ what: string; filter: ResponseFilter; summary: object }>([
    {
      what: 'of all, with quantiles by nearest rank of those that succeeded',
      filter: {},
      summary: { succeeded: 11, failed: 2, meanMs: 95.455, p50Ms: 60, p90Ms: 100, p99Ms: 500, maxMs: 500 },
    },
    {
      what: 'of a tier',
      filter: { tier: 'edge' },
      summary: { succeeded: 10, failed: 0, meanMs: 55, p50Ms: 50, p90Ms: 90, p95Ms: 100, maxMs: 100 },
    },
    {
      what: 'of a span, its end excluded',
      filter: { fromMs: 400, toMs: 800 },
      summary: { succeeded: 2, maxMs: 30 },
    },
    {
      what: 'in which all failed',
      filter: { fromMs: 2600 },
      summary: { succeeded: 0, failed: 2, meanMs: 0, p50Ms: 0, maxMs: 0 },
    },
  ])('$what', ({ filter, summary }) => {
    expect(summarise(logged(), filter)).toMatchObject(summary);
  });

  it.each<ResponseFilter>([
    { fromMs: 9000 },
    { toMs: 200 },
    { fromMs: 500, toMs: 500 },
    { fromMs: 2600, tier: 'edge' },
  ])('is none when nothing ended then: %o', (filter) => {
    expect(summarise(logged(), filter)).toBeUndefined();
  });

  it('has all of many', () => {
    const log = createResponseLog();
    for (let ms = 1; ms <= 10_000; ms += 1) addAnswer(log, 0, ms, 'edge');
    expect(summarise(log)).toMatchObject({ succeeded: 10_000, p50Ms: 5000, p99Ms: 9900, maxMs: 10_000 });
  });
});

describe('responses by the second', () => {
  it('are apart by the tier that answered, and leave out empty seconds', () => {
    const rows = bucketsOf(logged()).map(({ fromMs, tier, succeeded, failed }) => [
      fromMs,
      tier,
      succeeded,
      failed,
    ]);
    expect(rows).toEqual([
      [0, 'edge', 4, 0],
      [1000, 'edge', 5, 0],
      [2000, undefined, 0, 1],
      [2000, 'edge', 1, 0],
      [2000, 'cloud', 1, 1],
    ]);
  });

  it('are none of nothing', () => {
    expect(bucketsOf(createResponseLog())).toEqual([]);
  });
});
