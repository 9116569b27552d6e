import { setTimeout as delay } from 'node:timers/promises';

export interface WaitOptions {
  readonly timeoutMs?: number;
  readonly intervalMs?: number;
}

/**
 * Asks until the answer is not undefined, and gives it. What went wrong last is part of the error, so a
 * check that throws (a refused connection, a failed expectation) simply counts as "not yet".
 */
export async function until<T>(
  what: string,
  check: () => T | undefined | Promise<T | undefined>,
  { timeoutMs = 30_000, intervalMs = 100 }: WaitOptions = {},
): Promise<T> {
  const deadlineMs = Date.now() + timeoutMs;
  let last: unknown;
  for (;;) {
    try {
      const answer = await check();
      if (answer !== undefined) return answer;
      last = undefined;
    } catch (error) {
      if (error instanceof Hopeless) throw error;
      last = error;
    }
    if (Date.now() >= deadlineMs) break;
    await delay(intervalMs);
  }
  const cause = last instanceof Error ? `: ${last.message}` : '';
  throw new Error(`Waited ${timeoutMs / 1000} s for ${what}${cause}`, { cause: last });
}

/** Waits until an assertion (vitest's expect) no longer throws. */
export async function eventually(
  what: string,
  assertion: () => unknown,
  options: WaitOptions = {},
): Promise<void> {
  const passes = async () => {
    await assertion();
    return true;
  };
  await until(what, passes, options);
}

/** Thrown by a check of `until` when waiting longer can't help. */
export class Hopeless extends Error {}
