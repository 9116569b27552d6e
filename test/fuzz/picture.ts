import { setTimeout as delay } from 'node:timers/promises';
import { GOOD_QUESTION } from './good-asker.ts';

type Row = Readonly<Record<string, unknown>>;

/** What the service says it knows, by node and in all, without what only tells the time. */
export type Shown = ReadonlyMap<string, Row>;

const TRY_EVERY_MS = 200;

export async function pictureAt(url: string): Promise<Shown> {
  const { nodes } = JSON.parse(await textAt(`${url}/debug/nodes`));
  const shown = new Map<string, Row>();
  for (const { name, metricsAgeMs: _, forecastMilli, ...rest } of nodes) {
    // Sums of floating-point numbers depend on their order a little.
    shown.set(name, { ...rest, forecastMilli: Math.round(forecastMilli * 1000) / 1000 });
  }
  // Pods and workloads that count on no node are in no node's row.
  shown.set('all', { counts: /^nodes: .*$/m.exec(await textAt(`${url}/readyz?verbose`))?.[0] });
  return shown;
}

/** Waits until the picture is this one again, and says how it differs if it does not come to be. */
export async function differences(url: string, before: Shown, timeoutMs: number): Promise<readonly string[]> {
  const untilMs = performance.now() + timeoutMs;
  for (;;) {
    const now = await pictureAt(url);
    // Counts of all first: they are the shortest word on what is wrong.
    const names = Array.from(new Set([...before.keys(), ...now.keys()])).reverse();
    const found = names.flatMap((name) => changed(name, before.get(name) ?? {}, now.get(name) ?? {}));
    if (found.length === 0 || performance.now() > untilMs) return found;
    await delay(TRY_EVERY_MS);
  }
}

function changed(name: string, before: Row, now: Row): readonly string[] {
  const fields = Array.from(new Set([...Object.keys(before), ...Object.keys(now)]));
  const other = fields.filter((field) => before[field] !== now[field]);
  return other.length === 0
    ? []
    : [`${name}: ${other.map((field) => `${field} ${before[field]} → ${now[field]}`).join(', ')}`];
}

/** The answer to the good asker's question. */
export async function answerAt(url: string): Promise<string> {
  return (await fetch(`${url}/filter`, { method: 'POST', body: GOOD_QUESTION })).text();
}

async function textAt(url: string): Promise<string> {
  return (await fetch(url)).text();
}
