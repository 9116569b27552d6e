import type { Window } from './curves.ts';
import type { Recording, SeenLook } from './recording.ts';
import { spanText } from './text.ts';

/** One scrape of metrics-server, told from the samples that it brought. */
export interface Scrape {
  /** The middle one of its nodes' times. */
  readonly atMs: number;
  readonly windowMs: number;
  readonly look: SeenLook;
}

/** The scrapes that were seen, in order. A look that brought nothing newer is none. */
export function scrapesOf({ looks }: Recording): readonly Scrape[] {
  const scrapes: Scrape[] = [];
  for (const look of looks) {
    const atMs = median(look.nodes.map(({ timestampMs }) => timestampMs));
    const windowMs = median(look.nodes.map((node) => node.windowMs));
    if (atMs === undefined || windowMs === undefined) continue;
    if (atMs > (scrapes.at(-1)?.atMs ?? Number.NEGATIVE_INFINITY)) scrapes.push({ atMs, windowMs, look });
  }
  return scrapes;
}

/** From scrape to scrape; the first one's own window before them. */
export function windowsOf(scrapes: readonly Scrape[]): readonly Window[] {
  return scrapes.map(({ atMs, windowMs }, index) => ({
    fromMs: scrapes[index - 1]?.atMs ?? atMs - Math.max(windowMs, 1000),
    toMs: atMs,
  }));
}

export interface Cadence {
  readonly resolution: string;
  readonly phase: string;
  readonly delay: string;
}

/** metrics-server's settings, as far as the times of its samples tell. Undefined: nothing was measured. */
export function cadenceOf(scrapes: readonly Scrape[], startMs: number): Cadence | undefined {
  const first = scrapes[0];
  if (first === undefined) return undefined;
  const steps = scrapes.slice(1).map(({ atMs }, index) => atMs - (scrapes[index]?.atMs ?? atMs));
  // Samples have times in whole seconds.
  const resolutionMs = Math.max(1000, Math.round((median(steps) ?? first.windowMs) / 1000) * 1000);
  const reference = scrapes.find(({ atMs }) => atMs >= startMs) ?? scrapes.at(-1) ?? first;
  const phaseMs = (((reference.atMs - startMs) % resolutionMs) + resolutionMs) % resolutionMs;
  // The least of them: what was seen later than it was served was seen by a later poll.
  const delayMs = Math.min(...scrapes.map(({ atMs, look }) => look.seenAtMs - atMs));
  const delayBoundMs = Math.min(Math.max(0, delayMs), resolutionMs);
  return {
    resolution: spanText(resolutionMs),
    phase: spanText(phaseMs),
    delay: spanText(Math.round(delayBoundMs / 100) * 100),
  };
}

export interface LostScrapes {
  readonly node: string;
  readonly from: string;
  readonly to: string;
}

/**
 * Scrapes that failed. metrics-server serves a node again after two good ones, so of the scrapes that a node
 * is missing from, the last one was good.
 */
export function lostScrapes(
  scrapes: readonly Scrape[],
  node: string,
  { fromMs: startMs, toMs: endMs }: Window,
): readonly LostScrapes[] {
  const times = scrapes.map(({ look }) => look.nodes.find(({ name }) => name === node)?.timestampMs);
  const lost: LostScrapes[] = [];
  let last = times.findIndex((time) => time !== undefined);
  for (let index = last + 1; last >= 0 && index < times.length; index += 1) {
    const isNew = (times[index] ?? 0) > (times[last] ?? 0);
    const isEnd = index === times.length - 1;
    if (!isNew && !isEnd) continue;
    const failed = isNew ? failedBefore(index - last - 1) : index - last;
    if (failed > 0) {
      const from = Math.max(startMs, between(scrapes, last));
      const to = Math.min(endMs, between(scrapes, last + failed));
      if (to > from) lost.push({ node, from: spanText(from - startMs), to: spanText(to - startMs) });
    }
    last = index;
  }
  return lost;
}

/** Of so many that a node is missing from, until it is served again. */
function failedBefore(missed: number): number {
  return Math.max(missed - 1, Math.min(missed, 1));
}

/** The middle between a scrape and the one after it. */
function between(scrapes: readonly Scrape[], index: number): number {
  const atMs = scrapes[index]?.atMs ?? 0;
  const nextMs = scrapes[index + 1]?.atMs ?? atMs + (scrapes[index]?.windowMs ?? 0);
  return (atMs + nextMs) / 2;
}

export function median(values: readonly number[]): number | undefined {
  return values.toSorted((left, right) => left - right)[Math.floor((values.length - 1) / 2)];
}
