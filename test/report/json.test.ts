import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { jsonPieces } from '../../src/report/json.ts';

const textOf = (value: object) => Array.from(jsonPieces(value)).join('');

describe('JSON in pieces', () => {
  const item = fc.oneof(
    fc.jsonValue(),
    fc.array(fc.jsonValue()),
    fc.constant(undefined),
    fc.constant('a\nline\r\nand \u2028 another'),
  );

  it('is what JSON.stringify writes', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), item), (value) => {
        expect(textOf(value)).toBe(JSON.stringify(value, null, 2));
      }),
    );
  });

  it('never comes to much more than one item at a time', () => {
    const list = Array.from({ length: 1000 }, (_, index) => ({ index, text: 'x'.repeat(1000) }));
    const pieces = Array.from(jsonPieces({ list }));
    expect(pieces.length).toBeGreaterThan(10);
    expect(Math.max(...pieces.map(({ length }) => length))).toBeLessThan(70_000);
    expect(JSON.parse(pieces.join(''))).toEqual({ list });
  });
});
