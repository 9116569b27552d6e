import { failsScrape } from '../simulator/model/scrape-failures.ts';
import type { SimNode } from '../simulator/model/world.ts';
import type { ScrapeBeat } from './scrapes.ts';
import type { Shadow } from './shadow.ts';

/** Which nodes cannot be scraped: decided once for each scrape, shortly before it. */
export interface LostScrapes {
  /** As the cluster was told last. */
  readonly failing: Set<string>;
  /** The scrape that was decided about last, since the epoch. */
  decidedMs: number;
}

/** What a decision about the next scrape goes by. */
export interface ScrapeConditions {
  readonly beat: ScrapeBeat;
  /** Since the epoch, as the beat's. */
  readonly nowMs: number;
  /** What the node used since it was scraped last. */
  readonly usageMilli: (node: SimNode) => number;
}

/**
 * So long before a scrape it is decided on: the beat is known to a fraction of a second, and metrics-server has
 * to hear of it.
 */
const AHEAD_MS = 2000;

export function createLostScrapes(): LostScrapes {
  return { failing: new Set(), decidedMs: 0 };
}

/**
 * Decides about the next scrape, when it is near and was not decided about before. Chance draws for a scrape as
 * in a simulation: every rule of the trace once for every node.
 *
 * @returns the nodes for which something changes, and whether their scrapes fail from now on
 */
export function decideScrapes(
  { world }: Shadow,
  lost: LostScrapes,
  { beat, nowMs, usageMilli }: ScrapeConditions,
): ReadonlyMap<string, boolean> {
  const nextMs = beat.atMs + Math.ceil((nowMs - beat.atMs) / beat.periodMs) * beat.periodMs;
  // The beat is an estimate that changes a little with each sample: half a period tells one scrape from the next.
  if (nextMs - nowMs > AHEAD_MS || nextMs - lost.decidedMs < beat.periodMs / 2) return new Map();
  lost.decidedMs = nextMs;
  const changes = new Map<string, boolean>();
  for (const node of world.nodes.values()) {
    const fails = failsScrape(world, node, usageMilli(node) / node.allocatable.cpuMilli);
    if (fails !== lost.failing.has(node.name)) changes.set(node.name, fails);
  }
  return changes;
}
