import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { type CompareOptions, compare } from '../../src/commands/compare.ts';
import { traceDocument } from '../simulator/traces.ts';

const folder = mkdtempSync(join(tmpdir(), 'spillway-compare-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function run(options: Partial<CompareOptions>) {
  const [out, err]: [string[], string[]] = [[], []];
  const code = await compare(
    { trace: 'e1.json', compare: 'spillway,default', output: 'table', ...options },
    { out: (text) => out.push(text), err: (text) => err.push(text), watched: false, onGitHub: false },
  );
  return { code, out: out.join(''), err: err.join('') };
}

describe('a comparison', () => {
  it.each([
    { policies: 'spillway,default', code: 0 },
    { policies: 'default,spillway', code: 0 },
    { policies: 'default,affinity', code: 3 },
  ])('of $policies has the exit code of Spillway, else of the first: $code', async ({ policies, code }) => {
    expect(await run({ compare: policies })).toMatchObject({ code, err: '' });
  });

  it('checks in each run what its policy is to hold, and says where', async () => {
    const edge = { type: 'pods', tier: 'edge' };
    const trace = join(folder, 'policies.json');
    const expected = [
      { ...edge, exactly: 1, policy: 'spillway' },
      { ...edge, atMost: 1 },
      { ...edge, exactly: 2, policy: ['default', 'random'] },
      { ...edge, exactly: 3, policy: 'koordinator' },
    ];
    writeFileSync(trace, JSON.stringify({ ...traceDocument(), expect: expected }));
    const { code, out } = await run({ trace });
    expect(code).toBe(0);
    expect(out.trimEnd().split('\n').slice(-3)).toEqual([
      '✓ pods: exactly 1 pod in tier edge at the end; checked under spillway',
      '✓ pods: at most 1 pod in tier edge at the end',
      '✗ pods: exactly 2 pods in tier edge at the end; checked under default; not under default',
    ]);
    expect((await run({ trace, compare: 'trimaran' })).out).toContain('at most 1 pod');
  });

  it('as JSON has the measures, by policy', async () => {
    const { out } = await run({ output: 'json' });
    const { kind, runs } = JSON.parse(out);
    expect(kind).toBe('PolicyComparison');
    expect(runs.map(({ policy }: { readonly policy: string }) => policy)).toEqual(['spillway', 'default']);
    expect(runs[0]).toMatchObject({
      measures: { secondsAboveThreshold: 0, responseP50Ms: null },
      edgeNodes: [{ node: 'edge', secondsAboveThreshold: 0 }],
    });
    expect(runs[0].expectations).toHaveLength(10);
  });

  it('draws its runs beside each other', async () => {
    const report = join(folder, 'report.html');
    expect((await run({ report })).code).toBe(0);
    expect(readFileSync(report, 'utf8')).toContain('edge fill');
  });

  it.each([
    { options: { compare: 'spillway,trimarn' }, problem: '--compare: found trimarn, allowed: trimaran? ' },
    { options: { compare: 'spillway,' }, problem: '--compare: found , allowed: spillway, default' },
    { options: { compare: 'default,default' }, problem: 'default is named twice' },
    { options: { trace: 'none.json' }, problem: 'none.json is not a file' },
    { options: { report: join(folder, 'none', 'x.html') }, problem: 'cannot be written' },
  ])('refuses $options: 2', async ({ options, problem }) => {
    const { code, err } = await run(options);
    expect(code).toBe(2);
    expect(err).toContain(problem);
  });
});
