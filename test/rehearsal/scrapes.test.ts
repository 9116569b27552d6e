import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type SeenMetrics, scrapeBeat, startBefore } from '../../src/rehearsal/scrapes.ts';

const EPOCH_MS = Date.parse('2026-01-01T00:00:00Z');

/** A scrape as it is served and seen: its timestamp has whole seconds. */
function seenAfter(scrapedAtMs: number, delayMs: number, windowMs = 10_000, pollMs = 1000): SeenMetrics {
  const timestampMs = Math.floor(scrapedAtMs / 1000) * 1000;
  const node = { name: 'edge-1', usageMilli: 1, timestampMs, windowMs };
  const seenAtMs = scrapedAtMs + delayMs;
  return { look: { nodes: [node], pods: [] }, notBeforeMs: seenAtMs - pollMs, seenAtMs };
}

describe('the beat of metrics-server', () => {
  test.each([{ scrapes: 0 }, { scrapes: 1 }])('is not known after $scrapes scrapes', ({ scrapes }) => {
    const seen = Array.from({ length: scrapes }, () => seenAfter(EPOCH_MS, 100));
    expect(scrapeBeat(seen)).toBeUndefined();
  });

  test('is known to a second, whatever fraction of it the timestamps leave out', () => {
    const phase = fc.integer({ min: 0, max: 14_999 });
    const delays = fc.array(fc.integer({ min: 1, max: 1100 }), { minLength: 2, maxLength: 8 });
    fc.assert(
      fc.property(phase, delays, fc.constantFrom(10_000, 15_000, 60_000), (phaseMs, delaysMs, periodMs) => {
        const seen = delaysMs.map((delayMs, index) =>
          seenAfter(EPOCH_MS + phaseMs + index * periodMs, delayMs, periodMs + 7),
        );
        const beat = scrapeBeat(seen);
        expect(beat?.periodMs).toBe(periodMs);
        const offMs = ((beat?.atMs ?? 0) - EPOCH_MS - phaseMs) % periodMs;
        expect(Math.min(Math.abs(offMs), periodMs - Math.abs(offMs))).toBeLessThanOrEqual(600);
      }),
    );
  });

  test.each([0, 250, 990])('is known to a tenth of a second by who looks so often, %i ms into one', (ms) => {
    const seen = [0, 10_000].map((turn) => seenAfter(EPOCH_MS + turn + ms, 40, 10_000, 100));
    const beat = scrapeBeat(seen);
    expect(Math.abs((beat?.atMs ?? 0) - EPOCH_MS - ms)).toBeLessThanOrEqual(100);
  });

  test('is not that of a scrape that failed in between', () => {
    const seen = [0, 10, 30, 40].map((second) => seenAfter(EPOCH_MS + second * 1000 + 300, 200));
    expect(scrapeBeat(seen)?.periodMs).toBe(10_000);
  });

  test('nodes that are scraped around the turn of a second are scraped at once', () => {
    const seen = [0, 10_000].flatMap((ms) => [
      seenAfter(EPOCH_MS + ms + 990, 300),
      seenAfter(EPOCH_MS + ms + 1010, 300),
    ]);
    expect(scrapeBeat(seen)?.periodMs).toBe(10_000);
  });
});

test('a trace begins so that the next scrape has its phase, and not in the past', () => {
  const whole = fc.integer({ min: 0, max: 100_000 });
  fc.assert(
    fc.property(whole, whole, fc.integer({ min: 0, max: 9999 }), (atMs, fromMs, phaseMs) => {
      const startMs = startBefore({ atMs, periodMs: 10_000 }, phaseMs, fromMs);
      expect(startMs).toBeGreaterThanOrEqual(fromMs);
      expect(startMs).toBeLessThan(fromMs + 10_000);
      expect(Math.abs(startMs + phaseMs - atMs) % 10_000).toBe(0);
    }),
  );
});
