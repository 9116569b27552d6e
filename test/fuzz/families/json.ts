import type { Draw } from '../../fidelity/draw.ts';
import { type Attack, type Family, post } from '../attack.ts';
import { soundQuestion } from './questions.ts';

type Mangle = (text: string, draw: Draw) => string | Buffer;

const DEPTHS = [100, 5000, 10_000, 100_000] as const;
const NUMBERS = [
  '1e999',
  '-1e999',
  '9007199254740993',
  '-0',
  '1E400000',
  '0.1e-400',
  '1'.repeat(400),
] as const;
const BYTES = 256;

const MANGLES: readonly Mangle[] = [
  (text, draw) => text.slice(0, draw.between(0, text.length - 1)),
  (text, draw) => `${text}${draw.pick([',', '}', '\u0000', ' {}', text])}`,
  (_text, draw) => nested(draw.pick(DEPTHS), '[', ']'),
  (_text, draw) => nested(draw.pick(DEPTHS), '{"Pod":', '}'),
  (text, draw) => text.replace('"spec":', `"spec":${nested(draw.pick(DEPTHS), '{"a":[', ']}')},"other":`),
  // The last of two keys holds, in JSON.parse as in Go.
  (text) => text.replace('{', '{"Pod":null,"Pod":{"metadata":{"name":"first"}},'),
  (text, draw) => text.replace('"metadata":{', `"metadata":{"${draw.pick(KEYS)}":{"name":"x","uid":"y"},`),
  (text, draw) => text.replace(/"(?:100m|name|NumPDBViolations)":?/, `"x":${draw.pick(NUMBERS)},"y":`),
  (text, draw) => text.replaceAll(/:(?:null|0)/g, () => `:${draw.pick(NUMBERS)}`),
  (text, draw) =>
    text.replace('fuzz-', draw.pick(['\\ud800', '\\udfff\\ud800', '\\u0000', '\\u202e', '\u2028'])),
  (text) => text.replace('fuzz-', '\u0000'),
  (text) => `\ufeff${text}`,
  (text) => Buffer.from(text, 'utf16le'),
  (text, draw) => flipped(Buffer.from(text), draw),
  (_text, draw) => Buffer.from(draw.times(draw.between(0, 300), () => draw.between(0, BYTES - 1))),
  (text) => text.replaceAll('"', "'"),
  (_text, draw) => draw.pick(['null', '[]', '""', '0', '[null]', '{}', '{"Pod":[]}', 'NaN', '']),
  (text) => `${' '.repeat(100_000)}${text}`,
];

const KEYS = ['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty', ''] as const;

function nested(depth: number, open: string, close: string): string {
  return `${open.repeat(depth)}null${close.repeat(depth)}`;
}

function flipped(bytes: Buffer, draw: Draw): Buffer {
  for (let count = draw.between(1, 20); count > 0; count -= 1) {
    bytes[draw.between(0, bytes.length - 1)] = draw.between(0, BYTES - 1);
  }
  return bytes;
}

function mangled(draw: Draw): Attack {
  const { path, args } = soundQuestion(draw);
  return post(path, draw.pick(MANGLES)(JSON.stringify(args), draw));
}

export const JSON_FAMILIES: readonly Family[] = [{ name: 'mangled JSON', weight: 150, make: mangled }];
