import { execFile, execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { afterAll, describe, expect, inject, it } from 'vitest';
import { merge } from '../../src/commands/merge.ts';
import { type SweepOptions, sweep } from '../../src/commands/sweep.ts';
import { readShard } from '../../src/commands/sweep-plan.ts';
import { runOnThreads } from '../../src/commands/sweep-pool.ts';
import { runsOf } from '../../src/sweep/plan.ts';
import { scaleEvent, simulationsPath, traceDocument } from '../simulator/traces.ts';
import { planOf } from '../sweep/results.ts';

const folder = mkdtempSync(join(tmpdir(), 'spillway-sweep-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const TRACE = join(folder, 'trace.json');
writeFileSync(
  TRACE,
  JSON.stringify(
    traceDocument({
      events: [scaleEvent('20s', 9)],
      load: [
        {
          type: 'recordedCpu',
          deployment: 'fn/web',
          points: [
            { at: '0s', cpu: '100m' },
            { at: '40s', cpu: '1' },
          ],
        },
      ],
    }),
  ),
);
const SWEEP = ['threshold=0.6,0.8', 'policy=spillway,random'];

async function run(options: Partial<SweepOptions>, env: Readonly<Record<string, string>> = {}) {
  const [out, err]: [string[], string[]] = [[], []];
  const output = {
    out: (text: string) => out.push(text),
    err: (text: string) => err.push(text),
    watched: false,
    onGitHub: false,
  };
  const code = await sweep({ trace: TRACE, sweep: SWEEP, output: 'table', ...options }, output, env);
  return { code, out: out.join(''), err: err.join('') };
}

/** By the bundle: from the sources each thread reads TypeScript anew, for five times the CPU of the bundle's. */
function runBundled(options: Partial<SweepOptions>, env: Readonly<Record<string, string>> = {}) {
  const { sweep: axes, ...others } = { trace: TRACE, sweep: SWEEP, ...options };
  const args = [join(inject('bundle'), 'simulate.js'), ...axes.flatMap((axis) => ['--sweep', axis])];
  for (const [name, value] of Object.entries(others)) {
    args.push(`--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`, String(value));
  }
  return new Promise<{ code: number | null; out: string; err: string }>((resolve) => {
    const child = execFile(process.execPath, args, { env }, (_error, out, err) =>
      resolve({ code: child.exitCode, out, err }),
    );
  });
}

async function mergeOf(files: readonly string[], format: SweepOptions['output']) {
  const [out, err]: [string[], string[]] = [[], []];
  const output = {
    out: (text: string) => out.push(text),
    err: (text: string) => err.push(text),
    watched: false,
    onGitHub: false,
  };
  const code = await merge(files, { output: format }, output);
  return { code, out: out.join(''), err: err.join('') };
}

describe('a sweep', () => {
  it('gives the same bytes with one worker, with several, and in merged shards', async () => {
    const options = { seeds: '3', output: 'json' } as const;
    const whole = await runBundled({ ...options, workers: '1' });
    expect(whole).toMatchObject({ code: 0, err: '' });
    expect(JSON.parse(whole.out).combinations).toHaveLength(4);
    expect(await runBundled({ ...options, workers: '3' })).toEqual(whole);

    const files = [1, 2, 3].map((number) => join(folder, `${number}.json`));
    for (const [index, shardFile] of files.entries()) {
      const part = await runBundled({ ...options, shard: `${index + 1}/3`, shardFile });
      expect(part).toEqual({ code: 0, out: '', err: `4 runs written to ${shardFile}\n` });
    }
    expect(await mergeOf(files, 'json')).toEqual(whole);
    expect((await mergeOf(files, 'table')).out).toBe((await runBundled({ ...options, output: 'table' })).out);
  }, 60_000);

  it('takes its shard from the index of an Indexed Job', async () => {
    const shardFile = join(folder, 'job.json');
    const { code } = await run({ shard: 'job/4', shardFile }, { JOB_COMPLETION_INDEX: '2' });
    expect(code).toBe(0);
    expect(JSON.parse(readFileSync(shardFile, 'utf8')).shard).toEqual({ number: 3, count: 4 });
  }, 30_000);

  it.each([
    {
      name: 'a key',
      options: { sweep: ['treshold=1'] },
      problem: '--sweep: treshold is not known. threshold? ',
    },
    {
      name: 'a value',
      options: { sweep: ['threshold=0.5,1.5'] },
      problem: 'threshold=1.5: configuration.placement.threshold: found 1.5',
    },
    {
      name: 'values that do not go together',
      options: { sweep: ['threshold=0.5,0.9', 'limit=0.95,0.8'] },
      problem: 'threshold=0.9 limit=0.8: configuration.placement',
    },
    {
      name: 'a path',
      options: { sweep: ['kubelet.startup=1s'] },
      problem: 'kubelet.startup: found an unknown key, allowed: startUp?',
    },
    { name: 'a key twice', options: { sweep: ['seed=1', 'seed=2'] }, problem: 'seed is swept twice' },
    { name: 'seeds twice', options: { sweep: ['seed=1,2'], seeds: '3' }, problem: 'not together with' },
    { name: 'seeds', options: { seeds: '0' }, problem: '--seeds: found 0' },
    { name: 'workers', options: { workers: 'many' }, problem: '--workers: found many' },
    { name: 'a shard', options: { shard: '3/2' }, problem: '--shard: found 3/2' },
    { name: 'a job without an index', options: { shard: 'job/2' }, problem: 'JOB_COMPLETION_INDEX' },
    { name: 'a trace', options: { trace: 'none.json' }, problem: 'none.json is not a file' },
    { name: 'too much', options: { sweep: ['phase=0..9998:1'], seeds: '1000' }, problem: 'at most 1000000' },
    {
      name: 'a file',
      options: { sweep: ['threshold=0.8'], shard: '1/1', shardFile: join(folder, 'none', 'x.json') },
      problem: 'cannot be written',
    },
  ])('refuses $name: 2', async ({ options, problem }) => {
    const { code, err, out } = await (options.shardFile === undefined ? run : runBundled)(options);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toContain(problem);
  });
});

it.each(['', '3', '0/3', '4/3', '1/2/3', 'x/3', '1/0'])('%s is no shard', (text) => {
  expect(readShard(text, undefined).ok).toBe(false);
});

it('a merge of what is no file is refused: 2', async () => {
  expect(await mergeOf([join(folder, 'none.json')], 'table')).toMatchObject({
    code: 2,
    err: expect.stringContaining('none.json cannot be read'),
  });
});

describe('threads', () => {
  const runs = runsOf(planOf([], [1, 2, 3, 4, 5, 6]));
  const input = { document: {}, axes: [] };
  /** Answers at once, but with these seeds it ends as if for want of memory, or throws. */
  const start = (code: string) => () =>
    new Worker(
      `const { parentPort } = require('node:worker_threads');
       parentPort.on('message', (run) => { ${code} parentPort.postMessage({ index: run.index, measures: {} }); });`,
      { eval: true },
    );

  it.each([
    { name: 'ends', code: 'if (run.seed === 2) process.exit(3);', error: 'the thread ended' },
    { name: 'throws', code: "if (run.seed === 2) throw new Error('bug');", error: 'bug' },
  ])('one that $name costs its run, and the others go on', async ({ code, error }) => {
    const finished: number[] = [];
    const outcomes = await runOnThreads(input, runs, {
      workers: 2,
      finished: ({ index }) => finished.push(index),
      start: start(code),
    });
    expect(outcomes.map((outcome) => ('error' in outcome ? outcome.error : 'ok'))).toEqual([
      'ok',
      error,
      'ok',
      'ok',
      'ok',
      'ok',
    ]);
    expect(finished.toSorted()).toEqual([0, 1, 2, 3, 4, 5]);
  });

  it('draws what it came to, in one piece and from shards, the same bytes', async () => {
    const [whole, merged] = ['whole.html', 'merged.html'].map((name) => join(folder, name));
    await runBundled({ report: whole });
    const shards = ['1/2', '2/2'].map((shard, index) => ({ shard, shardFile: join(folder, `r${index}`) }));
    for (const shard of shards) await runBundled(shard);
    const quiet = { out: () => {}, err: () => {}, watched: false, onGitHub: false };
    const files = shards.map(({ shardFile }) => shardFile);
    expect(await merge(files, { output: 'table', report: merged }, quiet)).toBe(0);
    expect(readFileSync(whole ?? '', 'utf8')).toContain('Trade-off');
    expect(readFileSync(merged ?? '')).toEqual(readFileSync(whole ?? ''));
  }, 20_000);

  it('report a run that cannot be made as failed, with its parameters: 1', async () => {
    const outcomes = await runOnThreads({ document: { kind: 'nonsense' }, axes: [] }, runs.slice(0, 1), {
      workers: 1,
      finished: () => {},
    });
    expect(outcomes[0]).toMatchObject({ index: 0, error: expect.stringContaining('found "nonsense"') });
  }, 30_000);
});

it('works as it is bundled, with its own threads, its merge and its exit codes', () => {
  const simulate = (...args: readonly string[]) =>
    execFileSync(process.execPath, [join(inject('bundle'), 'simulate.js'), ...args], {
      cwd: folder,
      encoding: 'utf8',
      stdio: 'pipe',
    });
  const args = ['--trace', simulationsPath('e1.json'), '--sweep', 'threshold=0.7,0.8', '--workers', '2'];
  const whole = simulate(...args, '--output', 'csv');
  expect(whole.split('\n')).toHaveLength(4);
  for (const shard of ['1/2', '2/2']) simulate(...args, '--shard', shard);
  const files = ['sweep-shard-2-of-2.json', 'sweep-shard-1-of-2.json'];
  expect(simulate('merge', ...files, '--output', 'csv')).toBe(whole);
  for (const wrong of [['--sweep', 'threshold=0.8'], ['--trace', 'e1.json', '--seeds', '2'], ['merge']]) {
    expect(() => simulate(...wrong)).toThrow(expect.objectContaining({ status: 2 }));
  }
}, 60_000);
