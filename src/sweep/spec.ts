import { readKey, type SweepKey } from './keys.ts';

export type SweepValue = string | number;

/** One `--sweep key=values`. */
export interface Axis {
  readonly key: SweepKey;
  readonly values: readonly SweepValue[];
}

export type AxisResult =
  | { readonly ok: true; readonly axis: Axis }
  | { readonly ok: false; readonly problem: string };

const ALLOWED = 'written like threshold=0.5..0.95:0.05, or resolution=10,15,30';
const MAX_VALUES = 10_000;
const NUMBER = /^-?\d+(\.\d+)?$/;
const RANGE = /^(-?\d+(?:\.\d+)?)\.\.(-?\d+(?:\.\d+)?):(\d+(?:\.\d+)?)$/;

/** `key=from..to:step`, both ends included, or `key=value,value`. */
export function readAxis(text: string): AxisResult {
  const equals = text.indexOf('=');
  if (equals < 1) return { ok: false, problem: `${text} is no key with values: ${ALLOWED}` };
  const read = readKey(text.slice(0, equals));
  if (!read.ok) return read;
  const values = valuesOf(text.slice(equals + 1));
  if (values === undefined) {
    return {
      ok: false,
      problem: `${text} has no values that can be read: ${ALLOWED}, at most ${MAX_VALUES}`,
    };
  }
  const repeated = values.find((value, index) => values.indexOf(value) !== index);
  return repeated === undefined
    ? { ok: true, axis: { key: read.key, values } }
    : { ok: false, problem: `${text} names ${repeated} twice` };
}

function valuesOf(text: string): readonly SweepValue[] | undefined {
  const range = RANGE.exec(text);
  if (range !== null) {
    const [from = 0, to = 0, step = 0] = range.slice(1).map(Number);
    const count = Math.floor((to - from) / step + 1e-9) + 1;
    if (step === 0 || count < 1 || count > MAX_VALUES) return undefined;
    // 0.5 + 3 × 0.05 is written 0.65, and not 0.6500000000000001.
    return Array.from({ length: count }, (_, index) => Number((from + index * step).toFixed(10)));
  }
  if (text.includes('..')) return undefined;
  const values = text.split(',');
  if (values.some((value) => value === '') || values.length > MAX_VALUES) return undefined;
  return values.map((value) => (NUMBER.test(value) ? Number(value) : value));
}
