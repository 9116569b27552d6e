import { describe, expect, it } from 'vitest';
import { freshnessOf } from '../../src/placement/freshness.ts';
import { metrics, NOW_MS, SETTINGS } from '../builders.ts';

describe('freshness of metrics', () => {
  it.each([
    { name: 'never seen', metrics: undefined, freshness: 'unknown' },
    { name: 'just advanced', metrics: metrics(1), freshness: 'fresh' },
    { name: 'at the bound', metrics: metrics(1, { advancedAtMs: NOW_MS - 45_000 }), freshness: 'fresh' },
    { name: 'did not advance', metrics: metrics(1, { advancedAtMs: NOW_MS - 45_001 }), freshness: 'ageing' },
    { name: 'missing from one look', metrics: metrics(1, { missing: true }), freshness: 'ageing' },
    {
      name: 'the clock went back',
      metrics: metrics(1, { advancedAtMs: NOW_MS + 180_001 }),
      freshness: 'unknown',
    },
    { name: 'for long', metrics: metrics(1, { advancedAtMs: NOW_MS - 180_001 }), freshness: 'unknown' },
    {
      name: 'the clock of the node is no matter',
      metrics: metrics(1, { endMs: 5, advancedAtMs: NOW_MS }),
      freshness: 'fresh',
    },
  ])('$name: $freshness', ({ metrics: measured, freshness }) => {
    expect(freshnessOf(measured, SETTINGS.freshness, NOW_MS)).toBe(freshness);
  });
});
