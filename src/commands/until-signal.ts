import { once } from 'node:events';
import type { LogOutput } from '../telemetry/log-output.ts';
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

/** How long a process that is over stays for its last lines, at least. */
const LAST_LINES_MS = 500;

/**
 * Waits until the log is written, but not for a reader that does not come.
 *
 * @param stopByMs of `performance.now()`: until then there is time
 */
export async function writeLastLines(output: LogOutput, stopByMs = 0): Promise<void> {
  await output.end(Math.max(stopByMs - performance.now(), LAST_LINES_MS));
}

/** After a defect nothing is known to hold: another process with a picture of its own takes over. */
export function endOnDefects(log: Logger, output: LogOutput): void {
  process.on('uncaughtException', (error) => {
    log.fatal({ error }, 'defect');
    output.endBlocking(LAST_LINES_MS);
    process.exit(FAILED);
  });
}
