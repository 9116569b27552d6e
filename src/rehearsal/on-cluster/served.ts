import type { MetricsReader } from '../../kubernetes/metrics-reader.ts';

/** Between which moments metrics-server put what it last scraped in the place of the scrape before; since the epoch. */
export interface Served {
  /** When it was asked for the last time and still answered with the scrape before; before all when it never did. */
  readonly notBeforeMs: number;
  /** When the first answer with this scrape was there. */
  readonly seenAtMs: number;
}

/**
 * The same reader, which notes when what it reads became another scrape's. Its API tells that in whole seconds; who
 * asks often enough knows it better.
 *
 * @param nowMs since the epoch
 */
export function timedReader(
  reader: MetricsReader,
  nowMs: () => number,
): { readonly reader: MetricsReader; readonly served: () => Served } {
  let askedMs = Number.NEGATIVE_INFINITY;
  let newestMs = Number.NEGATIVE_INFINITY;
  let served: Served = { notBeforeMs: askedMs, seenAtMs: Number.POSITIVE_INFINITY };
  const nodes: MetricsReader['nodes'] = async (signal) => {
    const [notBeforeMs, nowAskedMs] = [askedMs, nowMs()];
    const answer = await reader.nodes(signal);
    if (!answer.ok) return answer;
    askedMs = nowAskedMs;
    const stampMs = Math.max(...answer.value.map(({ timestampMs }) => timestampMs));
    if (stampMs <= newestMs) return answer;
    newestMs = stampMs;
    served = { notBeforeMs, seenAtMs: nowMs() };
    return answer;
  };
  return { reader: { ...reader, nodes }, served: () => served };
}
