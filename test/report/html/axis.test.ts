import { describe, expect, it } from 'vitest';
import {
  lengthText,
  momentText,
  percentOf,
  roundMomentText,
  timeAxis,
} from '../../../src/report/html/axis.ts';
import { cpuText, durationText, listed, percentText } from '../../../src/report/html/format.ts';
import { countAxis, exactAxis, linearAxis, logAxis } from '../../../src/report/html/scales.ts';

const HOUR_MS = 3_600_000;

describe('the axis of time', () => {
  it.each([
    { lengthMs: 10_000, first: ['0 s', '1 s'], count: 11 },
    { lengthMs: 600_000, first: ['0 s', '60 s'], count: 11 },
    { lengthMs: 1_500_000, first: ['0:00', '0:05'], count: 6 },
    { lengthMs: 24 * HOUR_MS, first: ['0:00', '3:00'], count: 9 },
    { lengthMs: 30 * 24 * HOUR_MS, first: ['0:00', '72:00'], count: 11 },
    { lengthMs: 0, first: ['0 s'], count: 1 },
  ])('of $lengthMs ms has $count ticks, in steps that people use', ({ lengthMs, first, count }) => {
    const { ticks } = timeAxis(lengthMs);
    expect(ticks).toHaveLength(count);
    expect(ticks.slice(0, first.length).map(({ text }) => text)).toEqual(first);
  });

  it.each([1, 59_999, 600_000, 86_400_000, 31 * 86_400_000])(
    'of %i ms has at most 25 rows in tables',
    (lengthMs) => {
      const { rowMs } = timeAxis(lengthMs);
      expect(lengthMs / rowMs).toBeLessThanOrEqual(24);
    },
  );

  it('says where a moment is', () => {
    expect(percentOf(timeAxis(600_000), 150_000)).toBe('25%');
    expect(percentOf(timeAxis(600_000), 105_005)).toBe('17.5%');
  });

  it.each([
    { lengthMs: 600_000, ms: 105_005, exact: '105.005 s', round: '105.005 s' },
    { lengthMs: 600_000, ms: 240_000, exact: '240.000 s', round: '240 s' },
    { lengthMs: 600_000, ms: 1500, exact: '1.500 s', round: '1.5 s' },
    { lengthMs: 2 * HOUR_MS, ms: HOUR_MS + 62_003, exact: '1:01:02.003', round: '1:01:02.003' },
    { lengthMs: 2 * HOUR_MS, ms: HOUR_MS, exact: '1:00:00.000', round: '1:00:00' },
  ])('writes $ms ms of $lengthMs ms as $exact', ({ lengthMs, ms, exact, round }) => {
    expect(momentText({ lengthMs }, ms)).toBe(exact);
    expect(roundMomentText({ lengthMs }, ms)).toBe(round);
  });
});

describe('numbers', () => {
  it.each([
    [lengthText(90_500), '90.5 s'],
    [lengthText(600_000), '10 min'],
    [lengthText(5_400_000), '1 h 30 min'],
    [lengthText(86_400_000), '24 h'],
    [lengthText(3_661_000), '1 h 1 min 1 s'],
    [durationText(7.46), '7.5 ms'],
    [durationText(283.4), '283 ms'],
    [durationText(1234), '1.23 s'],
    [durationText(65_430), '65.4 s'],
    [cpuText(9999), '9999m'],
    [cpuText(96_000), '96 CPU'],
    [percentText(0.946), '95 %'],
    [listed(['a', 'b', 'c']), 'a, b and c'],
    [listed(['a']), 'a'],
    [listed([]), ''],
  ])('reads %s', (made, wanted) => {
    expect(made).toBe(wanted);
  });
});

describe('the axis of values', () => {
  it('ends at a round number', () => {
    const { y, ticks } = linearAxis(389, 100, String);
    expect([y(0), y(400)]).toEqual([100, 0]);
    expect(ticks.map(({ text }) => text)).toEqual(['0', '100', '200', '300', '400']);
  });

  it.each([0, 1, 2, 3, 7, 25])('counts %i in ones', (top) => {
    const texts = countAxis(top, 100).ticks.map(({ text }) => text);
    expect(texts.length).toBeGreaterThanOrEqual(2);
    expect(texts.every((text) => /^\d+$/.test(text))).toBe(true);
  });

  it('ends at what a node has', () => {
    const { y, ticks } = exactAxis(1000, 100, cpuText);
    expect(y(1000)).toBe(0);
    expect(ticks.at(-1)?.text).toBe('1000m');
  });

  it('of times that differ by powers of ten has few ticks, and a foot for 0', () => {
    const { y, ticks } = logAxis(8, 9000, 100, String);
    expect(y(0)).toBeLessThanOrEqual(100);
    expect(y(0)).toBe(y(1));
    expect(y(9000)).toBeGreaterThanOrEqual(0);
    expect(ticks.length).toBeLessThanOrEqual(13);
  });
});
