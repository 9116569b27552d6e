export interface Progress {
  /** @param sinceStartMs virtual time that the run has come to */
  readonly reached: (sinceStartMs: number) => void;
  /** Takes the line away again. */
  readonly clear: () => void;
}

/** Shorter runs than this say nothing of their progress. */
const QUIET_MS = 500;
const BETWEEN_MS = 200;

/** A line on the terminal that says how far a long run is. */
export function createProgress(
  { err, watched }: { readonly err: (text: string) => void; readonly watched: boolean },
  durationMs: number,
  now: () => number = Date.now,
): Progress {
  let nextAtMs = now() + QUIET_MS;
  let shown = false;
  return {
    reached: (sinceStartMs) => {
      const nowMs = now();
      if (!watched || nowMs < nextAtMs) return;
      nextAtMs = nowMs + BETWEEN_MS;
      shown = true;
      const percent = Math.floor((Math.max(0, sinceStartMs) / durationMs) * 100);
      err(`\r${percent} % of ${durationMs / 1000} s of virtual time`);
    },
    clear: () => {
      // Erases the line: ECMA-48, EL.
      if (shown) err('\r\u001b[K');
    },
  };
}
