/** A number that the controller keeps with the time at which it came. */
export interface Remembered {
  readonly count: number;
  readonly atMs: number;
}

/**
 * Adds to a memory as horizontal.go does: in the place of the last entry that came before the cutoff, or at the
 * end. What it forgets was of no use to the one who asks; older entries may stay for a while.
 */
export function remember(
  memory: readonly Remembered[],
  entry: Remembered,
  cutoffMs: number,
): readonly Remembered[] {
  const index = memory.findLastIndex(({ atMs }) => atMs < cutoffMs);
  return index < 0 ? [...memory, entry] : memory.with(index, entry);
}
