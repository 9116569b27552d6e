import type { Tier } from '../placement/types.ts';
import type { ResponseBucket, ResponseSummary } from './result.ts';

/** Every request of a workload that ended, in the order of their ends: one in each row of the columns. */
export interface Responses {
  readonly rows: number;
  readonly sentAtMs: Float64Array;
  readonly endedAtMs: Float64Array;
  /** Index in ANSWERED_BY. */
  readonly tier: Uint8Array;
  /** 1: it was answered; 0: it failed. */
  readonly ok: Uint8Array;
}

export interface ResponseFilter {
  /** The moments at which it ended: from this one on ... */
  readonly fromMs?: number | undefined;
  /** ... to before this one. */
  readonly toMs?: number | undefined;
  /** Undefined: any, and those that no pod could take. */
  readonly tier?: Tier | undefined;
}

/** A log of responses that still grows: its columns are longer than it has rows. */
export interface ResponseLog extends Omit<Responses, 'rows'> {
  rows: number;
  sentAtMs: Float64Array;
  endedAtMs: Float64Array;
  tier: Uint8Array;
  ok: Uint8Array;
}

const ANSWERED_BY = [undefined, 'edge', 'cloud'] as const;
const SECOND_MS = 1000;
const FIRST_ROWS = 256;
const QUANTILES = [0.5, 0.9, 0.95, 0.99] as const;

export function createResponseLog(): ResponseLog {
  return {
    rows: 0,
    sentAtMs: new Float64Array(FIRST_ROWS),
    endedAtMs: new Float64Array(FIRST_ROWS),
    tier: new Uint8Array(FIRST_ROWS),
    ok: new Uint8Array(FIRST_ROWS),
  };
}

export function addAnswer(
  log: ResponseLog,
  sentAtMs: number,
  endedAtMs: number,
  tier: Tier | undefined,
): void {
  const row = addRow(log, sentAtMs, endedAtMs, tier);
  log.ok[row] = 1;
}

/** @param tier undefined: no pod could take the request */
export function addFailure(
  log: ResponseLog,
  sentAtMs: number,
  endedAtMs: number,
  tier: Tier | undefined,
): void {
  const row = addRow(log, sentAtMs, endedAtMs, tier);
  log.ok[row] = 0;
}

function addRow(log: ResponseLog, sentAtMs: number, endedAtMs: number, tier: Tier | undefined): number {
  const row = log.rows;
  if (row === log.ok.length) grow(log, row * 2);
  log.sentAtMs[row] = sentAtMs;
  log.endedAtMs[row] = endedAtMs;
  log.tier[row] = ANSWERED_BY.indexOf(tier);
  log.rows += 1;
  return row;
}

function grow(log: ResponseLog, length: number): void {
  const { sentAtMs, endedAtMs, tier, ok } = log;
  log.sentAtMs = new Float64Array(length);
  log.sentAtMs.set(sentAtMs);
  log.endedAtMs = new Float64Array(length);
  log.endedAtMs.set(endedAtMs);
  log.tier = new Uint8Array(length);
  log.tier.set(tier);
  log.ok = new Uint8Array(length);
  log.ok.set(ok);
}

/** @returns undefined when there were none */
export function summarise(responses: Responses, filter: ResponseFilter = {}): ResponseSummary | undefined {
  const chosen = rowsOf(responses, filter);
  return chosen.length === 0 ? undefined : summaryOf(responses, chosen);
}

function rowsOf(responses: Responses, filter: ResponseFilter): readonly number[] {
  const { fromMs = Number.NEGATIVE_INFINITY, toMs = Number.POSITIVE_INFINITY, tier } = filter;
  const { endedAtMs, rows } = responses;
  const chosen: number[] = [];
  for (let row = firstRow(responses, fromMs); row < rows && (endedAtMs[row] ?? toMs) < toMs; row += 1) {
    if (tier === undefined || ANSWERED_BY[responses.tier[row] ?? 0] === tier) chosen.push(row);
  }
  return chosen;
}

/** The times of those that succeeded, from the shortest on, and how many failed. */
export function timesOf(
  responses: Responses | undefined,
  filter: ResponseFilter = {},
): { readonly succeededMs: Float64Array; readonly failed: number } {
  const succeededMs: number[] = [];
  let failed = 0;
  for (const row of responses === undefined ? [] : rowsOf(responses, filter)) {
    const ms = (responses?.endedAtMs[row] ?? 0) - (responses?.sentAtMs[row] ?? 0);
    if (responses?.ok[row] === 1) succeededMs.push(ms);
    else failed += 1;
  }
  return { succeededMs: Float64Array.from(succeededMs).sort(), failed };
}

/** By the second in which they ended, and the tier that answered. */
export function bucketsOf(responses: Responses): readonly ResponseBucket[] {
  const { endedAtMs, rows } = responses;
  const buckets: ResponseBucket[] = [];
  for (let row = 0; row < rows; ) {
    const fromMs = Math.floor((endedAtMs[row] ?? 0) / SECOND_MS) * SECOND_MS;
    const toMs = fromMs + SECOND_MS;
    const byTier: number[][] = ANSWERED_BY.map(() => []);
    for (; row < rows && (endedAtMs[row] ?? toMs) < toMs; row += 1) {
      byTier[responses.tier[row] ?? 0]?.push(row);
    }
    byTier.forEach((chosen, index) => {
      if (chosen.length === 0) return;
      buckets.push({ fromMs, toMs, tier: ANSWERED_BY[index], ...summaryOf(responses, chosen) });
    });
  }
  return buckets;
}

function summaryOf({ sentAtMs, endedAtMs, ok }: Responses, chosen: readonly number[]): ResponseSummary {
  const good = chosen.filter((row) => ok[row] === 1);
  const times = Float64Array.from(good, (row) => (endedAtMs[row] ?? 0) - (sentAtMs[row] ?? 0)).sort();
  const count = times.length;
  const at = (rank: number) => rounded(times[rank - 1] ?? 0);
  const [p50Ms = 0, p90Ms = 0, p95Ms = 0, p99Ms = 0] = QUANTILES.map((ratio) => at(Math.ceil(ratio * count)));
  const meanMs = count === 0 ? 0 : rounded(times.reduce((sum, ms) => sum + ms, 0) / count);
  const failed = chosen.length - count;
  return { succeeded: count, failed, meanMs, p50Ms, p90Ms, p95Ms, p99Ms, maxMs: at(count) };
}

function firstRow({ endedAtMs, rows }: Responses, fromMs: number): number {
  let low = 0;
  let high = rows;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((endedAtMs[middle] ?? fromMs) < fromMs) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** To a microsecond: the virtual clock has no finer steps. */
function rounded(ms: number): number {
  return Math.round(ms * 1000) / 1000;
}
