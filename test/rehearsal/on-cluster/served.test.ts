import { expect, it } from 'vitest';
import type { MetricsReader } from '../../../src/kubernetes/metrics-reader.ts';
import type { NodeUsage } from '../../../src/picture/records.ts';
import { timedReader } from '../../../src/rehearsal/on-cluster/served.ts';

const SIGNAL = new AbortController().signal;

/** An answer: when it was asked for, when it came, and the stamps of the nodes in it; none: it failed. */
interface Answer {
  readonly askedMs: number;
  readonly answeredMs: number;
  readonly stamps?: readonly number[];
}

async function servedAfter(answers: readonly Answer[]) {
  let clockMs = 0;
  const left = [...answers];
  const source: MetricsReader = {
    pods: async () => ({ ok: true, value: [] }),
    nodes: async () => {
      const { answeredMs = 0, stamps } = left.shift() ?? {};
      clockMs = answeredMs;
      if (stamps === undefined) return { ok: false, failure: { message: 'down' } } as never;
      const usage = (timestampMs: number, index: number): NodeUsage => ({
        name: `node-${index}`,
        usageMilli: 1,
        timestampMs,
        windowMs: 10_000,
      });
      return { ok: true, value: stamps.map(usage) };
    },
  };
  const { reader, served } = timedReader(source, () => clockMs);
  for (const { askedMs } of answers) {
    clockMs = askedMs;
    await reader.nodes(SIGNAL);
  }
  return served();
}

it.each<{ what: string; answers: readonly Answer[]; notBeforeMs: number; seenAtMs: number }>([
  {
    what: 'nothing is known of a scrape that was there when it was first asked',
    answers: [{ askedMs: 100, answeredMs: 110, stamps: [0] }],
    notBeforeMs: Number.NEGATIVE_INFINITY,
    seenAtMs: 110,
  },
  {
    what: 'a scrape is served between the last answer without it and the first with it',
    answers: [
      { askedMs: 100, answeredMs: 110, stamps: [0, 0] },
      { askedMs: 200, answeredMs: 215, stamps: [0, 0] },
      { askedMs: 300, answeredMs: 320, stamps: [10_000, 10_000] },
      { askedMs: 400, answeredMs: 410, stamps: [10_000, 10_000] },
    ],
    notBeforeMs: 200,
    seenAtMs: 320,
  },
  {
    what: 'an answer that failed says nothing',
    answers: [
      { askedMs: 100, answeredMs: 110, stamps: [0] },
      { askedMs: 200, answeredMs: 900 },
      { askedMs: 1000, answeredMs: 1010, stamps: [10_000] },
    ],
    notBeforeMs: 100,
    seenAtMs: 1010,
  },
  {
    what: 'nodes that are missing or back make no new scrape',
    answers: [
      { askedMs: 100, answeredMs: 110, stamps: [0, 0] },
      { askedMs: 200, answeredMs: 210, stamps: [10_000, 10_000] },
      { askedMs: 300, answeredMs: 310, stamps: [] },
      { askedMs: 400, answeredMs: 410, stamps: [10_000] },
    ],
    notBeforeMs: 100,
    seenAtMs: 210,
  },
])('$what', async ({ answers, notBeforeMs, seenAtMs }) => {
  expect(await servedAfter(answers)).toEqual({ notBeforeMs, seenAtMs });
});
