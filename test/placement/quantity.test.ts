import { describe, expect, it } from 'vitest';
import { parseCpuMilli } from '../../src/placement/quantity.ts';

describe('CPU quantities', () => {
  it.each([
    ['706808951n', 706.808951],
    ['1522u', 1.522],
    ['250m', 250],
    ['2', 2000],
    ['0', 0],
    ['0.1', 100],
    ['.5', 500],
    ['5.', 5000],
    ['1k', 1_000_000],
    ['1e3', 1_000_000],
    ['12E-1', 1200],
    ['1Ki', 1_024_000],
    ['-1', -1000],
    ['+1', 1000],
  ])('%s is %d millicores', (text, milli) => {
    expect(parseCpuMilli(text)).toBe(milli);
  });

  it.each(['', 'm', '1 m', '1mm', '1x', 'NaN', '1e', '1.2.3', '0x10', '1e999', '-1e999', '9e308'])(
    '%j is none',
    (text) => {
      expect(parseCpuMilli(text)).toBeUndefined();
    },
  );
});
