import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { simulationsPath } from '../simulator/traces.ts';
import { decisionsPerSecond } from './core.ts';
import { ROOT } from './processes.ts';
import { burst, churn, dayOfOneAutoscaler, idle } from './simulator-traces.ts';
import { printTable } from './table.ts';

interface Usage {
  readonly wallMs: number;
  /** Of all its threads; the garbage collector's run beside the program's own. */
  readonly cpuMs: number;
  readonly peakMb: number;
}

const PODS = 100_000;
const ROUNDS = 5;
const MANY_NODES = { edgeNodes: 700, cloudNodes: 300, deployments: 20 };
const SOME_NODES = { edgeNodes: 65, cloudNodes: 35, deployments: 20 };
/** Megabytes of old objects from which on V8 rather collects garbage than grows. */
const HEAP_MB = 450;

type Written = (name: string, document: unknown) => Promise<string>;

/** The targets of the simulator, what this machine reaches, and whether that is enough. */
export async function benchSimulator(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'spillway-bench-'));
  const written: Written = async (name, document) => {
    const file = join(folder, `${name}.json`);
    await writeFile(file, JSON.stringify(document));
    return file;
  };
  try {
    await benchTimes(written);
    await benchManyPods(written);
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function benchTimes(written: Written): Promise<void> {
  const e1 = await quickest(simulationsPath('e1.json'));
  const day = await quickest(await written('day', dayOfOneAutoscaler()));
  const short = await quickest(await written('short', idle('100s')));
  const long = await quickest(await written('long', idle('1000000s')));
  const decisions = decisionsPerSecond(100, 2000);
  const beyondMs = long.wallMs - short.wallMs;
  printTable(
    'The simulator: from the start of the process to its exit, the quickest of 5 runs',
    ['what', 'target', 'measured', 'met', 'CPU ms'],
    [
      row('e1.json', 500, e1.wallMs, e1),
      row('24 hours of one autoscaler', 1000, day.wallMs, day),
      row('a million idle seconds, beyond the first 100', 50, beyondMs, long),
      [
        'decisions of the core a second, 100 nodes',
        '> 20000',
        decisions.toFixed(0),
        word(decisions > 20_000),
        '',
      ],
    ],
  );
}

async function benchManyPods(written: Written): Promise<void> {
  const churned = await written('churn', churn(PODS, 10, SOME_NODES));
  const alive = await written('burst', burst(PODS, MANY_NODES));
  const limit = `--max-old-space-size=${HEAP_MB}`;
  const rows = [
    podsRow('in turns on 100 nodes', await usageOf(churned)),
    podsRow(`in turns on 100 nodes, ${limit}`, await usageOf(churned, [limit])),
    podsRow('all alive on 1000 nodes', await usageOf(alive)),
    podsRow(`all alive on 1000 nodes, ${limit}`, await usageOf(alive, [limit])),
  ];
  printTable(
    '100 000 pods in one trace: API, scheduler, Spillway, kubelets, metrics and the report of it all',
    ['pods', 'target MB', 'peak MB', 'met', 'CPU s', 'wall s', 'pods per CPU s'],
    rows,
  );
}

/** From the start of the process to its exit, as a user of `npx simulate` has it. */
async function usageOf(file: string, flags: readonly string[] = []): Promise<Usage> {
  const started = performance.now();
  const hook = join(ROOT, 'test/bench/usage-at-exit.mjs');
  const args = [...flags, '--import', hook, join(ROOT, 'dist/simulate.js'), '--trace', file];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'ignore', 'inherit', 'pipe'] });
  const told = child.stdio[3];
  if (!(told instanceof Readable)) throw new Error('no pipe to read the usage from');
  const [usage, [code]] = await Promise.all([text(told), once(child, 'exit')]);
  if (code !== 0) throw new Error(`${file} ended with ${code}`);
  const { userCPUTime, systemCPUTime, maxRSS }: NodeJS.ResourceUsage = JSON.parse(usage);
  return {
    wallMs: performance.now() - started,
    cpuMs: (userCPUTime + systemCPUTime) / 1000,
    peakMb: maxRSS / 1024,
  };
}

/** Others share the machine, and only ever make it slower. */
async function quickest(file: string): Promise<Usage> {
  const usages: Usage[] = [];
  for (let round = 0; round < ROUNDS; round += 1) usages.push(await usageOf(file));
  return usages.reduce((best, usage) => (usage.wallMs < best.wallMs ? usage : best));
}

function row(what: string, belowMs: number, measuredMs: number, { cpuMs }: Usage): readonly string[] {
  const measured = `${measuredMs.toFixed(0)} ms`;
  return [what, `< ${belowMs} ms`, measured, word(measuredMs < belowMs), cpuMs.toFixed(0)];
}

function podsRow(pods: string, { peakMb, cpuMs, wallMs }: Usage): readonly string[] {
  const cells = [
    peakMb.toFixed(0),
    word(peakMb < 1000),
    (cpuMs / 1000).toFixed(1),
    (wallMs / 1000).toFixed(1),
  ];
  return [pods, '< 1000', ...cells, (PODS / (cpuMs / 1000)).toFixed(0)];
}

function word(met: boolean): string {
  return met ? 'yes' : 'no';
}
