import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isEarlier } from '../../src/kubernetes/resource-version.ts';

describe('isEarlier', () => {
  it('compares versions of any length as whole numbers', () => {
    const version = fc.bigInt({ min: 1n, max: 10n ** 40n });
    fc.assert(
      fc.property(version, version, (one, other) => {
        expect(isEarlier(String(one), String(other))).toBe(one < other);
      }),
    );
  });

  it.each([
    ['9', '10', true],
    ['10', '9', false],
    ['812', '812', false],
    ['9007199254740992', '9007199254740993', true],
    ['9007199254740993', '9007199254740992', false],
  ])('%s before %s: %s', (one, other, expected) => {
    expect(isEarlier(one, other)).toBe(expected);
  });

  it.each(['', '0', '-5', '007', '1.5', '1e3', ' 5', 'v5', '5a', '٥'])('%j has no order', (version) => {
    expect(isEarlier(version, '1000')).toBe(false);
    expect(isEarlier('1000', version)).toBe(false);
  });
});
