import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, inject, it } from 'vitest';
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

async function started(child: ChildProcess): Promise<string> {
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk) => (output += chunk));
  return until('the playground', () => (output.includes('Ctrl-C ends it all') ? output : undefined), {
    timeoutMs: 90_000,
  });
}

it('runs until Ctrl-C, is reached with the kubeconfig that it prints, and leaves nothing', async () => {
  const child = spawn(
    process.execPath,
    ['--import', 'tsx', join(REPOSITORY, 'test/cluster/playground/main.ts'), '--empty'],
    { cwd: REPOSITORY },
  );
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
