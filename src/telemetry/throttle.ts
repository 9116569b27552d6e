import { LRUCache } from 'lru-cache';

/** @returns how often the key came since it last passed, this time included; undefined: not now. */
export type Throttle = (key: string, nowMs: number) => number | undefined;

/**
 * Lets each key pass once in a while and counts the times in between, so that what happens to every pod of
 * a burst is one line in the log and not a thousand.
 *
 * @param maxKeys beyond these the least recently used is forgotten, and passes again
 */
export function createThrottle(intervalMs: number, maxKeys: number): Throttle {
  const passed = new LRUCache<string, { atMs: number; held: number }>({ max: maxKeys });
  return (key, nowMs) => {
    const last = passed.get(key);
    if (last === undefined) {
      passed.set(key, { atMs: nowMs, held: 0 });
      return 1;
    }
    last.held += 1;
    if (nowMs - last.atMs < intervalMs) return undefined;
    const times = last.held;
    passed.set(key, { atMs: nowMs, held: 0 });
    return times;
  };
}
