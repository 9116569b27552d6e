import { settleNode } from '../simulator/model/cpu.ts';
import { clockMs, type SimNode } from '../simulator/model/world.ts';
import type { Shadow } from './shadow.ts';

/**
 * What pods are to say that they use. KWOK counts up CPU when it is scraped, as if what a pod says then had
 * held since the scrape before. So a pod says the mean since that scrape, and the counters come out as if the
 * pod had really run.
 */
export interface UsageBook {
  /** What each had used at each of the last beats, by node. */
  readonly pages: Map<string, UsagePage[]>;
  /** When each node was last scraped, on the shadow's clock. */
  readonly scrapedAtMs: Map<string, number>;
}

interface UsagePage {
  readonly atMs: number;
  /** By the uid of a pod; under '' what no pod accounts for. Millicore-milliseconds. */
  readonly used: ReadonlyMap<string, number>;
}

/** Longer ago than a node is scraped, several times. */
const KEEP_MS = 180_000;

export function createUsageBook(): UsageBook {
  return { pages: new Map(), scrapedAtMs: new Map() };
}

/** @param sinceStartMs the timestamp of the node's metrics */
export function noteScrape({ scrapedAtMs }: UsageBook, node: string, sinceStartMs: number): void {
  const atMs = clockMs(sinceStartMs);
  if (atMs > (scrapedAtMs.get(node) ?? Number.NEGATIVE_INFINITY)) scrapedAtMs.set(node, atMs);
}

/**
 * Writes down what was used until now.
 *
 * @returns millicores by the uid of the pod, under '' what no pod of the node accounts for: the mean since the
 *   node was last scraped
 */
export function meansSinceScrape(
  shadow: Shadow,
  book: UsageBook,
  node: SimNode,
): ReadonlyMap<string, number> {
  const { cpu, world } = shadow;
  const account = settleNode(cpu, node);
  if (account === undefined) return new Map();
  const { nowMs } = world.timeline;
  const used = new Map([['', account.usedByOverhead]]);
  for (const pod of node.pods) used.set(pod.uid, account.usedByPod.get(pod) ?? 0);
  const pages = (book.pages.get(node.name) ?? []).filter(({ atMs }) => atMs > nowMs - KEEP_MS);
  book.pages.set(node.name, [...pages, { atMs: nowMs, used }]);
  const since = pageAt(pages, book.scrapedAtMs.get(node.name) ?? Number.NEGATIVE_INFINITY);
  if (since === undefined || since.atMs === nowMs) return new Map();
  return new Map(
    Array.from(used, ([uid, amount]) => {
      // Counters begin at 0 again when containers start.
      const before = Math.min(since.used.get(uid) ?? 0, amount);
      return [uid, (amount - before) / (nowMs - since.atMs)];
    }),
  );
}

/** What the node used since then, in millicores, up to the last page; pods that are gone are not in it. */
export function usedSince({ pages }: UsageBook, node: string, sinceMs: number): number {
  const ofNode = pages.get(node) ?? [];
  const last = ofNode.at(-1);
  const since = pageAt(ofNode, sinceMs);
  if (last === undefined || since === undefined || last.atMs <= since.atMs) return 0;
  let amount = 0;
  for (const [uid, used] of last.used) amount += used - Math.min(since.used.get(uid) ?? 0, used);
  return amount / (last.atMs - since.atMs);
}

/** The last page at or before a time, else the first of all. */
function pageAt(pages: readonly UsagePage[], atMs: number): UsagePage | undefined {
  return pages.findLast((page) => page.atMs <= atMs) ?? pages[0];
}
