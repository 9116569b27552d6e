/** Who asked, by address, as far back as it matters. */
export interface Callers {
  /** A question came from this address; undefined: its connection is gone already. */
  readonly called: (address: string | undefined, nowMs: number) => void;
  /** The addresses that ask in turn now; empty while one alone does. */
  readonly inTurn: (nowMs: number) => readonly string[];
}

/**
 * A new leader asks from another address, and the old one never again. Two that ask in turn are two schedulers
 * which each decide for themselves, or one that reaches two Spillways.
 */
const IN_TURN_MS = 60_000;
const MAX_ADDRESSES = 10;

export function createCallers(): Callers {
  /** When each was last the one that asked, and when it last took over from another. */
  const known = new Map<string, { askedMs: number; returnedMs: number }>();
  let last: string | undefined;
  return {
    called: (address, nowMs) => {
      if (address === undefined) return;
      const caller = known.get(address);
      const returns = caller !== undefined && last !== address && nowMs - caller.askedMs <= IN_TURN_MS;
      const returnedMs = returns ? nowMs : (caller?.returnedMs ?? Number.NEGATIVE_INFINITY);
      known.delete(address);
      known.set(address, { askedMs: nowMs, returnedMs });
      last = address;
      const [oldest] = known.keys();
      if (known.size > MAX_ADDRESSES && oldest !== undefined) known.delete(oldest);
    },
    inTurn: (nowMs) => {
      const recent = Array.from(known).filter(([, { askedMs }]) => nowMs - askedMs <= IN_TURN_MS);
      const alternate = recent.some(([, { returnedMs }]) => nowMs - returnedMs <= IN_TURN_MS);
      return alternate ? recent.map(([address]) => address).sort() : [];
    },
  };
}
