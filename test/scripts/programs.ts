import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';

export const ROOT = fileURLToPath(new URL('../..', import.meta.url));

export interface Ended {
  readonly status: number | null;
  readonly out: string;
  readonly err: string;
}

/** A folder with these files, for as long as the test runs. */
export function folderOf(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'spillway-scripts-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  return folder;
}

/** Runs a script of ours about a folder, beside other programs than the machine's. */
export function runScript(
  script: string,
  folder: string,
  fakes: Readonly<Record<string, string>> = {},
): Ended {
  const programs = folderOf({});
  for (const [name, body] of Object.entries(fakes)) {
    writeFileSync(join(programs, name), `#!${process.execPath}\n${body}`);
    chmodSync(join(programs, name), 0o755);
  }
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(ROOT, 'scripts', script), folder], {
    encoding: 'utf8',
    env: { ...process.env, PATH: `${programs}${delimiter}${process.env['PATH']}` },
  });
  return { status, out: stdout, err: stderr };
}
