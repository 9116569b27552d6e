import type { CpuStretch } from '../outcome/result.ts';

/** A value that changes along a straight line from one moment to the next. */
export interface Line {
  readonly fromMs: number;
  readonly toMs: number;
  readonly from: number;
  readonly to: number;
}

export function lineOf({ fromMs, toMs, fromMilli, toMilli }: CpuStretch): Line {
  return { fromMs, toMs, from: fromMilli, to: toMilli };
}

export function valueAt({ fromMs, toMs, from, to }: Line, atMs: number): number {
  return toMs === fromMs ? to : from + ((to - from) * (atMs - fromMs)) / (toMs - fromMs);
}

/** The same line in parts that end at these moments, which are in order. */
export function splitAt(line: Line, momentsMs: readonly number[]): readonly Line[] {
  const inner = momentsMs.filter((ms) => ms > line.fromMs && ms < line.toMs);
  const bounds = [line.fromMs, ...inner, line.toMs];
  return bounds.slice(1).map((toMs, index) => {
    const fromMs = bounds[index] ?? line.fromMs;
    return { fromMs, toMs, from: valueAt(line, fromMs), to: valueAt(line, toMs) };
  });
}

/** When the difference between two values changes its sign within the time; undefined: it does not. */
export function crossingMs({ fromMs, toMs, from, to }: Line): number | undefined {
  if (from === 0 || to === 0 || from > 0 === to > 0) return undefined;
  return fromMs + ((toMs - fromMs) * from) / (from - to);
}

/** Its integral, in units of the value times milliseconds. */
export function areaOf({ fromMs, toMs, from, to }: Line): number {
  return ((from + to) / 2) * (toMs - fromMs);
}

/** How long a value is above a limit, in milliseconds. */
export function msAbove(lines: readonly Line[], limit: number): number {
  return lines.reduce((total, { fromMs, toMs, from, to }) => {
    const above: Line = { fromMs, toMs, from: from - limit, to: to - limit };
    const crossing = crossingMs(above);
    if (crossing !== undefined) return total + (from > limit ? crossing - fromMs : toMs - crossing);
    return from > limit || to > limit ? total + toMs - fromMs : total;
  }, 0);
}

interface Change {
  readonly atMs: number;
  readonly channel: number;
  readonly jump: number;
  readonly slope: number;
}

/**
 * Sums of lines, each channel by itself, over the same pieces of time. Costs the number of lines, not that of
 * lines times channels.
 */
export function sumChannels(channels: readonly (readonly Line[])[]): readonly (readonly Line[])[] {
  const changes = channels
    .flatMap((lines, channel) => lines.flatMap((line) => changesOf(line, channel)))
    .sort((left, right) => left.atMs - right.atMs);
  const values = channels.map(() => 0);
  const slopes = channels.map(() => 0);
  const sums: Line[][] = channels.map(() => []);
  let atMs = changes[0]?.atMs ?? 0;
  for (const change of changes) {
    if (change.atMs > atMs) {
      for (const [channel, lines] of sums.entries()) {
        const from = values[channel] ?? 0;
        const to = from + (slopes[channel] ?? 0) * (change.atMs - atMs);
        lines.push({ fromMs: atMs, toMs: change.atMs, from, to });
        values[channel] = to;
      }
      atMs = change.atMs;
    }
    values[change.channel] = (values[change.channel] ?? 0) + change.jump;
    slopes[change.channel] = (slopes[change.channel] ?? 0) + change.slope;
  }
  return sums;
}

function changesOf({ fromMs, toMs, from, to }: Line, channel: number): readonly Change[] {
  if (toMs <= fromMs) return [];
  const slope = (to - from) / (toMs - fromMs);
  return [
    { atMs: fromMs, channel, jump: from, slope },
    { atMs: toMs, channel, jump: -to, slope: -slope },
  ];
}
