import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { printable, printableJson } from '../../src/text/printable.ts';
import { UNPRINTABLE, unicode } from './unicode.ts';

describe('a text of unknown origin', () => {
  it.each([
    ['plain', 'edge-1', 'edge-1'],
    ['in other scripts', 'Zürich 山 😀', 'Zürich 山 😀'],
    ['with lines', 'a\r\nb', 'a\\u000d\\u000ab'],
    ['that moves the cursor', '\u001b[2Jx', '\\u001b[2Jx'],
    ['with C1 and DEL', 'a\u009b31m\u007f', 'a\\u009b31m\\u007f'],
    ['that turns the direction of writing', '\u202eedge\u2066', '\\u202eedge\\u2066'],
    ['with separators of lines', 'a\u2028b\u2029', 'a\\u2028b\\u2029'],
    ['with characters of no width', 'ed\u200bge\ufeff', 'ed\\u200bge\\ufeff'],
    ['with one that is not assigned yet, and shown by nobody', 'a\u2065b', 'a\\u2065b'],
    ['with half a pair', 'a\ud800b', 'a\\ud800b'],
    ['with a tag beyond the first plane', '\u{e0041}', '\\udb40\\udc41'],
    ['of just the length', 'x'.repeat(20), 'x'.repeat(20)],
    ['too long', 'x'.repeat(21), `${'x'.repeat(20)}…`],
    ['cut before an escape, never within', `${'x'.repeat(15)}\u009b`, `${'x'.repeat(15)}…`],
    ['cut before a pair, never within', `${'x'.repeat(19)}😀`, `${'x'.repeat(19)}…`],
  ])('%s is fit to show', (_what, text, shown) => {
    expect(printable(text, 20)).toBe(shown);
  });

  it('whatever it is, is short and has nothing that a terminal acts upon', () => {
    fc.assert(
      fc.property(unicode, fc.nat({ max: 60 }), (text, max) => {
        const shown = printable(text, max);
        expect(shown.length).toBeLessThanOrEqual(max + 1);
        expect(shown).not.toMatch(UNPRINTABLE);
      }),
    );
  });
});

describe('JSON', () => {
  it('says the same, of characters that can be shown', () => {
    fc.assert(
      fc.property(fc.dictionary(unicode, unicode), (value) => {
        const json = printableJson(JSON.stringify(value));
        expect(json).not.toMatch(UNPRINTABLE);
        expect(JSON.parse(json)).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });
});
