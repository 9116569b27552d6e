/** A duration or a moment as traces write it, to the millisecond. */
export function spanText(ms: number): string {
  const wholeMs = Math.round(ms);
  if (wholeMs < 1000) return wholeMs === 0 ? '0s' : `${wholeMs}ms`;
  return `${wholeMs / 1000}s`;
}

/** CPU as traces write it. Metrics are not exact to less than a millicore. */
export function cpuText(milli: number): string {
  const whole = Math.round(milli);
  return whole === 0 ? '0' : `${whole}m`;
}
