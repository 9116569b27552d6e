import type { MetricsLook, NodeUsage } from '../picture/records.ts';
import type { ApiFailure } from './failure.ts';
import type { MetricsReader } from './metrics-reader.ts';

export type LookOutcome =
  | { readonly result: 'ok'; readonly look: MetricsLook; readonly podsMissing: string | undefined }
  | { readonly result: 'unchanged' }
  | { readonly result: 'failed'; readonly failure: ApiFailure };

/** Pods are read again so often when a scrape came in between. */
const POD_READS = 2;

/**
 * One look at the metrics. metrics-server swaps in a scrape as a whole, so when the nodes are the same
 * before and after the pods were read, all is of one scrape; otherwise the pods are read once more.
 * @param before the nodes of the last look; undefined: there was none
 */
export async function lookAtMetrics(
  reader: MetricsReader,
  before: readonly NodeUsage[] | undefined,
  signal: AbortSignal,
): Promise<LookOutcome> {
  const first = await reader.nodes(signal);
  if (!first.ok) return { result: 'failed', failure: first.failure };
  if (before !== undefined && isSameScrape(before, first.value, 0)) return { result: 'unchanged' };
  let nodes = first.value;
  for (let readCount = 1; readCount <= POD_READS; readCount += 1) {
    const pods = await reader.pods(signal);
    if (!pods.ok) return withoutPods(nodes, pods.failure.message);
    const after = await reader.nodes(signal);
    if (!after.ok) return withoutPods(nodes, `the nodes after them: ${after.failure.message}`);
    const isSame = isSameScrape(nodes, after.value, SAME_SCRAPE_RATIO);
    nodes = after.value;
    if (isSame) return { result: 'ok', look: { nodes, pods: pods.value }, podsMissing: undefined };
  }
  return withoutPods(nodes, 'scrapes follow each other faster than pod metrics can be read');
}

function withoutPods(nodes: readonly NodeUsage[], podsMissing: string): LookOutcome {
  return { result: 'ok', look: { nodes, pods: undefined }, podsMissing };
}

/**
 * Not every server of this API scrapes: prometheus-adapter evaluates a query at the moment of the request,
 * and its timestamps advance with every read. What moved by less than this share of its window is still the
 * same measurement; a scrape moves by about one window.
 */
const SAME_SCRAPE_RATIO = 0.25;

/**
 * The same nodes, each with the same timestamp, or one that moved by no more than this share of its window.
 * A node that has gone from the list, or come back to it, is news.
 */
function isSameScrape(one: readonly NodeUsage[], other: readonly NodeUsage[], windowRatio: number): boolean {
  if (one.length !== other.length) return false;
  const byName = new Map(one.map((node) => [node.name, node]));
  return other.every((node) => {
    const earlier = byName.get(node.name);
    if (earlier === undefined) return false;
    return Math.abs(node.timestampMs - earlier.timestampMs) <= windowRatio * node.windowMs;
  });
}
