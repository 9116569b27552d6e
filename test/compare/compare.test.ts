import { describe, expect, it } from 'vitest';
import {
  comparePolicies,
  comparisonJson,
  comparisonTable,
  comparisonText,
  judgedRun,
} from '../../src/compare/compare.ts';
import type { PolicyName } from '../../src/trace/policy-names.ts';
import { shippedTrace, traceOf } from '../simulator/traces.ts';

async function compareE1(...policies: readonly PolicyName[]) {
  return comparePolicies(await traceOf(shippedTrace('e1.json')), policies);
}

describe('e1 under two policies', () => {
  it('shows what each comes to, and which expectations only one holds', async () => {
    const comparison = await compareE1('spillway', 'affinity');
    const text = comparisonText(comparison);
    expect(text).toContain('seed 1, 2 runs');
    expect(text).toMatch(/✗ edgeBelowThreshold.*; not under affinity/);
    expect(text).toMatch(/✓ peakReplicas/);
    const [spillway, affinity] = comparison.runs.map(({ measures }) => measures);
    expect(spillway).toMatchObject({
      secondsAboveThreshold: 0,
      expectationsFailed: 0,
      cloudWhileEdgeFits: 0,
    });
    expect(affinity?.secondsAboveThreshold).toBeGreaterThan(60);
    expect(affinity?.expectationsFailed).toBeGreaterThan(0);
  });

  it('is the same again, to the byte', async () => {
    const [first, second] = await Promise.all([compareE1('koordinator'), compareE1('koordinator')]);
    expect(first && comparisonJson(first)).toBe(second && comparisonJson(second));
  });

  it('runs the trace as it is under another policy, whatever policy it names itself', async () => {
    const document = { ...shippedTrace('e1.json'), scheduler: { extender: 'none' } };
    const { runs } = comparePolicies(await traceOf(document), ['spillway']);
    expect(runs[0]?.result.decisions.length).toBeGreaterThan(0);
  });
});

it('a table leaves out what no run can say', async () => {
  const { headers, rows } = comparisonTable(await compareE1('spillway'));
  expect(headers).not.toContain('p95 ms');
  expect(rows.map((row) => row.length)).toEqual([headers.length]);
});

it.each([
  { policies: ['default', 'spillway'], judged: 'spillway' },
  { policies: ['random', 'default'], judged: 'random' },
] as const)('of $policies, $judged is judged', async ({ policies, judged }) => {
  expect(judgedRun(await compareE1(...policies))?.policy).toBe(judged);
});
