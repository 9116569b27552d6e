import type { MetricsLook } from '../picture/records.ts';

/** Metrics, and between which moments they took the place of those before, since the epoch. */
export interface SeenMetrics {
  readonly look: MetricsLook;
  readonly notBeforeMs: number;
  readonly seenAtMs: number;
}

/** So long after a node was asked all are served, at most: metrics-server spreads its questions by 8 ms a node. */
const SERVED_AFTER_MS = { all: 100, node: 8 } as const;
/** Timestamps are in whole seconds, cut off. */
const CUT_MS = 1000;

/** metrics-server's beat. */
export interface ScrapeBeat {
  /** One of its moments, since the epoch; to a fraction of a second. */
  readonly atMs: number;
  readonly periodMs: number;
}

/**
 * When metrics-server scrapes, from what was seen of it: the moment lies within the second of the timestamp, before
 * the sample was seen, and not long before it was not yet served. All samples together leave some hundredths of a second.
 *
 * @returns undefined: fewer than two scrapes were seen
 */
export function scrapeBeat(seen: readonly SeenMetrics[]): ScrapeBeat | undefined {
  const samples = seen.flatMap(({ look, seenAtMs, notBeforeMs }) => {
    const servedAfterMs = SERVED_AFTER_MS.all + SERVED_AFTER_MS.node * look.nodes.length;
    return look.nodes.map(({ timestampMs }) => ({
      timestampMs,
      seenAtMs,
      askedFromMs: notBeforeMs - servedAfterMs,
    }));
  });
  const stamps = [...new Set(samples.map(({ timestampMs }) => timestampMs))].sort(
    (one, other) => one - other,
  );
  const [first] = stamps;
  const periodMs = periodOf(seen, stamps);
  if (first === undefined || periodMs === undefined) return undefined;
  let [earliest, latest] = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
  for (const { timestampMs, seenAtMs, askedFromMs } of samples) {
    const before = Math.round((timestampMs - first) / periodMs) * periodMs;
    earliest = Math.max(earliest, Math.max(timestampMs, askedFromMs) - before);
    latest = Math.min(latest, Math.min(timestampMs + CUT_MS, seenAtMs) - before);
  }
  return { atMs: (earliest + latest) / 2, periodMs };
}

/** The first moment from `fromMs` on that lies `phaseMs` before a scrape: there a trace's time can begin. */
export function startBefore({ atMs, periodMs }: ScrapeBeat, phaseMs: number, fromMs: number): number {
  const turns = Math.ceil((fromMs - (atMs - phaseMs)) / periodMs);
  return atMs - phaseMs + turns * periodMs;
}

/** Nodes are scraped within a second or so of each other: their stamps differ by that. */
const SAME_SCRAPE_MS = 3000;

/**
 * The time over which samples are means, which is that between two scrapes, in whole seconds: a node that missed
 * one begins anew. Stamps would not do: of nodes that are scraped around the turn of a second they differ by one.
 */
function periodOf(seen: readonly SeenMetrics[], stamps: readonly number[]): number | undefined {
  const [first, last] = [stamps[0], stamps.at(-1)];
  if (first === undefined || last === undefined || last - first <= SAME_SCRAPE_MS) return undefined;
  const windows = seen.flatMap(({ look }) => look.nodes.map(({ windowMs }) => windowMs));
  return Math.round(Math.min(...windows) / 1000) * 1000;
}
