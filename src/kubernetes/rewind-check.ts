import type { Connection } from './connection.ts';
import type { ApiFailure } from './failure.ts';
import { getItems } from './list.ts';
import { isEarlier } from './resource-version.ts';
import type { Runtime } from './runtime.ts';

export interface RewindCheckTimings {
  /** Between these, at random, lies the time from one question to the next. */
  readonly checkIntervalMs: readonly [shortest: number, longest: number];
  readonly checkTimeoutMs: number;
}

/** Found and listed anew within a minute, also when one question fails in the meantime. */
export const REWIND_CHECK_TIMINGS = {
  checkIntervalMs: [18_000, 24_000],
  checkTimeoutMs: 10_000,
} as const satisfies RewindCheckTimings;

export interface RewindCheckOptions {
  readonly connection: Connection;
  /** Of the collection: `/api/v1/nodes`. */
  readonly path: string;
  readonly runtime: Runtime;
  readonly timings: RewindCheckTimings;
  /** Told when questions fail again and again, and, with undefined, when they work again. */
  readonly told: (problem: string | undefined) => void;
}

interface Checking {
  readonly signal: AbortSignal;
  /** How far the watch has come. */
  readonly reached: () => string;
  /** Whether the first question waits for nothing. */
  readonly atOnce: boolean;
}

/**
 * Tells whether the API server's data went back, as it does when etcd is restored from a backup. The server
 * accepts a watch from a resourceVersion that is still to come, and sends nothing, no bookmarks either, until
 * it has passed that version; what changed meanwhile it skips. But each list says how far the server is.
 */
export interface RewindCheck {
  /** Asks now and then; gives where the server is once that is before what was reached, or undefined at the signal. */
  readonly untilRewound: (checking: Checking) => Promise<string | undefined>;
}

/** A single failure says nothing: the watch tells of a server that is away. */
const PROBLEM_AFTER_FAILURES = 3;

export function createRewindCheck(options: RewindCheckOptions): RewindCheck {
  const { connection, path, runtime, timings, told } = options;
  const [shortestMs, longestMs] = timings.checkIntervalMs;
  let failuresInRow = 0;

  async function untilRewound({ signal, reached, atOnce }: Checking): Promise<string | undefined> {
    if (!atOnce) await pause(signal);
    while (!signal.aborted) {
      // Before the question: what the watch tells until it is answered may be later than the answer.
      const before = reached();
      const current = await currentVersion(signal);
      if (current !== undefined && isEarlier(current, before)) return current;
      await pause(signal);
    }
    return undefined;
  }

  async function pause(signal: AbortSignal): Promise<void> {
    await runtime.sleep(shortestMs + runtime.random() * (longestMs - shortestMs), signal);
  }

  /** Without a resourceVersion the API server answers as of now, never from a cache that lags behind etcd. */
  async function currentVersion(signal: AbortSignal): Promise<string | undefined> {
    const { checkTimeoutMs } = timings;
    const times = { idleTimeoutMs: checkTimeoutMs, totalTimeoutMs: checkTimeoutMs };
    const page = await getItems(connection, { path, query: { limit: '1' }, signal, ...times }, ignore);
    if (!page.ok) {
      fail(page.failure);
      return undefined;
    }
    if (failuresInRow >= PROBLEM_AFTER_FAILURES) told(undefined);
    failuresInRow = 0;
    return page.value.resourceVersion;
  }

  function fail({ kind, message }: ApiFailure): void {
    if (kind === 'stopped') return;
    failuresInRow += 1;
    if (failuresInRow === PROBLEM_AFTER_FAILURES) told(message);
  }

  return { untilRewound };
}

function ignore(): void {}
