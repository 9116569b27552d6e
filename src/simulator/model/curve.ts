/** CPU over time, on the virtual clock. At least one point, in the order of their times. */
export interface Curve {
  readonly between: 'line' | 'step';
  readonly points: readonly CurvePoint[];
}

export interface CurvePoint {
  readonly atMs: number;
  readonly milli: number;
}

/**
 * Its value just after, or just before, a moment: they differ where it jumps. Constant before its first and
 * after its last point.
 */
export function curveAt({ between, points }: Curve, atMs: number, side: 'before' | 'after'): number {
  const passed = (point: CurvePoint) => (side === 'after' ? point.atMs <= atMs : point.atMs < atMs);
  const next = firstIndexNot(points, passed);
  const last = points[next - 1];
  const following = points[next];
  if (last === undefined) return following?.milli ?? 0;
  if (following === undefined || between === 'step') return last.milli;
  const passedRatio = (atMs - last.atMs) / (following.atMs - last.atMs);
  return last.milli + (following.milli - last.milli) * passedRatio;
}

/** Binary search: a recorded day has thousands of points. */
function firstIndexNot<T>(items: readonly T[], holds: (item: T) => boolean): number {
  let low = 0;
  let high = items.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const item = items[middle];
    if (item !== undefined && holds(item)) low = middle + 1;
    else high = middle;
  }
  return low;
}
