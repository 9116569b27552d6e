import * as z from 'zod';
import { parseDurationMs } from '../picture/project.ts';
import { parseCpuMilli } from '../placement/quantity.ts';
import { describe } from '../reading/fields.ts';

/** Kinds of values that a trace has beside those of the configuration. */

const DURATION = /^(0|(\d+(\.\d+)?(ns|us|µs|ms|s|m|h))+)$/;
const OBJECT_KEY = /^[a-z0-9]([a-z0-9.-]*[a-z0-9])?\/[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/;

/** A time since the trace began, in milliseconds. */
export function moment(what: string) {
  return span(what, 'a time since the start, written like 0s, 90s or 1m30s');
}

/** A length of time, in milliseconds; 0 is allowed. */
export function span(what: string, allowed = 'a duration, written like 0s, 250ms, 15s or 1m30s') {
  return describe(
    z
      .string(allowed)
      .regex(DURATION, allowed)
      .transform((text) => (text === '0' ? 0 : (parseDurationMs(text) ?? 0))),
    what,
    allowed,
  );
}

/** A length of time above 0. */
export function positiveSpan(what: string) {
  const allowed = 'a duration above 0, written like 15s or 1m30s';
  return describe(
    z
      .string(allowed)
      .regex(DURATION, allowed)
      .transform((text, context) => {
        const ms = parseDurationMs(text) ?? 0;
        if (ms > 0) return ms;
        context.issues.push({ code: 'custom', message: allowed, input: text });
        return z.NEVER;
      }),
    what,
    allowed,
  );
}

/** CPU in millicores; 0 is allowed. */
export function cpu(what: string) {
  const allowed = 'a CPU quantity, written like 0, 150m or 1.5';
  return describe(
    z.union([z.string(), z.number()], allowed).transform((value, context) => {
      const milli = parseCpuMilli(String(value));
      if (milli !== undefined && milli >= 0) return milli;
      context.issues.push({ code: 'custom', message: allowed, input: value });
      return z.NEVER;
    }),
    what,
    allowed,
  );
}

/** `namespace/name` of a Deployment or a pod. */
export function objectKey(what: string) {
  const allowed = 'namespace/name, like openfaas-fn/nodeinfo';
  return describe(z.string(allowed).regex(OBJECT_KEY, allowed), what, allowed);
}

export function nodeName(what: string) {
  const allowed = 'the name of a node';
  return describe(z.string(allowed).min(1, allowed), what, allowed);
}

export function count(what: string) {
  const allowed = 'a whole number from 0 to 100000';
  return describe(z.int(allowed).gte(0, allowed).lte(100_000, allowed), what, allowed);
}

/** A share of something. */
export function ratio(what: string) {
  const allowed = 'a number from 0 to 1';
  return describe(z.number(allowed).gte(0, allowed).lte(1, allowed), what, allowed);
}

/** A whole object in which exactly one of some keys must be set. */
export function exactlyOne(value: Readonly<Record<string, unknown>>, keys: readonly string[]): boolean {
  return keys.filter((key) => value[key] !== undefined).length === 1;
}
