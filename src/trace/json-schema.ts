import * as z from 'zod';
import type { JsonSchema } from '../config/json-schema.ts';
import type { PathKey } from '../reading/problems.ts';
import { TRACE_KIND, traceFile } from './schema.ts';

/** JSON Schema (2020-12) of a trace as it is written: simulations/trace.schema.json. */
export function traceJsonSchema(): JsonSchema {
  return { title: TRACE_KIND, ...z.toJSONSchema(traceFile, { io: 'input' }) } as JsonSchema;
}

/** The keys that the mapping at a path of this document may have. */
export function traceKeysAt(document: unknown, path: readonly PathKey[]): readonly string[] {
  let schema: JsonSchema | undefined = traceJsonSchema();
  let value = document;
  for (const key of path) {
    value = childOf(value, key);
    schema = variantFor(typeof key === 'number' ? schema?.items : schema?.properties?.[key], value);
  }
  return Object.keys(schema?.properties ?? {});
}

/** The entry of a union that the value's `type` names. */
function variantFor(schema: JsonSchema | undefined, value: unknown): JsonSchema | undefined {
  const variants = schema?.['oneOf'] ?? schema?.['anyOf'];
  if (!Array.isArray(variants)) return schema;
  const type = childOf(value, 'type');
  return variants.find((variant: JsonSchema) => variant.properties?.['type']?.['const'] === type);
}

function childOf(value: unknown, key: PathKey): unknown {
  if (typeof value !== 'object' || value === null) return undefined;
  return Object.entries(value).find(([name]) => name === String(key))?.[1];
}
