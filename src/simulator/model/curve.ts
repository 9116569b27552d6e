/** Something over time, on the virtual clock. At least one point, in the order of their times. */
export interface Curve {
  readonly between: 'line' | 'step';
  readonly points: readonly CurvePoint[];
}

interface CurvePoint {
  readonly atMs: number;
  readonly value: number;
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
  if (last === undefined) return following?.value ?? 0;
  if (following === undefined || between === 'step') return last.value;
  const passedRatio = (atMs - last.atMs) / (following.atMs - last.atMs);
  return last.value + (following.value - last.value) * passedRatio;
}

/** When it bends or jumps next, after a moment; Infinity: no more. */
export function nextBend({ points }: Curve, atMs: number): number {
  const next = firstIndexNot(points, (point) => point.atMs <= atMs);
  return points[next]?.atMs ?? Number.POSITIVE_INFINITY;
}

/** Its integral: value times milliseconds. */
export function curveArea(curve: Curve, fromMs: number, toMs: number): number {
  let area = 0;
  for (let atMs = fromMs; atMs < toMs; ) {
    const endMs = Math.min(toMs, nextBend(curve, atMs));
    area += ((curveAt(curve, atMs, 'after') + curveAt(curve, endMs, 'before')) / 2) * (endMs - atMs);
    atMs = endMs;
  }
  return area;
}

/** The curve again and again, from a period before its first point until a moment: the end of a day leads into the next. */
export function repeated(curve: Curve, periodMs: number, untilMs: number): Curve {
  const points: CurvePoint[] = [];
  const firstMs = curve.points[0]?.atMs ?? untilMs;
  for (let shiftMs = -periodMs; firstMs + shiftMs <= untilMs; shiftMs += periodMs) {
    for (const { atMs, value } of curve.points) points.push({ atMs: atMs + shiftMs, value });
  }
  return { ...curve, points };
}

/** Binary search: a recorded day has thousands of points. */
export function firstIndexNot<T>(items: readonly T[], holds: (item: T) => boolean): number {
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
