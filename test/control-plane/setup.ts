import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { TestProject } from 'vitest/node';
import { type Binaries, buildControlPlane } from './harness/build.ts';
import { REPOSITORY } from './harness/configs.ts';
import { clearRunDirectory, createRunDirectory } from './harness/run-directory.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    binaries: Binaries;
    runDir: string;
  }
}

const run = promisify(execFile);

/** Builds what the tests run: the control plane (from the cache, as a rule) and the product. */
export async function setup(project: TestProject): Promise<() => void> {
  const { runDir } = project.getProvidedContext();
  createRunDirectory(runDir);
  // Ctrl-C ends the workers at once, and the programs that they started don't notice.
  const clear = () => clearRunDirectory(runDir);
  process.once('exit', clear);
  await run(process.execPath, [join(REPOSITORY, 'scripts', 'build.mjs')]);
  project.provide('binaries', await buildControlPlane((line) => console.log(line)));
  return () => {
    process.off('exit', clear);
    clear();
  };
}
