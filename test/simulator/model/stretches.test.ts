import { describe, expect, it } from 'vitest';
import type { CpuStretch } from '../../../src/outcome/result.ts';
import { addLine, addMean, closeSecond, type Stretches } from '../../../src/simulator/model/stretches.ts';

const stretch = (fromMs: number, toMs: number, fromMilli: number, toMilli = fromMilli): CpuStretch => ({
  fromMs,
  toMs,
  fromMilli,
  toMilli,
});
const listOf = (write: (stretches: Stretches) => void, endMs?: number) => {
  const stretches: Stretches = { list: [], second: undefined };
  write(stretches);
  if (endMs !== undefined) closeSecond(stretches, endMs);
  return stretches.list;
};

describe('what a node used from moment to moment', () => {
  it.each<{
    what: string;
    write: (stretches: Stretches) => void;
    endMs?: number;
    list: readonly CpuStretch[];
  }>([
    {
      what: 'is as the curves have it, a quiet time being one stretch',
      write: (all) => {
        addLine(all, stretch(0, 500, 100));
        addLine(all, stretch(500, 2500, 100));
        addLine(all, stretch(2500, 3000, 100, 300));
      },
      list: [stretch(0, 2500, 100), stretch(2500, 3000, 100, 300)],
    },
    {
      what: 'is the mean of a second while requests take whole cores',
      write: (all) => {
        addMean(all, 1000, 1100, 1000);
        addMean(all, 1100, 1900, 0);
        addMean(all, 1900, 2000, 2000);
      },
      list: [stretch(1000, 2000, 300)],
    },
    {
      what: 'has a shorter first second, and as many as a request lasts',
      write: (all) => addMean(all, 1500, 4500, 700),
      endMs: 4500,
      list: [stretch(1500, 4500, 700)],
    },
    {
      what: 'changes from requests to curves at the end of a second',
      write: (all) => {
        addMean(all, 1000, 1500, 600);
        addLine(all, stretch(1500, 3000, 0, 300));
      },
      list: [stretch(1000, 2000, 300 + 25), stretch(2000, 3000, 100, 300)],
    },
    {
      what: 'changes from requests to curves and back within a second',
      write: (all) => {
        addMean(all, 1000, 1200, 500);
        addLine(all, stretch(1200, 1700, 100));
        addMean(all, 1700, 2000, 1000);
      },
      list: [stretch(1000, 2000, 450)],
    },
    {
      what: 'ends within a second with the run',
      write: (all) => addMean(all, 1000, 1250, 400),
      endMs: 1250,
      list: [stretch(1000, 1250, 400)],
    },
  ])('$what', ({ write, endMs, list }) => {
    expect(listOf(write, endMs)).toEqual(list);
  });
});
