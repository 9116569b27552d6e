import type { Draw } from '../../fidelity/draw.ts';
import type { Attack, Family } from '../attack.ts';
import { asAttack, soundQuestion } from './questions.ts';

const VALUES: readonly unknown[] = [
  null,
  true,
  0,
  -1,
  1.5,
  2 ** 60,
  '',
  'x',
  [],
  [null],
  [[]],
  {},
  { length: 1_000_000_000 },
  { toString: null },
  { toJSON: 'x' },
];

/** Beyond these an object has nothing else of its kind. */
const ITEMS_LOOKED_AT = 3;

type Path = readonly string[];

/** The way to each value of a question: each is of a wrong type once. */
function pathsOf(value: unknown, path: Path = []): readonly Path[] {
  if (typeof value !== 'object' || value === null) return [path];
  const inner = Object.entries(value).slice(0, Array.isArray(value) ? ITEMS_LOOKED_AT : undefined);
  return [path, ...inner.flatMap(([key, each]) => pathsOf(each, [...path, key]))];
}

function replaced(value: unknown, [key, ...rest]: Path, by: unknown): unknown {
  if (key === undefined) return by;
  if (Array.isArray(value))
    return value.map((each, index) => (String(index) === key ? replaced(each, rest, by) : each));
  const fields = Object(value);
  return { ...fields, [key]: replaced(fields[key], rest, by) };
}

function wrongTypes(draw: Draw): Attack {
  const { path, args } = soundQuestion(draw);
  let changed: unknown = args;
  for (let count = draw.between(1, 3); count > 0; count -= 1) {
    changed = replaced(changed, draw.pick(pathsOf(changed)), draw.pick(VALUES));
  }
  return asAttack({ path, args: changed as Readonly<Record<string, unknown>> });
}

export const TYPE_FAMILIES: readonly Family[] = [{ name: 'wrong types', weight: 150, make: wrongTypes }];
