import * as z from 'zod';
import { parseDurationMs } from '../picture/project.ts';
import { parseCpuMilli } from '../placement/quantity.ts';

/**
 * The kinds of values that the configuration has. Each takes what it does, for the JSON Schema and the page
 * in docs/, and says what is allowed in the same words there and in its errors.
 */

/** Stands between what a field does and what it allows, in the description that JSON Schema carries. */
export const ALLOWED_MARK = ' Allowed: ';

export const PATH_ALLOWED = 'the path of a file';
export const PATH = /^[^\0]+$/;

/** A share above 0 and up to 1. */
export function ratio(what: string) {
  const allowed = 'a number above 0 and up to 1';
  return describe(z.number(allowed).gt(0, allowed).lte(1, allowed), what, allowed);
}

export function numberFrom(min: number, max: number, what: string) {
  const allowed = `a number from ${min} to ${max}`;
  return describe(z.number(allowed).gte(min, allowed).lte(max, allowed), what, allowed);
}

export function wholeNumber(min: number, max: number, what: string) {
  const allowed = `a whole number from ${min} to ${max}`;
  return describe(z.int(allowed).gte(min, allowed).lte(max, allowed), what, allowed);
}

export function oneOf<const T extends readonly [string, ...string[]]>(values: T, what: string) {
  const allowed = values.join(', ');
  return describe(z.enum(values, allowed), what, allowed);
}

export function text(allowed: string, pattern: RegExp, what: string) {
  return describe(z.string(allowed).regex(pattern, allowed), what, allowed);
}

/** Like `text`; an empty text stands for none. */
export function optionalText(allowed: string, pattern: RegExp, what: string) {
  const allowedOrNone = `${allowed}; empty: none`;
  const orEmpty = new RegExp(`^$|${pattern.source}`);
  return describe(
    z
      .string(allowedOrNone)
      .regex(orEmpty, allowedOrNone)
      .transform((value) => (value === '' ? undefined : value)),
    what,
    allowedOrNone,
  );
}

/** Read as milliseconds. Bounds are durations as one would write them. */
export function duration(from: string, to: string, what: string) {
  const allowed = `a duration from ${from} to ${to}, written like 15s or 1m30s`;
  const [minMs = 0, maxMs = 0] = [parseDurationMs(from), parseDurationMs(to)];
  return describe(
    z
      .string(allowed)
      .regex(/^(\d+(\.\d+)?(ns|us|µs|ms|s|m|h))+$/, allowed)
      .transform((value, context) => {
        const ms = parseDurationMs(value);
        if (ms !== undefined && ms >= minMs && ms <= maxMs) return ms;
        context.issues.push({ code: 'custom', message: allowed, input: value });
        return z.NEVER;
      }),
    what,
    allowed,
  );
}

/** A CPU quantity above 0, read as millicores. */
export function cpuQuantity(what: string) {
  const allowed = 'a CPU quantity above 0, written like 150m or 0.15';
  return describe(
    z.union([z.string(), z.number()], allowed).transform((value, context) => {
      const milli = parseCpuMilli(String(value));
      if (milli !== undefined && milli > 0) return milli;
      context.issues.push({ code: 'custom', message: allowed, input: value });
      return z.NEVER;
    }),
    what,
    allowed,
  );
}

/** Text that YAML may have read as a number, for the values that annotations hold as text. */
export function textOrNumber(allowed: string, what: string) {
  return describe(
    z.union([z.string(), z.number()], allowed).transform((value) => String(value)),
    what,
    allowed,
  );
}

/** A mapping of known keys; any other key is an error. */
export function section<T extends z.core.$ZodLooseShape>(shape: T, what: string) {
  return z.strictObject(shape, `a mapping of ${Object.keys(shape).join(', ')}`).describe(what);
}

export function describe<T extends z.ZodType>(schema: T, what: string, allowed: string): T {
  return schema.describe(`${what}${ALLOWED_MARK}${allowed}.`);
}
