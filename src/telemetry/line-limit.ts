import { printable } from '../text/printable.ts';
import type { Logger } from './logger.ts';
import { createThrottle } from './throttle.ts';

/** @returns how often it happened since the last line about it; undefined: no line now. */
export type LineLimit = (key: string, nowMs: number) => number | undefined;

const INTERVAL_MS = 60_000;
const MAX_KEYS = 2000;
const MAX_KEY_CHARACTERS = 200;
/** For people a page or two; at seven kinds of lines some 20 a second, whoever asks about whatever names. */
export const MAX_LINES = 200;

/**
 * Lets through one line a minute about each key, and so many about all keys of a kind: keys hold names, and
 * who may create pods or ask questions has as many of these as he likes. Each kind has lines of its own, so
 * that a flood of one does not hide another. What was left out is said with the next line that passes.
 */
export function createLineLimit(logger: Logger, kind: string): LineLimit {
  const throttle = createThrottle(INTERVAL_MS, MAX_KEYS);
  let sinceMs = Number.NEGATIVE_INFINITY;
  let lines = 0;
  let leftOut = 0;
  return (key, nowMs) => {
    const times = throttle(printable(key, MAX_KEY_CHARACTERS), nowMs);
    if (times === undefined) return undefined;
    if (Math.abs(nowMs - sinceMs) >= INTERVAL_MS) {
      if (leftOut > 0) logger.warn({ kind, lines: leftOut }, 'lines left out of the log');
      [sinceMs, lines, leftOut] = [nowMs, 0, 0];
    }
    lines += 1;
    if (lines <= MAX_LINES) return times;
    leftOut += 1;
    return undefined;
  };
}
