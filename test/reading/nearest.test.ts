import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { editDistance, nearest } from '../../src/reading/nearest.ts';

describe('the edit distance', () => {
  it.each([
    ['', '', 0],
    ['', 'abc', 3],
    ['limit', 'limit', 0],
    ['limt', 'limit', 1],
    ['limitt', 'limit', 1],
    ['lamit', 'limit', 1],
    ['ilmit', 'limit', 1],
    ['kitten', 'sitting', 3],
  ])('of %j and %j is %d', (left, right, distance) => {
    expect(editDistance(left, right)).toBe(distance);
  });

  it('is the same both ways, and nothing only of equal words', () => {
    const word = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), maxLength: 6 });
    fc.assert(
      fc.property(word, word, (left, right) => {
        expect(editDistance(left, right)).toBe(editDistance(right, left));
        expect(editDistance(left, right) === 0).toBe(left === right);
        expect(editDistance(left, right)).toBeLessThanOrEqual(Math.max(left.length, right.length));
      }),
    );
  });
});

describe('the nearest key', () => {
  const keys = ['threshold', 'resume', 'limit', 'edgeCandidates'];
  it.each([
    ['treshold', 'threshold'],
    ['Threshold', 'threshold'],
    ['edgecandidate', 'edgeCandidates'],
    ['limti', 'limit'],
    ['port', undefined],
    ['', undefined],
  ])('to %j is %j', (word, expected) => {
    expect(nearest(word, keys)).toBe(expected);
  });
});
