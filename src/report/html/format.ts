/** Numbers as the report writes them: the same on every machine, whatever its language. */

export function milliText(milli: number): string {
  return `${Math.round(milli)}m`;
}

/** Millicores up to ten CPUs, whole CPUs above. */
export function cpuText(milli: number): string {
  return Math.abs(milli) < 10_000 ? milliText(milli) : `${trimmed(milli / 1000, 1)} CPU`;
}

/** To three figures, as far as times of answers are known at all: `7.5 ms`, `283 ms`, `1.2 s`. */
export function durationText(ms: number): string {
  if (ms >= 10_000) return `${trimmed(ms / 1000, 1)} s`;
  if (ms >= 1000) return `${trimmed(ms / 1000, 2)} s`;
  return `${trimmed(ms, ms < 10 ? 1 : 0)} ms`;
}

export function percentText(ratio: number): string {
  return `${Math.round(ratio * 100)} %`;
}

/** `1 pod`, `2 pods`. */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}

/** `a`, `a and b`, `a, b and c`. */
export function listed(items: readonly string[]): string {
  if (items.length < 2) return items.join('');
  return `${items.slice(0, -1).join(', ')} and ${items.at(-1)}`;
}

/** Without zeros at the end of the fraction. */
function trimmed(value: number, digits: number): string {
  return String(Number(value.toFixed(digits)));
}

/** `openfaas-fn/nodeinfo` without its namespace, where there is only one. */
export function shortName(name: string): string {
  return name.slice(name.indexOf('/') + 1);
}
