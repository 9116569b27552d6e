import { mkdirSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { buildControlPlane } from '../harness/build.ts';
import { REPOSITORY } from '../harness/configs.ts';
import { clearRunDirectory, createRunDirectory, runDirectoryOf } from '../harness/run-directory.ts';
import { openPlayground, type Playground } from './open.ts';
import { instructions } from './text.ts';

const USAGE = `npm run playground [-- --empty]

A control plane of plain processes on loopback, with edge and cloud nodes and Spillway beside it, until Ctrl-C.

  --empty  no nodes: for traces, which bring their own
  --help   print this`;

async function main(): Promise<void> {
  const { empty, help } = readOptions();
  if (help) return console.log(USAGE);
  const stopped = untilStopped();
  const runDir = runDirectoryOf(process.pid);
  createRunDirectory(runDir);
  mkdirSync(runDir, { recursive: true });
  // Whatever else happens, nothing is left running and no keys are left lying about.
  process.once('exit', () => clearRunDirectory(runDir));
  const binaries = await buildControlPlane((line) => console.log(line));
  if (stopped.already()) return;
  console.log(empty ? 'Starting the control plane …' : 'Starting; metrics of new nodes take half a minute …');
  const playground = await openPlayground(binaries, runDir, { empty, stopped: stopped.already });
  if (playground === undefined) return;
  await stayOpen(playground, stopped.promise);
}

async function stayOpen(playground: Playground, stopped: Promise<void>): Promise<void> {
  try {
    console.log(instructions(playground, REPOSITORY));
    await stopped;
    console.log('\nEnding …');
  } finally {
    await playground.close();
  }
}

function readOptions(): { readonly empty: boolean; readonly help: boolean } {
  const { values } = parseArgs({
    options: { empty: { type: 'boolean', default: false }, help: { type: 'boolean', default: false } },
  });
  return values;
}

/** The first signal ends it in order; a second one at once, and what runs is then killed by the exit hook. */
function untilStopped(): { readonly promise: Promise<void>; readonly already: () => boolean } {
  let stopped = false;
  const promise = new Promise<void>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
      process.on(signal, () => {
        if (stopped) process.exit(1);
        stopped = true;
        resolve();
      });
    }
  });
  return { promise, already: () => stopped };
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
