import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

export const ROOT = fileURLToPath(new URL('../..', import.meta.url));

export interface Started {
  readonly process: ChildProcess;
  /** What the line said that was waited for. */
  readonly said: string;
}

/** Starts a Node process and waits for a line of its output that matches; its first group is returned. */
export async function startNode(args: readonly string[], says: RegExp): Promise<Started> {
  const child = spawn(process.execPath, args, { cwd: ROOT, stdio: ['ignore', 'pipe', 'inherit'] });
  for await (const line of createInterface({ input: child.stdout })) {
    const found = says.exec(line);
    if (found === null) continue;
    child.stdout.resume();
    return { process: child, said: found[1] ?? line };
  }
  throw new Error(`${args.join(' ')} ended before it said ${says}`);
}

export function startScript(file: string, ...args: readonly string[]): Promise<Started> {
  return startNode(['--import', 'tsx', `test/bench/${file}`, ...args], /^(http\S+)$/);
}

/** What a process has used of the CPU, all its threads: unlike latency, hardly the neighbours' doing. */
export function cpuMs({ process: { pid } }: Started): number {
  const threads = readdirSync(`/proc/${pid}/task`);
  const ns = threads.map((id) =>
    Number(readFileSync(`/proc/${pid}/task/${id}/schedstat`, 'utf8').split(' ')[0]),
  );
  return ns.reduce((sum, each) => sum + each, 0) / 1e6;
}

export async function stopAll(started: readonly Started[]): Promise<void> {
  await Promise.all(
    started.map(async ({ process: child }) => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const ended = once(child, 'exit');
      child.kill('SIGTERM');
      await ended;
    }),
  );
}
