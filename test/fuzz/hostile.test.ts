import { beforeAll, describe, expect, it } from 'vitest';
import { wholeNumber } from '../fidelity/options.ts';
import { play } from './play.ts';
import { CRITERIA, judge, type Run } from './report.ts';

const REQUESTS = 20_000;
/** A run in which hardly anything was asked, or in which nothing was refused, holds nothing. */
const LEAST_GOOD_QUESTIONS = 1000;

describe('hostile requests, pods and annotations, in the memory of the manifest', () => {
  let run: Run;

  beforeAll(async () => {
    run = await play({ seed: wholeNumber('SEED', 1), from: 0, to: REQUESTS });
  });

  it.each(CRITERIA)('%s', (criterion) => {
    expect(judge(run)[criterion]).toEqual([]);
  });

  it('were all played, and refused or answered, while good questions were asked', () => {
    expect(run.requests).toBe(REQUESTS);
    const seen = new Set(run.families.flatMap(({ statuses }) => [...statuses.keys()]));
    for (const status of [200, 400, 404, 405, 413]) expect(seen).toContain(status);
    expect(run.good.asked).toBeGreaterThan(LEAST_GOOD_QUESTIONS);
  });
});
