import fc from 'fast-check';

/** What no line of a log and no text for a person may hold: written out here, and not taken from the code. */
export const UNPRINTABLE = /[\p{Cc}\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\p{Cs}]/u;

/** Texts with a good share of what a terminal acts upon. */
export const unicode: fc.Arbitrary<string> = fc
  .array(
    fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom(
        '\u001b[2J',
        '\n',
        '\u0085',
        '\u009b',
        '\u007f',
        '\u202e',
        '\u2066',
        '\u2028',
        '\u2029',
      ),
      fc.constantFrom('\ud800', '\udfff', '\\', '"', '\u0000', '\u200b', '\ufeff', '😀'),
    ),
    { maxLength: 20 },
  )
  .map((parts) => parts.join(''));
