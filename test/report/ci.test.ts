import { describe, expect, it } from 'vitest';
import type { SimulationResult } from '../../src/outcome/result.ts';
import { githubAnnotations } from '../../src/report/github.ts';
import { junitReport } from '../../src/report/junit.ts';
import { runOf } from '../simulator/traces.ts';

const HOLDS = { type: 'pods', tier: 'edge', exactly: 1 };
const FAILS = { type: 'pods', tier: 'cloud', atLeast: 1, note: 'one < two & "three"' };

async function run(expectations: readonly unknown[]): Promise<SimulationResult> {
  return runOf({ metadata: { name: 'a<b>&"c"' }, expect: expectations });
}

describe('JUnit XML', () => {
  it('has a test case for each expectation, and counts those that failed', async () => {
    const xml = junitReport(await run([HOLDS, FAILS]));
    expect(xml).toContain(
      '<testsuites name="spillway simulate" tests="2" failures="1" errors="0" skipped="0" time="120.000">',
    );
    expect(xml).toContain('name="1. pods: exactly 1 pod in tier edge at the end"/>');
    expect(xml.match(/<testcase /g)).toHaveLength(2);
    expect(xml.match(/<failure /g)).toHaveLength(1);
  });

  it('says of a failure what was found, why it matters, and the decision', async () => {
    const xml = junitReport(await run([FAILS]));
    expect(xml).toContain('<failure message="found: 0 at 120 s" type="pods">');
    expect(xml).toContain('one &lt; two &amp; &quot;three&quot;');
    expect(xml).toContain('edge-1');
  });

  it('escapes what XML cannot hold', async () => {
    const result = await run([HOLDS]);
    const xml = junitReport({ ...result, trace: { ...result.trace, name: 'x\u0001\ud800<' } });
    expect(xml).toContain('<testsuite name="x\ufffd\ufffd&lt;"');
  });

  it('is the same each time', async () => {
    expect(junitReport(await run([FAILS]))).toBe(junitReport(await run([FAILS])));
  });

  it('names the command that made the run', async () => {
    const xml = junitReport({ ...(await run([])), on: 'cluster' });
    expect(xml).toContain('<testsuites name="spillway rehearse"');
  });

  it('of a trace that expects nothing is an empty suite', async () => {
    expect(junitReport(await run([]))).toContain('tests="0" failures="0"');
  });
});

describe("GitHub's annotations", () => {
  it('are one line for each expectation that failed', async () => {
    const lines = githubAnnotations(await run([HOLDS, FAILS]), 'traces/a,b.json');
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatch(
      /^::error file=traces\/a%2Cb\.json,title=a<b>&"c"%3A pods::✗ pods: at least 1 pod in tier cloud at the end; found: 0 at 120 s%0A/,
    );
    expect(lines[0]).not.toContain('\n');
  });

  it('are none when all hold', async () => {
    expect(githubAnnotations(await run([HOLDS]), 'a.json')).toEqual([]);
  });
});
