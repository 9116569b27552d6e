import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  interface ProvidedContext {
    /** Where the bundles of both programs are, built from the sources as they are now. Nobody writes there. */
    readonly bundle: string;
  }
}

/** Bundles the programs once for all files, away from node_modules: the bundles must have all that they need. */
export function setup(project: TestProject): () => void {
  const folder = mkdtempSync(join(tmpdir(), 'spillway-bundle-'));
  const root = fileURLToPath(new URL('..', import.meta.url));
  execFileSync(process.execPath, ['scripts/build.mjs', folder], { cwd: root, stdio: 'pipe' });
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
  project.provide('bundle', folder);
  return () => rmSync(folder, { recursive: true });
}
