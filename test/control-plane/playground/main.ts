import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { buildControlPlane } from '../harness/build.ts';
import { REPOSITORY } from '../harness/configs.ts';
import { clearRunDirectory, createRunDirectory, runDirectoryOf } from '../harness/run-directory.ts';
import { openPlayground, type Playground } from './open.ts';
import { type PlaygroundTrace, playgroundTrace, startRehearsal } from './rehearsal.ts';
import { instructions } from './text.ts';

const USAGE = `npm run playground [-- --empty | --trace NAME [-- ARGUMENTS]]

A control plane of plain processes on loopback, with edge and cloud nodes and Spillway beside it, until Ctrl-C.

  --empty       no nodes: for traces, which bring their own
  --trace NAME  no nodes, Spillway configured and metrics scraped as the trace says: rehearses it, and ends with the
                exit code of \`spillway rehearse\`. What follows a second -- is given to that: -- --report real.html
  --help        print this`;

interface Options {
  readonly empty: boolean;
  readonly help: boolean;
  readonly trace?: string | undefined;
  /** For the rehearsal. */
  readonly args: readonly string[];
}

async function main(): Promise<void> {
  const { empty, help, trace: name, args } = readOptions();
  if (help) return console.log(USAGE);
  const trace = name === undefined ? undefined : await playgroundTrace(name);
  const stopped = untilStopped();
  const runDir = runDirectoryOf(process.pid);
  createRunDirectory(runDir);
  mkdirSync(runDir, { recursive: true });
  // Whatever else happens, nothing is left running and no keys are left lying about.
  process.once('exit', () => clearRunDirectory(runDir));
  const binaries = await buildControlPlane((line) => console.log(line));
  if (stopped.already()) return;
  const isEmpty = empty || trace !== undefined;
  console.log(
    isEmpty ? 'Starting the control plane …' : 'Starting; metrics of new nodes take half a minute …',
  );
  const playground = await openPlayground(binaries, runDir, {
    empty: isEmpty,
    trace,
    stopped: stopped.already,
  });
  if (playground === undefined) return;
  try {
    console.log(instructions(playground, REPOSITORY));
    if (trace === undefined) await stopped.promise;
    else process.exitCode = await rehearse(playground, trace, args, stopped.promise);
    console.log('\nEnding …');
  } finally {
    await playground.close();
  }
}

/** @returns the exit code of the rehearsal; it has deleted what it made when it ends */
async function rehearse(
  playground: Playground,
  trace: PlaygroundTrace,
  args: readonly string[],
  stopped: Promise<void>,
): Promise<number> {
  const child = startRehearsal(playground, trace, args);
  const ended = once(child, 'exit');
  void stopped.then(() => child.kill('SIGINT'));
  process.once('exit', () => child.kill('SIGKILL'));
  const [code] = await ended;
  return code ?? 1;
}

function readOptions(): Options {
  const { values, positionals } = parseArgs({
    options: {
      empty: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
      trace: { type: 'string' },
    },
    allowPositionals: true,
  });
  if (positionals.length > 0 && values.trace === undefined) throw new Error(USAGE);
  return { ...values, args: positionals };
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
