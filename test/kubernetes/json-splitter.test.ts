import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createLineSplitter, createListSplitter } from '../../src/kubernetes/json-splitter.ts';

/** The body cut at these places (shares of its length), whatever character, string or escape they hit. */
function cut(body: string, places: readonly number[]): readonly Buffer[] {
  const bytes = Buffer.from(body);
  const ends = [...places.map((place) => Math.floor(place * bytes.length)), bytes.length];
  const sorted = ends.toSorted((one, other) => one - other);
  return sorted.map((end, index) => bytes.subarray(sorted[index - 1] ?? 0, end));
}

function splitAll(chunks: readonly Buffer[]): { items: readonly unknown[]; envelope: unknown } {
  const { split, end } = createListSplitter();
  const items = chunks.flatMap((chunk) => split(chunk)).map((text): unknown => JSON.parse(text));
  return { items, envelope: end() };
}

const anyCuts = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 20 });
const anySpace = fc.constantFrom('', ' ', '\n', ' \t\r\n ');
const anyItems = fc.array(fc.jsonValue({ stringUnit: 'grapheme' }), { maxLength: 8 });

describe('createListSplitter', () => {
  it('gives the items of any list, however it is cut, and what stands around them', () => {
    const rest = fc.dictionary(
      fc.string({ unit: 'grapheme' }).filter((key) => key !== 'items' && key !== '__proto__'),
      fc.jsonValue(),
      { maxKeys: 4 },
    );
    fc.assert(
      fc.property(
        anyItems,
        fc.tuple(rest, rest),
        anyCuts,
        fc.record({ space: anySpace, indent: fc.boolean() }),
        (items, [before, after], cuts, { space, indent }) => {
          const members = [
            ...Object.entries(before).filter(([key]) => !(key in after)),
            ['items', items] as const,
            ...Object.entries(after),
          ].map(
            ([key, value]) =>
              `${JSON.stringify(key)}${space}:${space}${JSON.stringify(value, null, indent ? 2 : 0)}`,
          );
          const body = `${space}{${space}${members.join(`${space},${space}`)}${space}}${space}`;
          const result = splitAll(cut(body, cuts));
          expect(result.items).toEqual(JSON.parse(JSON.stringify(items)));
          expect(result.envelope).toEqual({ ...JSON.parse(body), items: [] });
        },
      ),
      { numRuns: 500 },
    );
  });

  it.each<[string, string, number]>([
    ['no items', '{"metadata":{"resourceVersion":"7"},"items":[]}', 0],
    ['items that are null, as Go writes an empty slice', '{"items":null,"metadata":{}}', 0],
    ['items of another object further down', '{"metadata":{"items":[1,2]},"items":[3]}', 1],
    ['a key that ends like items', String.raw`{"my\"items":[1,2],"items":[3]}`, 1],
    ['a text that looks like items', String.raw`{"kind":"\"items\":[1,2]","items":[3]}`, 1],
    ['brackets, quotes and backslashes in texts', String.raw`{"items":["]","\\","\"],[",{"a":"}]"}]}`, 4],
  ])('reads %s, cut after every byte', (_name, body, count) => {
    const bytes = Array.from(Buffer.from(body), (byte) => Buffer.from([byte]));
    expect(splitAll(bytes).items).toHaveLength(count);
  });

  it.each([
    ['in an item', '{"items":[{"a":1},{"b"'],
    ['in a text', '{"items":["abc'],
    ['after the items', '{"items":[1,2]'],
    ['before anything', ''],
  ])('refuses a body that ends %s', (_name, body) => {
    const { split, end } = createListSplitter();
    split(Buffer.from(body));
    expect(end).toThrow();
  });

  it('refuses an item and an envelope without end, so that memory stays bounded', () => {
    const megabyte = Buffer.alloc(1024 * 1024, 'a');
    const inItem = createListSplitter();
    inItem.split(Buffer.from('{"items":["'));
    expect(() => {
      for (let count = 0; count < 20; count += 1) inItem.split(megabyte);
    }).toThrow('one item is longer than 16777216 bytes');
    const outside = createListSplitter();
    outside.split(Buffer.from('{"kind":"'));
    expect(() => outside.split(megabyte)).toThrow(
      'what stands around the items is longer than 1048576 bytes',
    );
  });
});

describe('createLineSplitter', () => {
  it('gives every line that has ended, however the stream is cut', () => {
    fc.assert(
      fc.property(anyItems, anyCuts, fc.jsonValue(), (events, cuts, unfinished) => {
        const body = `${events.map((event) => `${JSON.stringify(event)}\n`).join('')}${JSON.stringify(unfinished)}`;
        const split = createLineSplitter();
        const lines = cut(body, cuts).flatMap((chunk) => split(chunk));
        expect(lines).toEqual(events.map((event) => JSON.stringify(event)));
      }),
    );
  });
});
