import { expect, test } from 'vitest';
import { createLostScrapes, decideScrapes } from '../../src/rehearsal/lost-scrapes.ts';
import { advance } from '../../src/rehearsal/shadow.ts';
import { changeState } from '../../src/rehearsal/silence.ts';
import { shadowOf } from './scene.ts';

const START_MS = Date.parse('2026-01-01T00:00:00Z');
/** Scrapes 5, 15, 25 … seconds after the start. */
const BEAT = { atMs: START_MS + 5000, periodMs: 10_000 };

/** Which nodes fail each scrape of the first minute, by the second at which it is decided. */
async function failuresOf(metricsServer: object, usageMilli = 0, lost?: string) {
  const shadow = await shadowOf({ metricsServer });
  if (lost !== undefined) changeState(shadow, { node: lost, state: 'lost', what: '' });
  const scrapes = createLostScrapes();
  const decided: Record<string, readonly string[]> = {};
  for (let second = 0; second < 60; second += 1) {
    advance(shadow, second * 1000);
    const before = scrapes.decidedMs;
    const nowMs = START_MS + second * 1000 + 100;
    const changes = decideScrapes(shadow, scrapes, { beat: BEAT, nowMs, usageMilli: () => usageMilli });
    for (const [node, fails] of changes) {
      if (fails) scrapes.failing.add(node);
      else scrapes.failing.delete(node);
    }
    if (scrapes.decidedMs !== before) decided[second] = [...scrapes.failing];
  }
  return decided;
}

test('each scrape is decided on once, within two seconds before it', async () => {
  expect(Object.keys(await failuresOf({}))).toEqual(['3', '13', '23', '33', '43', '53']);
});

test('scrapes fail between the times that the trace says', async () => {
  const lost = [{ node: 'edge-1', from: '10s', to: '30s' }];
  expect(await failuresOf({ lost })).toEqual({
    3: [],
    13: ['edge-1'],
    23: ['edge-1'],
    33: [],
    43: [],
    53: [],
  });
});

test.each([
  { above: 0.9, usageMilli: 950, fails: ['edge-1'] },
  { above: 0.9, usageMilli: 850, fails: [] },
])(
  'a node of 1000m that uses $usageMilli m fails above $above: $fails',
  async ({ above, usageMilli, fails }) => {
    const failures = [{ tier: 'edge', saturatedAbove: above }];
    expect((await failuresOf({ failures }, usageMilli))[3]).toEqual(fails);
  },
);

test('a node that is silent cannot be scraped', async () => {
  expect((await failuresOf({}, 0, 'cloud-1'))[13]).toEqual(['cloud-1']);
});

test('chance fails about as many as the trace says', async () => {
  const failures = [{ node: 'edge-1', probability: 0.5 }];
  const failed = Object.values(await failuresOf({ failures })).filter((nodes) => nodes.length > 0);
  expect(failed.length).toBeGreaterThan(0);
  expect(failed.length).toBeLessThan(6);
});
