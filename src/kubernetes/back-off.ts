export interface BackOffSettings {
  readonly baseMs: number;
  readonly maxMs: number;
}

export interface BackOff {
  /** How long to wait before the next try. A server that says Retry-After is obeyed, up to the maximum. */
  readonly nextDelayMs: (retryAfterMs?: number) => number;
  readonly reset: () => void;
}

/** Even the luckiest draw waits so long, as a share of the base: full jitter alone may draw 0 many times. */
const FLOOR_RATIO = 0.2;

/**
 * Exponential back-off with full jitter (M. Brooker, "Exponential Backoff And Jitter"): the wait is drawn
 * evenly between a floor and a ceiling that doubles from base to maximum. After an API server's restart a
 * thousand clients must not come back in step.
 */
export function createBackOff({ baseMs, maxMs }: BackOffSettings, random: () => number): BackOff {
  let ceilingMs = baseMs;
  return {
    nextDelayMs: (retryAfterMs = 0) => {
      const floorMs = Math.min(baseMs, maxMs) * FLOOR_RATIO;
      const drawnMs = floorMs + random() * (Math.min(ceilingMs, maxMs) - floorMs);
      ceilingMs = Math.min(ceilingMs * 2, maxMs);
      return Math.max(drawnMs, Math.min(retryAfterMs, maxMs));
    },
    reset: () => {
      ceilingMs = baseMs;
    },
  };
}
