import { describe, expect, it } from 'vitest';
import { type LabelSelector, matchesSelector } from '../../src/placement/selector.ts';

describe('label selectors', () => {
  const labels = { role: 'edge', empty: '' };
  const exists = (key: string): LabelSelector => ({ matchExpressions: [{ key, operator: 'Exists' }] });
  it.each<{ selector: LabelSelector; matches: boolean }>([
    { selector: {}, matches: true },
    { selector: { matchLabels: { role: 'edge' } }, matches: true },
    { selector: { matchLabels: { role: 'edge', empty: 'x' } }, matches: false },
    { selector: exists('empty'), matches: true },
    { selector: exists('toString'), matches: false },
    {
      selector: { matchExpressions: [{ key: 'role', operator: 'In', values: ['a', 'edge'] }] },
      matches: true,
    },
    { selector: { matchExpressions: [{ key: 'none', operator: 'In', values: ['a'] }] }, matches: false },
    {
      selector: { matchExpressions: [{ key: 'role', operator: 'NotIn', values: ['edge'] }] },
      matches: false,
    },
    { selector: { matchExpressions: [{ key: 'none', operator: 'NotIn', values: ['a'] }] }, matches: true },
    { selector: { matchExpressions: [{ key: 'role', operator: 'DoesNotExist' }] }, matches: false },
  ])('$selector: $matches', ({ selector, matches }) => {
    expect(matchesSelector(labels, selector)).toBe(matches);
  });
});
