import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ScrapeBeat } from '../../src/rehearsal/scrapes.ts';
import { advance, podGone, type Shadow } from '../../src/rehearsal/shadow.ts';
import {
  createUsageBook,
  meansSinceScrape,
  noteScrape,
  type UsageBook,
  usedSince,
} from '../../src/rehearsal/usage.ts';
import { clockMs, type SimNode } from '../../src/simulator/model/world.ts';
import { WORKLOAD } from '../simulator/traces.ts';
import { readyOn, shadowOf } from './scene.ts';

const RAMP = [
  {
    type: 'recordedCpu',
    deployment: WORKLOAD,
    points: [
      { at: '0s', cpu: '0m' },
      { at: '60s', cpu: '600m' },
    ],
  },
];

function nodeOf({ world }: Shadow, name: string): SimNode {
  const node = world.nodes.get(name);
  if (node === undefined) throw new Error(`no node ${name}`);
  return node;
}

/** The means at each second up to this one, of which the last are given. */
function beatsTo(
  shadow: Shadow,
  book: UsageBook,
  second: number,
  { from = 0, beat }: { readonly from?: number; readonly beat?: ScrapeBeat | undefined } = {},
): ReadonlyMap<string, number> {
  let means: ReadonlyMap<string, number> = new Map();
  for (let at = from; at <= second; at += 1) {
    advance(shadow, at * 1000);
    means = meansSinceScrape(shadow, book, nodeOf(shadow, 'edge-1'), beat);
  }
  return means;
}

describe('what a pod says that it uses', () => {
  test('is its mean since the scrape before, not what it uses at the moment', async () => {
    const shadow = await shadowOf({ load: RAMP });
    readyOn(shadow, 'edge-1', 'p');
    const book = createUsageBook();
    beatsTo(shadow, book, 20);
    noteScrape(book, 'edge-1', 20_000);
    // It rises by 10m a second: from 200m to 300m.
    expect(beatsTo(shadow, book, 30, { from: 21 }).get('p')).toBeCloseTo(250);
  });

  test('is its mean from the moment of the one to that of the next, where the beat is known', async () => {
    const shadow = await shadowOf({ load: RAMP });
    readyOn(shadow, 'edge-1', 'p');
    const book = createUsageBook();
    beatsTo(shadow, book, 21);
    // At 20.6 s; the stamp has whole seconds.
    noteScrape(book, 'edge-1', 20_000);
    const said = (beat?: ScrapeBeat) => {
      const pages = { ...book, pages: new Map(book.pages) };
      return beatsTo(shadow, pages, 30, { from: 30, beat }).get('p') ?? 0;
    };
    beatsTo(shadow, book, 29, { from: 22 });
    // From 206m to 306m; it goes on to 30.6 s as from 29 s to 30 s.
    expect(said({ atMs: clockMs(10_600), periodMs: 10_000 })).toBeGreaterThan(255);
    expect(said({ atMs: clockMs(10_600), periodMs: 10_000 })).toBeLessThanOrEqual(256);
    // It may still come.
    advance(shadow, 31_000);
    expect(said({ atMs: clockMs(10_600), periodMs: 10_000 })).toBeCloseTo(256, 0);
    // The beat of a metrics-server that was started anew meanwhile.
    expect(said({ atMs: clockMs(34_000), periodMs: 10_000 })).toBeLessThan(275);
  });

  test('is nothing for one that began after the scrape until it did, and counts it from then on', async () => {
    const shadow = await shadowOf();
    const book = createUsageBook();
    beatsTo(shadow, book, 10);
    noteScrape(book, 'edge-1', 10_000);
    beatsTo(shadow, book, 15, { from: 11 });
    readyOn(shadow, 'edge-1', 'p');
    expect(beatsTo(shadow, book, 20, { from: 16 }).get('p')).toBeCloseTo(50);
  });

  test('counts from the scrape before the start, when what is not of a Deployment ran already', async () => {
    const overhead = { type: 'recordedCpu', node: 'edge-1', points: [{ at: '0s', cpu: '40m' }] };
    const shadow = await shadowOf({ load: [...RAMP, overhead] });
    const book = createUsageBook();
    noteScrape(book, 'edge-1', -15_000);
    readyOn(shadow, 'edge-1', 'p');
    // 0m to 50m, and before that nothing for 15 s.
    const means = beatsTo(shadow, book, 5);
    expect(means.get('p')).toBeCloseTo((25 * 5) / 20);
    expect(means.get('')).toBeCloseTo(40);
  });

  test('is not said of one that is gone', async () => {
    const shadow = await shadowOf();
    readyOn(shadow, 'edge-1', 'p');
    const book = createUsageBook();
    beatsTo(shadow, book, 5);
    podGone(shadow, 'p');
    expect([...beatsTo(shadow, book, 6, { from: 6 }).keys()]).toEqual(['']);
  });

  test('a scrape that is heard of late does not take the place of a later one', async () => {
    const book = createUsageBook();
    noteScrape(book, 'edge-1', 20_000);
    noteScrape(book, 'edge-1', 10_000);
    expect(book.scrapedAtMs.get('edge-1')).toBe(clockMs(20_000));
  });

  test('KWOK, which takes it for all the time since the scrape, counts what was used', async () => {
    const gap = fc.integer({ min: 2, max: 20 });
    await fc.assert(
      fc.asyncProperty(fc.array(gap, { minLength: 1, maxLength: 5 }), async (gaps) => {
        const shadow = await shadowOf({ load: RAMP });
        readyOn(shadow, 'edge-1', 'p');
        const book = createUsageBook();
        beatsTo(shadow, book, 0);
        noteScrape(book, 'edge-1', 0);
        let [counted, second] = [0, 0];
        for (const seconds of gaps) {
          const milli = beatsTo(shadow, book, second + seconds, { from: second + 1 }).get('p') ?? 0;
          counted += milli * seconds * 1000;
          second += seconds;
          noteScrape(book, 'edge-1', second * 1000);
        }
        const used = shadow.cpu.accounts.get(nodeOf(shadow, 'edge-1'))?.used ?? 0;
        expect(counted).toBeCloseTo(used, 3);
      }),
      { numRuns: 30 },
    );
  });
});

test('what a node used since a moment is the mean of all that is on it', async () => {
  const shadow = await shadowOf({
    load: [...RAMP, { type: 'recordedCpu', node: 'edge-1', points: [{ at: '0s', cpu: '40m' }] }],
  });
  readyOn(shadow, 'edge-1', 'p');
  const book = createUsageBook();
  beatsTo(shadow, book, 30);
  expect(usedSince(book, 'edge-1', clockMs(20_000))).toBeCloseTo(250 + 40);
  expect(usedSince(book, 'edge-1', clockMs(30_000))).toBe(0);
  expect(usedSince(book, 'unknown', clockMs(0))).toBe(0);
});
