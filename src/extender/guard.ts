import { printable, printableJson } from '../text/printable.ts';

/** What makes a body unreadable: a value, not an error. */
export interface WireProblem {
  /** Like `Pod.metadata.name`; empty: the body itself. */
  readonly path: string;
  readonly found: string;
  readonly allowed: string;
}

export type Read<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly problem: WireProblem };

/** An object of which nothing is known yet but the keys that are looked for. */
export type Unread<Key extends string> = { readonly [K in Key]?: unknown };

/** Texts longer than this are named by their length: they may be anybody's megabytes. */
const SHOWN_CHARACTERS = 40;
const SHOWN_KEY_CHARACTERS = 63;

export function done<T>(value: T): Read<T> {
  return { ok: true, value };
}

export function problem(path: string, found: unknown, allowed: string): Read<never> {
  return { ok: false, problem: { path, found: describe(found), allowed } };
}

/** @param counted like `names` */
export function excess(path: string, found: number, counted: string, most: number): Read<never> {
  return { ok: false, problem: { path, found: `${found} ${counted}`, allowed: `at most ${most}` } };
}

/** The path of what stands under a key that the sender chose. */
export function pathBelow(path: string, key: string): string {
  return `${path}.${printable(key, SHOWN_KEY_CHARACTERS)}`;
}

export function describeProblem({ path, found, allowed }: WireProblem): string {
  return `${path === '' ? 'body' : path}: found ${found}, allowed ${allowed}`;
}

export function readJson(body: string | Uint8Array): Read<unknown> {
  try {
    return done(JSON.parse(typeof body === 'string' ? body : textOf(body)));
  } catch {
    const found = body.length === 0 ? 'nothing' : `${body.length} bytes that are no JSON`;
    return { ok: false, problem: { path: '', found, allowed: 'a JSON object' } };
  }
}

function textOf(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString();
}

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Go writes a pointer, slice or map that was never set as null. */
export function isSet(value: unknown): boolean {
  return value !== undefined && value !== null;
}

function describe(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (value === null || typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (typeof value === 'string') {
    return value.length <= SHOWN_CHARACTERS
      ? printableJson(JSON.stringify(value))
      : `a text of ${value.length} characters`;
  }
  return Array.isArray(value) ? 'a list' : 'an object';
}
