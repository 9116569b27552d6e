import { settleNode } from '../simulator/model/cpu.ts';
import { clockMs, type SimNode } from '../simulator/model/world.ts';
import type { ScrapeBeat } from './scrapes.ts';
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
/** Longer than from one scrape to the next. */
const BEFORE_START_MS = 120_000;
/** The first page of a node that was there at the start is written within this time. */
const SET_UP_MS = 5000;
const HALF_SECOND_MS = 500;
/** So long after its moment a scrape is seen at the latest. */
const LATE_MS = 1500;

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
 * @param beat metrics-server's, on the shadow's clock; undefined: not known yet
 * @returns millicores by the uid of the pod, under '' what no pod of the node accounts for: the mean from the last
 *   scrape to the next one, up to which each goes on as it did since the page before
 */
export function meansSinceScrape(
  shadow: Shadow,
  book: UsageBook,
  node: SimNode,
  beat?: ScrapeBeat,
): ReadonlyMap<string, number> {
  const { cpu, world } = shadow;
  const account = settleNode(cpu, node);
  if (account === undefined) return new Map();
  const { nowMs } = world.timeline;
  const used = new Map([['', account.usedByOverhead]]);
  for (const pod of node.pods) used.set(pod.uid, account.usedByPod.get(pod) ?? 0);
  const earlier = (book.pages.get(node.name) ?? pagesBefore(shadow, node)).filter(
    ({ atMs }) => atMs > nowMs - KEEP_MS && atMs < nowMs,
  );
  const pages = [...earlier, { atMs: nowMs, used }];
  book.pages.set(node.name, pages);
  const [first, last] = [earlier[0], earlier.at(-1)];
  if (first === undefined || last === undefined) return new Map();
  const stampMs = book.scrapedAtMs.get(node.name) ?? Math.max(clockMs(0), first.atMs);
  const scrapedAtMs = beat === undefined ? stampMs : momentOf(beat, stampMs);
  const sinceMs = Math.min(Math.max(first.atMs, scrapedAtMs), last.atMs);
  const untilMs = beat === undefined ? nowMs : nextMoment(beat, scrapedAtMs, nowMs);
  return new Map(
    Array.from(used.keys(), (uid) => {
      const amount = usedAt(pages, uid, untilMs);
      // Counters begin at 0 again when containers start.
      const before = Math.min(usedAt(pages, uid, sinceMs), amount);
      return [uid, Math.max(0, amount - before) / (untilMs - sinceMs)];
    }),
  );
}

/**
 * The first scrape after the start counts from one before it: then there was what the cluster was told when it was
 * set up, and no replica yet. Of a node that joins later nothing is known.
 */
function pagesBefore({ world, cpu, pods }: Shadow, node: SimNode): readonly UsagePage[] {
  const startMs = clockMs(0);
  if (world.timeline.nowMs > startMs + SET_UP_MS) return [];
  const ofTrace = [...node.pods].filter(({ uid }) => !pods.has(uid));
  const rates = [
    ['', cpu.load.overheadMilli(node, startMs, 'after')] as const,
    ...ofTrace.map((pod) => [pod.uid, cpu.load.podMilli(pod, startMs, 'after')] as const),
  ];
  const used = new Map(rates.map(([uid, milli]) => [uid, -milli * BEFORE_START_MS]));
  return [
    { atMs: startMs - BEFORE_START_MS, used },
    { atMs: startMs, used: new Map() },
  ];
}

/** The moment of a scrape, whose stamp has the second in which it was; the beat tells when in it. */
function momentOf({ atMs, periodMs }: ScrapeBeat, stampMs: number): number {
  const middleMs = stampMs + HALF_SECOND_MS;
  const momentMs = atMs + Math.round((middleMs - atMs) / periodMs) * periodMs;
  // Another beat than it was then.
  return Math.abs(momentMs - middleMs) > 2 * HALF_SECOND_MS ? middleMs : momentMs;
}

/**
 * The one after the last scrape that is known. It stays for a while: it is known to a fraction of a second, and what
 * is said for the one after it would be much too much or too little if it came before this one.
 */
function nextMoment({ atMs, periodMs }: ScrapeBeat, scrapedAtMs: number, nowMs: number): number {
  if (scrapedAtMs + periodMs >= nowMs - LATE_MS) return scrapedAtMs + periodMs;
  return atMs + (Math.floor((nowMs - atMs) / periodMs) + 1) * periodMs;
}

/** What had been used by a moment: on a line between two pages, and on from the last two. */
function usedAt(pages: readonly UsagePage[], uid: string, atMs: number): number {
  const after = pages.findIndex((page) => page.atMs > atMs);
  const right = pages.at(after === -1 ? -1 : Math.max(1, after));
  const left = pages.at(after === -1 ? -2 : Math.max(1, after) - 1);
  if (left === undefined || right === undefined) return 0;
  const [from, to] = [left.used.get(uid) ?? 0, right.used.get(uid) ?? 0];
  return from + ((to - from) * (atMs - left.atMs)) / (right.atMs - left.atMs);
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
