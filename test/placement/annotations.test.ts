import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  ANNOTATION_NAMES,
  ANNOTATION_PREFIX,
  MAX_FOUND_CHARACTERS,
  MAX_NAME_CHARACTERS,
  MAX_SHOWN,
  readAnnotations,
} from '../../src/placement/annotations.ts';
import { UNPRINTABLE, unicode } from '../text/unicode.ts';

const LIMIT = 0.95;

/** Annotations below our prefix, of known and unknown names. */
function annotations(names: readonly string[], value = 'wrong'): Record<string, string> {
  return Object.fromEntries(names.map((name) => [ANNOTATION_PREFIX + name, value]));
}

function unknownNames(count: number): readonly string[] {
  return Array.from({ length: count }, (_, index) => `unknown-${index}`);
}

describe('what is said of annotations that could not be read', () => {
  it.each([
    ['few, all of them', [...unknownNames(2), 'site'], ['site', 'unknown-0', 'unknown-1'], 0],
    ['as many as are shown', unknownNames(MAX_SHOWN), unknownNames(MAX_SHOWN), 0],
    ['more, how many', unknownNames(MAX_SHOWN + 17), unknownNames(MAX_SHOWN), 17],
    [
      'of all known names and many more, each known one and one other',
      [...unknownNames(100), ...ANNOTATION_NAMES],
      [...ANNOTATION_NAMES, 'unknown-0'],
      99,
    ],
  ])('is, of %s', (_what, names, shown, further) => {
    const { problems } = readAnnotations(annotations(names, ' - '), LIMIT);
    expect(problems.shown.map(({ annotation }) => annotation)).toEqual(
      shown.map((name) => ANNOTATION_PREFIX + name),
    );
    expect(problems.further).toBe(further);
  });

  it('is short and fit to show, whatever the pod carries, and counts each', () => {
    const name = fc.oneof(fc.constantFrom(...ANNOTATION_NAMES), unicode);
    const value = fc.oneof(unicode, fc.constant('x'.repeat(MAX_FOUND_CHARACTERS + 1)));
    fc.assert(
      fc.property(fc.dictionary(name, value, { maxKeys: 30 }), (carried) => {
        const own = Object.fromEntries(
          Object.entries(carried).map(([key, text]) => [ANNOTATION_PREFIX + key, text]),
        );
        const { policy, problems } = readAnnotations(own, LIMIT);
        expect(problems.shown.length).toBeLessThanOrEqual(MAX_SHOWN);
        expect(problems.shown.length + problems.further + Object.keys(policy).length).toBe(
          Object.keys(own).length,
        );
        for (const { annotation, found, allowed } of problems.shown) {
          expect(annotation.length).toBeLessThanOrEqual(MAX_NAME_CHARACTERS + 1);
          expect(found.length).toBeLessThanOrEqual(MAX_FOUND_CHARACTERS + 1);
          expect(`${annotation}${found}${allowed}`).not.toMatch(UNPRINTABLE);
        }
      }),
    );
  });

  it('is that a value is too long, if it is, though there is something in it', () => {
    const { policy, problems } = readAnnotations(
      annotations(['site'], `store-17${' '.repeat(250_000)}`),
      LIMIT,
    );
    expect(policy).toEqual({});
    expect(problems.shown[0]?.found).toBe(`store-17${' '.repeat(192)}…`);
  });
});
