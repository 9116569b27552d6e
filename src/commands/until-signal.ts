import { once } from 'node:events';
import type { Logger } from '../telemetry/logger.ts';

/** The exit code of a service after a defect, or when it cannot serve. */
export const FAILED = 1;

/** Resolves with the first of SIGTERM and SIGINT. A second one ends the process at once. */
export async function nextSignal(): Promise<string> {
  const other = new AbortController();
  const { signal } = other;
  const names = ['SIGTERM', 'SIGINT'] as const;
  const first = await Promise.race(names.map((name) => once(process, name, { signal }).then(() => name)));
  other.abort();
  return first;
}

/** After a defect nothing is known to hold: another process with a picture of its own takes over. */
export function endOnDefects(log: Logger): void {
  process.on('uncaughtException', (error) => {
    log.fatal({ error }, 'defect');
    process.exit(FAILED);
  });
}
