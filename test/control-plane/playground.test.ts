import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, inject, it, onTestFinished } from 'vitest';
import { traceDocument } from '../simulator/traces.ts';
import { REPOSITORY } from './harness/configs.ts';
import { runDirectoryOf } from './harness/run-directory.ts';
import { until } from './harness/wait.ts';

const run = promisify(execFile);

/** Command lines of programs that name a folder. */
function programsOf(folder: string): readonly string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      try {
        const line = readFileSync(`/proc/${pid}/cmdline`, 'utf8');
        return line.includes(folder) ? [line] : [];
      } catch {
        return []; // it ended meanwhile
      }
    });
}

function playground(...args: readonly string[]): ChildProcess {
  const main = join(REPOSITORY, 'test/control-plane/playground/main.ts');
  return spawn(process.execPath, ['--import', 'tsx', main, ...args], { cwd: REPOSITORY });
}

async function started(child: ChildProcess): Promise<string> {
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk) => (output += chunk));
  return until('the playground', () => (output.includes('Ctrl-C ends it all') ? output : undefined), {
    timeoutMs: 90_000,
  });
}

it('runs until Ctrl-C, is reached with the kubeconfig that it prints, and leaves nothing', async () => {
  const child = playground('--empty');
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
  try {
    const output = await started(child);
    const runDir = runDirectoryOf(child.pid ?? 0);
    const kubeconfig = /KUBECONFIG=(\S+)/.exec(output)?.[1] ?? '';
    const { stdout } = await run(inject('binaries').kubectl, [`--kubeconfig=${kubeconfig}`, 'get', 'ns']);
    expect(stdout).toMatch(/^demo +Active/m);
    expect(programsOf(runDir).length).toBeGreaterThan(5);
    child.kill('SIGINT');
    expect(await ended).toBe(0);
    expect(programsOf(runDir)).toEqual([]);
    expect(() => readdirSync(runDir)).toThrow('ENOENT');
  } finally {
    child.kill('SIGINT');
    await ended;
  }
});

it('rehearses a trace, passes arguments on, and ends as the rehearsal does, with nothing left', async () => {
  const trace = join(inject('runDir'), 'playground.json');
  const expected = { type: 'placed', pod: 'fn/web-1', tier: 'cloud' };
  const document = { duration: '5s', metricsServer: { resolution: '10s' }, expect: [expected] };
  writeFileSync(trace, JSON.stringify(traceDocument(document)));
  const child = playground('--trace', trace, '--', '--output', 'junit');
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  onTestFinished(async () => {
    child.kill('SIGINT');
    await ended;
  });
  let output = '';
  child.stdout?.on('data', (chunk) => (output += chunk));
  expect(await ended, output).toBe(3);
  expect(output).toContain('<failure message="found: on edge-1 (edge)"');
  expect(programsOf(runDirectoryOf(child.pid ?? 0))).toEqual([]);
});
