import { readdirSync, readFileSync } from 'node:fs';
import { join, sep } from 'node:path';
import { parse } from 'yaml';
import { simulationsPath, type TraceDocument } from '../traces.ts';

const TRACE = /\.(json|yaml|yml)$/;
const SCHEMA = 'trace.schema.json';

export interface ShippedTrace {
  /** As `--trace` takes it, and as the goldens and mutations name it: `e1`, `thesis/nodeinfo-e1`. */
  readonly name: string;
  /** Its path below simulations/. */
  readonly file: string;
  readonly document: TraceDocument;
}

/** Every trace below simulations/, whoever put it there. */
export function shippedTraces(): readonly ShippedTrace[] {
  const folder = simulationsPath('');
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => TRACE.test(file) && file !== SCHEMA)
    .sort()
    .map((file) => ({
      name: file.replace(TRACE, '').replaceAll(sep, '/'),
      file: file.replaceAll(sep, '/'),
      document: parse(readFileSync(join(folder, file), 'utf8')),
    }));
}

/** The policies that a trace must be run under for each of its expectations to be checked once. */
export function policiesOf({ scheduler, expect }: TraceDocument): readonly string[] {
  const own = (scheduler as TraceDocument | undefined)?.['policy'] ?? 'spillway';
  const named = ((expect ?? []) as readonly TraceDocument[]).flatMap(({ policy }) => policy ?? []);
  return [...new Set([own, ...named].map(String))];
}
