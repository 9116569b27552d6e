import { isObject, isSet, pathBelow, problem, type Read } from './guard.ts';
import { isName, notAName } from './limits.ts';

/**
 * What a part of an object must look like where it is read: a text; a name, which is a short one; a flag; numbers or
 * texts by name; a list of something; an object with these fields, and whatever others. All may be absent, or null
 * as Go writes what was never set.
 */
export type Shape =
  | 'text'
  | 'name'
  | 'flag'
  | 'quantities'
  | 'map'
  | readonly [Shape]
  | { readonly [key: string]: Shape };

/** @returns the first part that has another shape */
export function misshapen(value: unknown, shape: Shape, path: string): Read<never> | undefined {
  if (!isSet(value)) return undefined;
  if (shape === 'text') return typeof value === 'string' ? undefined : problem(path, value, 'a text');
  if (shape === 'name') return isName(value) ? undefined : notAName(path, value);
  if (shape === 'flag') return typeof value === 'boolean' ? undefined : problem(path, value, 'true or false');
  if (isListShape(shape)) return misshapenItem(value, shape[0], path);
  if (!isObject(value)) return problem(path, value, 'an object');
  if (shape === 'map') return undefined;
  return shape === 'quantities' ? wrongQuantity(value, path) : misshapenField(value, shape, path);
}

function isListShape(shape: Shape): shape is readonly [Shape] {
  return Array.isArray(shape);
}

function misshapenItem(list: unknown, shape: Shape, path: string): Read<never> | undefined {
  if (!Array.isArray(list)) return problem(path, list, 'a list');
  for (const [index, item] of list.entries()) {
    const where = `${path}[${index}]`;
    const wrong = isSet(item) ? misshapen(item, shape, where) : problem(where, item, 'an object');
    if (wrong !== undefined) return wrong;
  }
  return undefined;
}

type Fields = Exclude<Shape, string | readonly [Shape]>;

function misshapenField(
  object: Readonly<Record<string, unknown>>,
  fields: Fields,
  path: string,
): Read<never> | undefined {
  for (const key in fields) {
    const shape = fields[key];
    if (shape === undefined || !isSet(object[key])) continue;
    const wrong = misshapen(object[key], shape, `${path}.${key}`);
    if (wrong !== undefined) return wrong;
  }
  return undefined;
}

function wrongQuantity(quantities: Readonly<Record<string, unknown>>, path: string): Read<never> | undefined {
  for (const name in quantities) {
    const quantity = quantities[name];
    if (typeof quantity === 'string' || typeof quantity === 'number') continue;
    return problem(pathBelow(path, name), quantity, 'a quantity');
  }
  return undefined;
}
