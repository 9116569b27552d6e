import { describe, expect, it } from 'vitest';
import { readResult } from '../../src/outcome/result-file.ts';
import { runOf, scaleEvent } from '../simulator/traces.ts';
import { emptyResult } from './results.ts';

function problemsOf(text: string): readonly string[] {
  const read = readResult(text);
  return read.ok ? [] : read.problems.map(({ path, found, allowed }) => `${path}: ${found}, ${allowed}`);
}

describe('a result that was written to a file', () => {
  it('is read as it was: nothing of it is lost', async () => {
    const result = await runOf({ events: [scaleEvent('10s', 3)] });
    const text = JSON.stringify(result);
    const read = readResult(text);
    expect(read.ok && JSON.stringify(read.result)).toBe(text);
  });

  it('may have keys that are not known yet', () => {
    const read = readResult(JSON.stringify({ ...emptyResult(), later: 1 }));
    expect(read).toMatchObject({ ok: true, result: { later: 1 } });
  });

  it.each([
    { text: '{', problem: /^: .*, JSON$/ },
    { text: '[]', problem: /^: \[\], a SimulationResult$/ },
    { text: JSON.stringify({ ...emptyResult(), kind: 'SweepShard' }), problem: /^kind: "SweepShard", Simul/ },
    { text: JSON.stringify({ ...emptyResult(), endMs: Number.NaN }), problem: /^endMs: null, a number$/ },
    {
      text: JSON.stringify({ ...emptyResult(), nodes: [{ name: 'edge', tier: 'fog' }] }),
      problem: /^nodes\[0\]\.tier: "fog", edge, cloud$/,
    },
    {
      text: JSON.stringify({ ...emptyResult(), trace: undefined }),
      problem: /^trace: nothing, a mapping of name, description, seed$/,
    },
  ])('is refused, and the field is named: $problem', ({ text, problem }) => {
    expect(problemsOf(text)[0]).toMatch(problem);
  });

  it('of another kind altogether has the first ten of its problems named', () => {
    expect(problemsOf('{}')).toHaveLength(10);
  });
});
