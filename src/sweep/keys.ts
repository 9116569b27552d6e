import { nearest } from '../reading/nearest.ts';
import { traceFile } from '../trace/schema.ts';

/** What a swept value stands for in a trace: short names for what is swept most, else a path. */
export interface SweepKey {
  readonly name: string;
  readonly path: readonly string[];
  /** A bare number is so many seconds. */
  readonly seconds: boolean;
}

const SHORT: Readonly<Record<string, { readonly path: string; readonly seconds?: boolean }>> = {
  threshold: { path: 'configuration.placement.threshold' },
  resume: { path: 'configuration.placement.resume' },
  limit: { path: 'configuration.placement.limit' },
  edgeCandidates: { path: 'configuration.placement.edgeCandidates' },
  lead: { path: 'configuration.load.lead', seconds: true },
  requestFactor: { path: 'configuration.load.requestFactor' },
  resolution: { path: 'metricsServer.resolution', seconds: true },
  phase: { path: 'metricsServer.phase', seconds: true },
  policy: { path: 'scheduler.policy' },
  seed: { path: 'seed' },
};

export type KeyResult =
  | { readonly ok: true; readonly key: SweepKey }
  | { readonly ok: false; readonly problem: string };

/** A short name, or the path of a value in the trace, like `kubelet.startUp` or `load.0.points.2.cpu`. */
export function readKey(name: string): KeyResult {
  const short = Object.hasOwn(SHORT, name) ? SHORT[name] : undefined;
  if (short !== undefined) {
    return { ok: true, key: { name, path: short.path.split('.'), seconds: short.seconds ?? false } };
  }
  const path = name.split('.');
  const [first = ''] = path;
  const sections = Object.keys(traceFile.shape);
  if (sections.includes(first) && !path.includes(''))
    return { ok: true, key: { name, path, seconds: false } };
  const meant = nearest(path.length === 1 ? name : first, [...Object.keys(SHORT), ...sections]);
  const hint = meant === undefined ? '' : `${meant}? `;
  const allowed = `${Object.keys(SHORT).join(', ')}, or a path into the trace like kubelet.startUp`;
  return { ok: false, problem: `${name} is not known. ${hint}Allowed: ${allowed}` };
}

export type SetResult =
  | { readonly ok: true; readonly document: unknown }
  | { readonly ok: false; readonly problem: string };

/**
 * The document with another value at the key's path. Mappings on the way that are not there are made; an
 * entry of a list must be.
 */
export function setValue(document: unknown, key: SweepKey, value: string | number): SetResult {
  const written = key.seconds && typeof value === 'number' ? `${value}s` : value;
  const set = setAt(document, key.path, written);
  if (set === undefined) return { ok: false, problem: `${key.name} leads nowhere in this trace` };
  return { ok: true, document: key.name === 'policy' ? withoutExtender(set) : set };
}

function setAt(value: unknown, path: readonly string[], written: string | number): unknown {
  const [first, ...rest] = path;
  if (first === undefined) return written;
  if (Array.isArray(value)) {
    const index = Number(first);
    if (!Number.isInteger(index) || index < 0 || index >= value.length) return undefined;
    const item = setAt(value[index], rest, written);
    return item === undefined ? undefined : value.with(index, item);
  }
  if (value !== undefined && (typeof value !== 'object' || value === null)) return undefined;
  const child = Object.entries(value ?? {}).find(([key]) => key === first)?.[1];
  const set = setAt(child, rest, written);
  return set === undefined ? undefined : { ...value, [first]: set };
}

/** A policy says whether Spillway is asked: what the trace said of it no longer holds. */
function withoutExtender(document: unknown): unknown {
  if (typeof document !== 'object' || document === null || !('scheduler' in document)) return document;
  const { scheduler } = document;
  if (typeof scheduler !== 'object' || scheduler === null) return document;
  return { ...document, scheduler: { ...scheduler, extender: undefined } };
}
