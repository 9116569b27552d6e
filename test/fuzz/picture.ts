import { setTimeout as delay } from 'node:timers/promises';
import { GOOD_QUESTION } from './good-asker.ts';

/** What the service says it knows, without what only tells the time. */
export type Shown = ReadonlyMap<string, string>;

const TRY_EVERY_MS = 200;
const SHOWN_DIFFERENCES = 5;

export async function pictureAt(url: string): Promise<Shown> {
  const { nodes } = JSON.parse(await textAt(`${url}/debug/nodes`));
  const shown = new Map<string, string>();
  for (const { name, metricsAgeMs: _, forecastMilli, ...rest } of nodes) {
    // Sums of floating-point numbers depend on their order a little.
    shown.set(name, JSON.stringify({ ...rest, forecastMilli: Math.round(forecastMilli * 1000) / 1000 }));
  }
  // Pods and workloads that count on no node are in no node's row.
  shown.set('all', /^nodes: .*$/m.exec(await textAt(`${url}/readyz?verbose`))?.[0] ?? '');
  return shown;
}

/** Waits until the picture is this one again, and says how it differs if it does not come to be. */
export async function differences(url: string, before: Shown, timeoutMs: number): Promise<readonly string[]> {
  const untilMs = performance.now() + timeoutMs;
  for (;;) {
    const now = await pictureAt(url);
    const names = new Set([...before.keys(), ...now.keys()]);
    const other = Array.from(names).filter((name) => before.get(name) !== now.get(name));
    if (other.length === 0) return [];
    if (performance.now() > untilMs) {
      const shown = other
        .slice(0, SHOWN_DIFFERENCES)
        .map((name) => `${name}: ${before.get(name)} → ${now.get(name)}`);
      return other.length > shown.length ? [...shown, `and ${other.length - shown.length} more`] : shown;
    }
    await delay(TRY_EVERY_MS);
  }
}

/** The answer to the good asker's question. */
export async function answerAt(url: string): Promise<string> {
  return (await fetch(`${url}/filter`, { method: 'POST', body: GOOD_QUESTION })).text();
}

async function textAt(url: string): Promise<string> {
  return (await fetch(url)).text();
}
