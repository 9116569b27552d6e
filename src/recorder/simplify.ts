export interface SeriesPoint {
  readonly second: number;
  readonly value: number;
}

/**
 * The few points whose straight lines stay within a tolerance of all (Ramer, Douglas and Peucker's way, with
 * the distance along the values). A ramp of users is a staircase of seconds; its corners are what was meant.
 */
export function simplify(points: readonly SeriesPoint[], tolerance: number): readonly SeriesPoint[] {
  const kept = new Set<number>([0, points.length - 1]);
  const open: (readonly [number, number])[] = [[0, points.length - 1]];
  for (let span = open.pop(); span !== undefined; span = open.pop()) {
    const [from, to] = span;
    const farthest = farthestFrom(points, from, to);
    if (farthest === undefined || farthest.distance <= tolerance) continue;
    kept.add(farthest.index);
    open.push([from, farthest.index], [farthest.index, to]);
  }
  return points.filter((_, index) => kept.has(index));
}

function farthestFrom(points: readonly SeriesPoint[], from: number, to: number) {
  const [start, end] = [points[from], points[to]];
  if (start === undefined || end === undefined) return undefined;
  const slope = (end.value - start.value) / Math.max(1, end.second - start.second);
  let farthest: { readonly index: number; readonly distance: number } | undefined;
  for (let index = from + 1; index < to; index += 1) {
    const point = points[index];
    if (point === undefined) continue;
    const distance = Math.abs(point.value - start.value - slope * (point.second - start.second));
    if (distance > (farthest?.distance ?? 0)) farthest = { index, distance };
  }
  return farthest;
}
