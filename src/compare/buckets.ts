import { type Line, valueAt } from './lines.ts';

/** A span of time in equal parts. */
export interface Buckets {
  readonly startMs: number;
  readonly widthMs: number;
  readonly count: number;
}

export function bucketsOf(startMs: number, endMs: number, count: number): Buckets {
  return { startMs, widthMs: Math.max(endMs - startMs, 1) / count, count };
}

/** The part in which a moment lies; those before and after the span are in the first and the last. */
export function bucketAt({ startMs, widthMs, count }: Buckets, atMs: number): number {
  return Math.max(0, Math.min(count - 1, Math.floor((atMs - startMs) / widthMs)));
}

/** The highest value in each part; undefined where no line goes through it. */
export function highest(buckets: Buckets, lines: readonly Line[]): readonly (number | undefined)[] {
  const values: (number | undefined)[] = Array.from({ length: buckets.count }, () => undefined);
  for (const line of lines) {
    const last = bucketAt(buckets, line.toMs);
    for (let bucket = bucketAt(buckets, line.fromMs); bucket <= last; bucket += 1) {
      const beginsMs = Math.max(line.fromMs, buckets.startMs + bucket * buckets.widthMs);
      const endsMs = Math.min(line.toMs, buckets.startMs + (bucket + 1) * buckets.widthMs);
      // A line that ends where a part begins is not in it.
      if (endsMs <= beginsMs) continue;
      const value = Math.max(valueAt(line, beginsMs), valueAt(line, endsMs));
      values[bucket] = Math.max(values[bucket] ?? value, value);
    }
  }
  return values;
}
