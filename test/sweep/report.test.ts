import { describe, expect, it } from 'vitest';
import { sweepReport } from '../../src/sweep/report.ts';
import { mergeShards, shardText } from '../../src/sweep/shard-file.ts';
import { summarize } from '../../src/sweep/summary.ts';
import { outcomesOf, planOf } from './results.ts';

const plan = planOf(['threshold=0.7,0.8', 'policy=spillway,random'], [1, 2]);
const sweep = { name: 'test', plan };
const outcomes = outcomesOf(
  [0.7, 0],
  [0.8, 4],
  [0.6, 0],
  [0.6, 0],
  [0.9, 9],
  'Error: a bug\n    at somewhere',
  [null, 0],
  [null, 0],
);
const summaries = summarize(plan, outcomes);

describe('the table', () => {
  const text = sweepReport('table', sweep, summaries);

  it.each([
    { name: 'says what it is of', found: 'test: 4 combinations, seeds 1 to 2' },
    {
      name: 'has means and ranges',
      found: /● +0\.7 +spillway +0\.750 \(0\.700 to 0\.800\) +2\.0 \(0\.0 to 4\.0\)/,
    },
    { name: 'has a dash for what could not be measured', found: /0\.8 +random +– +0\.0/ },
    { name: 'says once what is the same in all', found: /The same in all: over by m 0, / },
    {
      name: 'names runs that failed, with their values',
      found: '✗ threshold=0.8 policy=spillway seed=2: Error: a bug\n',
    },
    { name: 'explains its mark', found: 'the Pareto front' },
  ])('$name', ({ found }) => {
    expect(text).toMatch(found);
  });
});

it('JSON has everything, failures whole', () => {
  const document = JSON.parse(sweepReport('json', sweep, summaries));
  expect(document).toMatchObject({
    kind: 'Sweep',
    axes: [
      { key: 'threshold', values: [0.7, 0.8] },
      { key: 'policy', values: ['spillway', 'random'] },
    ],
    seeds: [1, 2],
  });
  expect(document.combinations).toHaveLength(4);
  expect(document.combinations[2]).toMatchObject({
    values: { threshold: 0.8, policy: 'spillway' },
    failures: [{ seed: 2, error: 'Error: a bug\n    at somewhere' }],
  });
});

it('CSV has a line for each combination, all of the same length', () => {
  const lines = sweepReport('csv', sweep, summaries).trimEnd().split('\n');
  expect(lines[0]).toMatch(/^threshold,policy,runs,failures,isOnFront,edgeFillRatio\.mean,/);
  expect(lines[1]).toMatch(/^0\.7,spillway,2,0,true,0\.75,0\.7,0\.8,/);
  expect(lines[4]).toMatch(/^0\.8,random,2,0,false,,,,/);
  expect(new Set(lines.map((line) => line.split(',').length)).size).toBe(1);
});

it('CSV quotes what has a comma', () => {
  const named = planOf(['metadata.description=a "b"']);
  const text = sweepReport('csv', { name: '', plan: named }, summarize(named, outcomesOf([1, 0])));
  expect(text.split('\n')[1]).toMatch(/^"a ""b""",1,/);
});

describe('shards', () => {
  const shard = (number: number, count: number, of: Partial<typeof sweep> = {}, trace = 'trace') => ({
    file: `${number}.json`,
    text: shardText(
      { ...sweep, ...of },
      trace,
      { number, count },
      outcomes.filter(({ index }) => index % count === number - 1),
    ),
  });

  it.each([
    { name: 'in order', files: [shard(1, 3), shard(2, 3), shard(3, 3)] },
    { name: 'in any order', files: [shard(3, 3), shard(1, 3), shard(2, 3)] },
    { name: 'in one piece', files: [shard(1, 1)] },
  ])('merge to the sweep: $name', ({ files }) => {
    const merged = mergeShards(files);
    if (!merged.ok) throw new Error(merged.problem);
    for (const format of ['table', 'json', 'csv'] as const) {
      expect(sweepReport(format, merged.sweep, summarize(merged.sweep.plan, merged.outcomes))).toBe(
        sweepReport(format, sweep, summaries),
      );
    }
  });

  const short = shard(2, 2);
  it.each([
    { name: 'none', files: [], problem: 'no files' },
    { name: 'some missing', files: [shard(2, 4), shard(4, 4)], problem: 'these are missing: 1, 3' },
    {
      name: 'one twice',
      files: [shard(1, 2), shard(1, 2)],
      problem: '1.json is shard 1 for the second time',
    },
    {
      name: 'another number of shards',
      files: [shard(1, 2), shard(2, 3)],
      problem: 'another sweep than 1.json',
    },
    { name: 'another trace', files: [shard(1, 2), shard(2, 2, {}, 'other')], problem: 'another sweep' },
    {
      name: 'other values',
      files: [
        shard(1, 2),
        shard(2, 2, { plan: planOf(['threshold=0.7,0.9', 'policy=spillway,random'], [1, 2]) }),
      ],
      problem: 'another sweep',
    },
    { name: 'no shard', files: [{ file: 'x.json', text: '{}' }], problem: 'x.json is not what' },
    { name: 'no JSON', files: [{ file: 'x.json', text: 'x' }], problem: 'x.json is not what' },
    {
      name: 'a run is missing',
      files: [shard(1, 2), { ...short, text: short.text.replace(/,?\{"index":7[\s\S]*\}\]/, ']') }],
      problem: '2.json does not have all runs',
    },
  ])('do not: $name', ({ files, problem }) => {
    const merged = mergeShards(files);
    expect(merged.ok ? '' : merged.problem).toContain(problem);
  });
});
