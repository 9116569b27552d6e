import { cpuText, spanText } from './text.ts';

/** CPU over a window, as metrics.k8s.io tells it: a mean. */
export interface Sample {
  readonly fromMs: number;
  readonly toMs: number;
  readonly milli: number;
}

export interface Window {
  readonly fromMs: number;
  readonly toMs: number;
}

/** A curve as a trace writes it. */
export type Points = readonly { readonly at: string; readonly cpu: string }[];

/**
 * A pod's CPU without gaps, over its life: what a sample says holds from the end of the one before. So a pod
 * that began in the middle of a scrape counts from its start as its first sample says, and the CPU of a
 * Deployment does not dip each time that it is scaled, when its new pods have no sample yet.
 */
export function stretchesOf(samples: readonly Sample[], life: Window): readonly Sample[] {
  const stretches: Sample[] = [];
  let { fromMs } = life;
  samples.forEach(({ toMs: sampleEndMs, milli }, index) => {
    // The last one holds to the end.
    const toMs = index === samples.length - 1 ? life.toMs : Math.min(sampleEndMs, life.toMs);
    if (toMs <= fromMs) return;
    stretches.push({ fromMs, toMs, milli });
    fromMs = toMs;
  });
  return stretches;
}

/** The mean over each window, both in the order of their times; outside its stretches a pod uses nothing. */
export function meansOver(windows: readonly Window[], stretches: readonly Sample[]): readonly number[] {
  let first = 0;
  return windows.map(({ fromMs, toMs }) => {
    while ((stretches[first]?.toMs ?? Number.POSITIVE_INFINITY) <= fromMs) first += 1;
    let used = 0;
    for (let index = first; index < stretches.length; index += 1) {
      const stretch = stretches[index];
      if (stretch === undefined || stretch.fromMs >= toMs) break;
      used += stretch.milli * (Math.min(stretch.toMs, toMs) - Math.max(stretch.fromMs, fromMs));
    }
    return used / (toMs - fromMs);
  });
}

export function sumOf(curves: readonly (readonly number[])[], length: number): readonly number[] {
  return Array.from({ length }, (_, index) => curves.reduce((sum, curve) => sum + (curve[index] ?? 0), 0));
}

/**
 * One point in the middle of each window. What lies before the start is the value at the start; points on a
 * level line between two others are left out.
 */
export function pointsOf(
  windows: readonly Window[],
  milli: readonly number[],
  { fromMs: startMs, toMs: endMs }: Window,
): Points {
  const all = windows.map(({ fromMs, toMs }, index) => ({
    atMs: Math.max(0, (fromMs + toMs) / 2 - startMs),
    cpu: cpuText(milli[index] ?? 0),
  }));
  const within = all.filter(({ atMs }, index) => atMs > 0 || (all[index + 1]?.atMs ?? 1) > 0);
  const before = within.filter(({ atMs }) => atMs <= endMs - startMs);
  return before
    .filter(({ cpu }, index) => !(before[index - 1]?.cpu === cpu && before[index + 1]?.cpu === cpu))
    .map(({ atMs, cpu }) => ({ at: spanText(atMs), cpu }));
}

/** A curve that is nothing all the time says nothing. */
export function isIdle(points: Points): boolean {
  return points.every(({ cpu }) => cpu === '0');
}
