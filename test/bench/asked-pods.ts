/** So many questions are asked before those that count. */
export const WARM_UP = 1500;
/** Of those that count, in the longest row. */
const MOST_ROUNDS = 4000;

/** Small, so that the edge takes all of them, and not so small that one node would hold thousands. */
export const ASKED_ANNOTATIONS = { 'spillway.dev/cpu-estimate': '20m' } as const;

export function askedPod(serial: number): string {
  return `bench-${serial}`;
}

/** All pods that a benchmark asks about. */
export function askedPods(): readonly string[] {
  return Array.from({ length: WARM_UP + MOST_ROUNDS }, (_, index) => askedPod(index - WARM_UP));
}
