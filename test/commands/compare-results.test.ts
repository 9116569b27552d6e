import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type CompareResultsOptions, compareResults } from '../../src/commands/compare-results.ts';
import { loadTrace } from '../../src/commands/trace-file.ts';
import { comparePolicies, comparisonText } from '../../src/compare/compare.ts';

const folder = mkdtempSync(join(tmpdir(), 'spillway-compare-results-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const [spillway, affinity, other] = ['spillway', 'affinity', 'other'].map((name) => join(folder, name));
let atOnce = '';

beforeAll(async () => {
  const loaded = await loadTrace('e1.json');
  if (!loaded.ok) throw new Error(loaded.message);
  const comparison = comparePolicies(loaded.trace, ['spillway', 'affinity']);
  atOnce = comparisonText(comparison);
  const [first, second] = comparison.runs.map(({ result }) => result);
  if (first === undefined) throw new Error('no run');
  writeFileSync(spillway ?? '', JSON.stringify(first));
  writeFileSync(affinity ?? '', JSON.stringify(second));
  writeFileSync(other ?? '', JSON.stringify({ ...first, trace: { name: 'other', seed: 1 } }));
});

async function run(runs: readonly string[], options: Partial<CompareResultsOptions> = {}) {
  const [out, err]: [string[], string[]] = [[], []];
  const code = await compareResults(
    runs,
    { trace: 'e1.json', output: 'table', ...options },
    { out: (text) => out.push(text), err: (text) => err.push(text), watched: false, onGitHub: false },
  );
  return { code, out: out.join(''), err: err.join('') };
}

describe('runs from files', () => {
  it('are compared as those that were just simulated', async () => {
    const compared = await run([`spillway=${spillway}`, `affinity=${affinity}`]);
    expect(compared).toEqual({ code: 0, out: atOnce, err: '' });
  });

  it('have the exit code of the first where none is named spillway', async () => {
    expect(await run([`before=${affinity}`, `after=${spillway}`])).toMatchObject({ code: 3 });
    expect(await run([`after=${spillway}`, `before=${affinity}`])).toMatchObject({ code: 0 });
  });

  it('are drawn beside each other', async () => {
    const report = join(folder, 'report.html');
    await run([`before=${affinity}`, `after=${spillway}`], { report });
    expect(readFileSync(report, 'utf8')).toMatch(/<b>before<\/b>[\s\S]*<b>after<\/b>/);
  });

  it.each([
    { runs: ['spillway'], problem: 'runs: found spillway, allowed: name=file' },
    { runs: [`=${spillway}`], problem: 'allowed: name=file' },
    { runs: [`a=${spillway}`, `a=${affinity}`], problem: 'a is named twice' },
    { runs: ['a=none.json'], problem: 'none.json cannot be read' },
    { runs: ['a=package.json'], problem: 'package.json is not a result:\napiVersion: found nothing' },
    { runs: [`a=${other}`], problem: 'found a run of other, allowed: runs of e1' },
  ])('are refused: $problem', async ({ runs, problem }) => {
    const { code, err, out } = await run(runs);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toContain(problem);
  });
});
