import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { MetricsLook } from '../../../src/picture/records.ts';
import type { Rehearsal } from '../../../src/rehearsal/on-cluster/rehearsal.ts';
import { createSilences, loseScrapes } from '../../../src/rehearsal/on-cluster/silence.ts';
import type { Stage } from '../../../src/rehearsal/on-cluster/stage.ts';
import { advance } from '../../../src/rehearsal/shadow.ts';
import { createUsageBook } from '../../../src/rehearsal/usage.ts';
import { shadowOf } from '../scene.ts';

const START_MS = 1_800_000_000_000;

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

function lookOf(atMs: number, nodes: readonly string[]) {
  const sample = { usageMilli: 1, timestampMs: atMs, windowMs: 10_000 };
  const look: MetricsLook = { nodes: nodes.map((name) => ({ name, ...sample })), pods: [] };
  return { look, notBeforeMs: atMs - 500, seenAtMs: atMs + 500 };
}

it('lets scrapes succeed again when for a long time no node was measured', async () => {
  const lost = { from: '0s', to: '60s' };
  const nodes = ['edge-1', 'cloud-1'];
  const shadow = await shadowOf({ metricsServer: { lost: nodes.map((node) => ({ node, ...lost })) } });
  const looks = [lookOf(START_MS - 20_000, nodes), lookOf(START_MS - 10_000, nodes)];
  const told: string[] = [];
  const patch = async (path: string, body: object) => {
    const state = JSON.stringify(body).includes('not-scraped') ? 'lost' : 'scraped';
    told.push(`${path.split('/').at(-1)} ${state} at ${(Date.now() - START_MS) / 1000}`);
  };
  const silences = createSilences();
  for (let second = 0; second < 90; second += 1) {
    vi.setSystemTime(START_MS + second * 1000);
    advance(shadow, second * 1000);
    if (second > 0) looks.push(lookOf(Date.now(), []));
    await loseScrapes(
      { cluster: { patch } } as unknown as Rehearsal,
      { shadow, looks, startMs: START_MS } as unknown as Stage,
      silences,
      createUsageBook(),
    );
  }
  expect(told.map((text) => text.replace(/ at .*/, ''))).toEqual([
    'edge-1 lost',
    'cloud-1 lost',
    'edge-1 scraped',
    'cloud-1 scraped',
  ]);
  const backS = Number(told.at(-1)?.split(' ').at(-1));
  expect(backS).toBeGreaterThanOrEqual(60);
  expect(backS).toBeLessThan(71);
});
