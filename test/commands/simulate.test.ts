import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { simulate } from '../../src/commands/simulate.ts';
import type { SimulateOptions } from '../../src/commands/simulate-options.ts';
import { shippedTrace, simulationsPath, traceDocument } from '../simulator/traces.ts';

const folder = mkdtempSync(join(tmpdir(), 'spillway-simulate-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function run(options: Partial<SimulateOptions>, onGitHub = false) {
  const [out, err]: [string[], string[]] = [[], []];
  const code = await simulate(
    { trace: 'e1.json', output: 'table', verbose: false, ...options },
    { out: (text) => out.push(text), err: (text) => err.push(text), watched: false, onGitHub },
  );
  return { code, out: out.join(''), err: err.join('') };
}

function traceFile(name: string, content: unknown): string {
  const path = join(folder, name);
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
  return path;
}

it('JSON goes out in pieces, each when the one before is on its way', async () => {
  const pieces: string[] = [];
  let waiting = 0;
  const out = (text: string) => {
    waiting += 1;
    expect(waiting).toBe(1);
    pieces.push(text);
  };
  const drained = async () => {
    waiting = 0;
  };
  const options = { trace: 'e1.json', output: 'json', verbose: false } as const;
  await simulate(options, { out, drained, err: () => {}, watched: false, onGitHub: false });
  expect(pieces.length).toBeGreaterThan(1);
  expect(pieces.join('')).toBe((await run({ output: 'json' })).out);
});

describe('which trace', () => {
  it.each(['e1.json', 'e1', simulationsPath('e1.json'), 'thesis/shasum-e1', 'simulations/e1.json'])(
    '%s',
    async (trace) => {
      expect(await run({ trace })).toMatchObject({ code: 0, err: '' });
    },
  );

  it('YAML', async () => {
    const trace = traceFile('small.yaml', stringify(traceDocument()));
    expect(await run({ trace })).toMatchObject({
      code: 0,
      out: expect.stringContaining('The trace expects nothing.'),
    });
  });

  it.each(['no-such-trace.json', './no-such-trace.json'])('%s is not there: 2', async (trace) => {
    expect(await run({ trace })).toMatchObject({
      code: 2,
      out: '',
      err: expect.stringContaining(`${trace} is not a file`),
    });
  });

  it('a folder is no trace: 2', async () => {
    expect(await run({ trace: `${folder}/` })).toMatchObject({
      code: 2,
      err: expect.stringContaining('cannot be read'),
    });
  });
});

describe('what comes of it', () => {
  it('0 and a table when all expectations hold', async () => {
    const { code, out } = await run({});
    expect(code).toBe(0);
    expect(out).toMatch(/^e1: 600 s of virtual time, seed 1\n/);
    expect(out).toMatch(/All \d+ expectations hold\.\n$/);
  });

  it('2 and every problem when the trace is not valid', async () => {
    const trace = traceFile('wrong.json', { ...traceDocument(), seed: 1.5, extpect: [] });
    const { code, out, err } = await run({ trace });
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toContain('seed: found 1.5, allowed: a whole number from 0 to 4294967295');
    expect(err).toContain('extpect: found an unknown key, allowed: expect? The keys here are');
  });

  it('3 when an expectation fails, with the decision with which it began', async () => {
    const trace = traceFile('moved.json', {
      ...shippedTrace('e1.json'),
      configuration: { placement: { threshold: 0.9 } },
    });
    const { code, out } = await run({ trace });
    expect(code).toBe(3);
    expect(out).toMatch(/✗ pods: exactly 6 pods of openfaas-fn\/nodeinfo in tier edge/);
    expect(out).toMatch(/first at \d+\.\d{3}: openfaas-fn\/nodeinfo-\d+ went to edge as number 7/);
    expect(out).toMatch(
      /edge \(edge, metrics fresh\): answered, .*; usage .*m, forecast .*m, estimate .*m, threshold 900m/,
    );
    expect(out).toMatch(/\d of \d+ expectations failed\.\n$/);
  });
});

describe('expectations of other policies', () => {
  const expect1 = (policy: unknown) => ({
    type: 'pods',
    tier: 'edge',
    exactly: 1,
    ...(policy ? { policy } : {}),
  });
  const expect9 = { type: 'pods', exactly: 9, policy: ['affinity', 'random'] };
  const trace = traceFile('policies.json', {
    ...traceDocument(),
    expect: [expect1(undefined), expect1('spillway'), expect9],
  });
  const foreign = traceFile('foreign.json', { ...traceDocument(), expect: [expect9] });

  it.each([
    { trace, policy: undefined, code: 0, says: /^All 2 expectations hold\.$/m },
    { trace, policy: 'spillway', code: 0, says: /^All 2 expectations hold\.$/m },
    { trace, policy: 'affinity', code: 3, says: /^1 of 2 expectations failed\.$/m },
    { trace, policy: 'default', code: 3, says: /^1 of 1 expectations failed\.$/m },
    { trace: foreign, policy: 'random', code: 3, says: /^1 of 1 expectations failed\.$/m },
    {
      trace: foreign,
      policy: 'default',
      code: 0,
      says: /^0 expectations apply to policy default; .* has 1 for/m,
    },
    { trace: foreign, policy: undefined, code: 0, says: /^0 expectations apply to policy spillway; /m },
  ] as const)('$policy: exit code $code, $says', async ({ says, code, ...options }) => {
    expect(await run(options)).toMatchObject({ code, out: expect.stringMatching(says) });
  });

  it('are not in other reports either', async () => {
    const { expectations, policy } = JSON.parse((await run({ trace, output: 'json' })).out);
    expect({ policy, expectations }).toMatchObject({ policy: 'spillway', expectations: [{}, {}] });
    expect((await run({ trace: foreign, output: 'junit' })).out).toContain('tests="0"');
  });
});

describe('what to print', () => {
  it('--output junit: a test case for each expectation', async () => {
    const { code, out } = await run({ output: 'junit' });
    expect(code).toBe(0);
    expect(out).toMatch(/<testsuite name="e1" tests="10" failures="0"/);
  });

  it('on GitHub Actions, an annotation for each expectation that failed', async () => {
    const trace = traceFile('failing.json', { ...traceDocument(), expect: [{ type: 'pods', exactly: 9 }] });
    expect((await run({ trace }, true)).out).toMatch(/^::error file=.*failing\.json,title=test%3A pods::/m);
    expect((await run({ trace }, false)).out).not.toContain('::error');
  });

  it('--report that cannot be written: 2', async () => {
    const { code, err } = await run({ report: join(folder, 'no-such-folder', 'out.html') });
    expect(code).toBe(2);
    expect(err).toMatch(/^--report: .*out\.html cannot be written: ENOENT/);
  });

  it('--output json: the result', async () => {
    const result = JSON.parse((await run({ output: 'json' })).out);
    expect(result).toMatchObject({ kind: 'SimulationResult', trace: { name: 'e1', seed: 1 } });
    expect(result.pods).toHaveLength(15);
    expect(result.decisions).toHaveLength(15);
  });

  it.each(['nodeinfo-7', 'openfaas-fn/nodeinfo-7'])(
    '--explain %s: its decision, with every candidate',
    async (explain) => {
      const { code, out } = await run({ explain });
      expect(code).toBe(0);
      for (const node of ['edge', 'cloud-1', 'cloud-2'])
        expect(out).toMatch(new RegExp(`^ +${node} \\(`, 'm'));
      expect(out).toMatch(/score of cloud-\d: \d+, chosen/);
    },
  );

  it('--explain of a pod that the run does not have: 2', async () => {
    expect(await run({ explain: 'nodeinfo-16' })).toMatchObject({
      code: 2,
      err: '--explain: the run has no pod nodeinfo-16\n',
    });
  });

  it('--verbose: every step of every pod, and what metrics-server said', async () => {
    const { out } = await run({ verbose: true });
    expect(out).toMatch(/^ +105\.02\d {2}openfaas-fn\/nodeinfo-5 bound$/m);
    expect(out).toMatch(/^ +\d+\.\d{3} {2}metrics of edge: \d+m over 15 s to \d+\.000$/m);
  });
});
