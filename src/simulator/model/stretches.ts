import type { CpuStretch } from '../../outcome/result.ts';

/** What a node used from moment to moment. */
export interface Stretches {
  readonly list: CpuStretch[];
  /** A second that has begun: a request takes a whole core for some milliseconds, which nothing measures. */
  second: { readonly fromMs: number; readonly endMs: number; used: number } | undefined;
}

const SECOND_MS = 1000;

/** Usage that follows from curves is written down as it is. */
export function addLine(stretches: Stretches, line: CpuStretch): void {
  if (stretches.second === undefined) {
    push(stretches.list, line);
    return;
  }
  const { endMs } = stretches.second;
  addMean(stretches, line.fromMs, Math.min(endMs, line.toMs), meanBetween(line, line.fromMs, endMs));
  if (line.toMs <= endMs) return;
  closeSecond(stretches, endMs);
  push(stretches.list, { ...line, fromMs: endMs, fromMilli: at(line, endMs) });
}

/** Usage by requests is written down as its mean in each second. */
export function addMean(stretches: Stretches, fromMs: number, toMs: number, milli: number): void {
  let atMs = fromMs;
  while (atMs < toMs) {
    stretches.second ??= { fromMs: atMs, endMs: (Math.floor(atMs / SECOND_MS) + 1) * SECOND_MS, used: 0 };
    const { second } = stretches;
    const untilMs = Math.min(toMs, second.endMs);
    second.used += milli * (untilMs - atMs);
    if (untilMs === second.endMs) closeSecond(stretches, untilMs);
    atMs = untilMs;
  }
}

/** At the end of a run: the last second may not be over. */
export function closeSecond(stretches: Stretches, toMs: number): void {
  const { second, list } = stretches;
  if (second === undefined) return;
  stretches.second = undefined;
  const milli = second.used / (toMs - second.fromMs);
  push(list, { fromMs: second.fromMs, toMs, fromMilli: milli, toMilli: milli });
}

/** A quiet hour is one stretch, not one for every scrape. */
function push(list: CpuStretch[], stretch: CpuStretch): void {
  const last = list.at(-1);
  const flat = stretch.fromMilli === stretch.toMilli;
  if (last !== undefined && flat && last.fromMilli === last.toMilli && last.toMilli === stretch.fromMilli) {
    list[list.length - 1] = { ...last, toMs: stretch.toMs };
  } else list.push(stretch);
}

function at({ fromMs, toMs, fromMilli, toMilli }: CpuStretch, atMs: number): number {
  return fromMilli + ((toMilli - fromMilli) * (atMs - fromMs)) / (toMs - fromMs);
}

function meanBetween(line: CpuStretch, fromMs: number, toMs: number): number {
  return (at(line, fromMs) + at(line, Math.min(toMs, line.toMs))) / 2;
}
