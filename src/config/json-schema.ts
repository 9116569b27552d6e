import * as z from 'zod';
import { ALLOWED_MARK } from '../reading/fields.ts';
import type { PathKey } from '../reading/problems.ts';
import { configFile } from './schema.ts';

/** The keywords of JSON Schema that the configuration uses. */
export interface JsonSchema {
  readonly [keyword: string]: unknown;
  readonly description?: string;
  readonly default?: unknown;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly items?: JsonSchema;
  readonly required?: readonly string[];
}

/** One field as documents list it. */
export interface ConfigField {
  /** Like `placement.rules[].set.load`. */
  readonly path: string;
  readonly what: string;
  /** Undefined for a section, whose fields say it. */
  readonly allowed: string | undefined;
  readonly default: unknown;
  readonly required: boolean;
}

/** JSON Schema (2020-12) of the file as it is written. */
export function configJsonSchema(): JsonSchema {
  return { title: 'SpillwayConfiguration', ...z.toJSONSchema(configFile, { io: 'input' }) } as JsonSchema;
}

/** The keys that the mapping at a path may have. */
export function keysAt(schema: JsonSchema, path: readonly PathKey[]): readonly string[] {
  const found = path.reduce<JsonSchema | undefined>(
    (at, key) => (typeof key === 'number' ? at?.items : at?.properties?.[key]),
    schema,
  );
  return Object.keys(found?.properties ?? {});
}

/** Every field, a section before what it holds. */
export function fieldsOf(schema: JsonSchema, prefix = ''): readonly ConfigField[] {
  return Object.entries(schema.properties ?? {}).flatMap(([key, property]) => {
    const path = prefix === '' ? key : `${prefix}.${key}`;
    const [what = '', allowed] = (property.description ?? '').split(ALLOWED_MARK);
    const field = {
      path,
      what,
      allowed: allowed?.replace(/\.$/, ''),
      default: property.default,
      required: schema.required?.includes(key) === true,
    };
    const items = property.items === undefined ? [] : fieldsOf(property.items, `${path}[]`);
    return [field, ...fieldsOf(property, path), ...items];
  });
}
