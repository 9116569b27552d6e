import { setTimeout as delay } from 'node:timers/promises';

/** Time and chance, given from outside so that tests need not wait. */
export interface Runtime {
  readonly nowMs: () => number;
  /** From 0 up to but not including 1. */
  readonly random: () => number;
  /** Resolves after the time, or at once when the signal is aborted. Never rejects. */
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
}

export const systemRuntime: Runtime = {
  // Monotonic: only differences are used, and a clock that is set must not end or prolong a back-off.
  nowMs: () => performance.now(),
  random: Math.random,
  sleep: async (ms, signal) => {
    await delay(ms, undefined, { signal }).catch(() => undefined);
  },
};
