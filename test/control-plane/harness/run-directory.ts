import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { killLeftovers } from './process.ts';

const PREFIX = 'spillway-cluster-';
const KEEP_MARK = 'keep';

/** Where a run keeps its logs, keys, and etcd's data. The name tells whose it is: see below. */
export function runDirectoryOf(pid: number): string {
  return join(tmpdir(), `${PREFIX}${pid}`);
}

export function createRunDirectory(runDir: string): void {
  clearRunsOfTheDead();
  rmSync(runDir, { recursive: true, force: true });
  mkdirSync(runDir, { recursive: true });
}

/** After a failure the logs stay, and whoever reads the output is told where. */
export function keepLogs(runDir: string): void {
  const kept = planesOf(runDir)
    .map((folder) => join(folder, 'logs'))
    .filter((logs) => existsSync(logs));
  if (kept.length === 0) return;
  writeFileSync(join(runDir, KEEP_MARK), '');
  for (const logs of kept) {
    console.error(`\nLogs of every component are in ${logs}:\n  ${readdirSync(logs).join('\n  ')}`);
  }
}

export function clearRunDirectory(runDir: string): void {
  const planes = planesOf(runDir);
  for (const folder of planes) killLeftovers(folder);
  if (!existsSync(join(runDir, KEEP_MARK))) {
    rmSync(runDir, { recursive: true, force: true });
    return;
  }
  for (const folder of planes) {
    for (const name of ['etcd', 'pids']) rmSync(join(folder, name), { recursive: true, force: true });
  }
}

/** The run's control plane, and those that a test has for itself, in folders of it. */
function planesOf(runDir: string): readonly string[] {
  if (!existsSync(runDir)) return [];
  const folders = readdirSync(runDir, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  return [runDir, ...folders.map(({ name }) => join(runDir, name))];
}

/** A run that was killed could not end what it had started; the next one does. */
function clearRunsOfTheDead(): void {
  for (const name of readdirSync(tmpdir())) {
    if (!name.startsWith(PREFIX)) continue;
    if (!isAlive(Number(name.slice(PREFIX.length)))) clearRunDirectory(join(tmpdir(), name));
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
