import type { FreshnessSettings, NodeMetrics } from './types.ts';

/** `fresh`: as measured. `ageing`: the last good values, taken carefully. `unknown`: by configuration. */
export type Freshness = 'fresh' | 'ageing' | 'unknown';

/**
 * Judged by whether the sample's timestamp advances, on the local clock: the timestamp itself is the
 * node's, which may be wrong. metrics-server drops a node from its list after one failed scrape, and a
 * saturated edge node fails scrapes: a node that is missing is ageing at once, never idle.
 */
export function freshnessOf(
  metrics: NodeMetrics | undefined,
  settings: FreshnessSettings,
  nowMs: number,
): Freshness {
  if (metrics === undefined) return 'unknown';
  // Either way: once the local clock was set back, nothing is known of the age until the next sample.
  const ageMs = Math.abs(nowMs - metrics.advancedAtMs);
  if (ageMs > settings.unknownAfterMs) return 'unknown';
  if (metrics.missing || ageMs > settings.ageingAfterMs) return 'ageing';
  return 'fresh';
}
