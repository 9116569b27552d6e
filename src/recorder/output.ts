import type { JsonObject } from './objects.ts';

/** The sections of Spillway's configuration that decide where pods go. The others speak of one installation. */
const DECIDING = ['tiers', 'placement', 'load', 'metrics', 'reservations'];

/** What a trace takes of a configuration file that was checked. */
export function decidingConfiguration(file: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(file).filter(([key]) => DECIDING.includes(key)));
}

const MAX_LINE = 100;

/** JSON for people and for `diff`: what is small stands on one line. No string holds a line break in JSON. */
export function traceText(document: JsonObject): string {
  const text = JSON.stringify(document, null, 2);
  const short = text.replaceAll(/\{\n\s+[^{}[\]]*?\n\s*\}/g, (object) => {
    const line = object.replaceAll(/\n\s*/g, ' ');
    return line.length <= MAX_LINE ? line : object;
  });
  return `${short}\n`;
}
