import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { withPolicy } from '../../src/simulator/policies/policy.ts';
import type { SimulationResult } from '../../src/simulator/result.ts';
import { simulate } from '../../src/simulator/simulate.ts';
import { checkTrace, formatTraceProblems } from '../../src/simulator/trace/read.ts';
import { printTable } from '../bench/table.ts';
import { buildControlPlane } from '../cluster/harness/build.ts';
import { REPOSITORY } from '../cluster/harness/configs.ts';
import { clearRunDirectory, createRunDirectory, runDirectoryOf } from '../cluster/harness/run-directory.ts';
import { type Comparison, compareRuns } from './runs/compare.ts';
import { phasesOf, withPhases } from './runs/phases.ts';
import {
  documentOf,
  playReal,
  type RealRun,
  type RunCase,
  resolutionS,
  type TraceDocument,
} from './runs/real.ts';

/*
 * `npm run fidelity:runs`: traces on a real control plane, in real time, and the same traces simulated with the clocks
 * and the lost scrapes that the real run had. Prints a table for docs/fidelity.md, and writes every result.
 */

/** At a time; each has a control plane of its own. */
const PARALLEL = 7;

const CASES: readonly RunCase[] = [
  ...['nodeinfo', 'gzip-compression', 'dd', 'shasum'].map(
    (name) => ({ trace: `thesis/${name}-e1.yaml`, policy: 'spillway' }) as const,
  ),
  { trace: 'lossy-edge.yaml', policy: 'spillway', duration: '9m', change: sooner },
  { trace: 'burst.yaml', policy: 'spillway', duration: '150s', change: untilItsEnd },
  { trace: 'scale-in.yaml', policy: 'spillway', duration: '8m', change: earlier },
];

/** What would happen after the end. */
function untilItsEnd(document: TraceDocument): TraceDocument {
  const events = document['events'] as readonly { readonly at: string }[];
  return { ...document, events: events.filter(({ at }) => at === '2m') };
}

/** Its demand begins at 1:00, and grows from 3:00 to 7:00: until then nothing happens. */
function sooner(document: TraceDocument): TraceDocument {
  const [demand, ...others] = document['load'] as readonly object[];
  const points = [
    { at: '1m', cpu: '1600m' },
    { at: '3m', cpu: '1600m' },
    { at: '7m', cpu: '2800m' },
  ];
  return { ...document, load: [{ ...demand, points }, ...others] };
}

/** Its load goes four minutes earlier: until then nothing happens. */
function earlier(document: TraceDocument): TraceDocument {
  const [demand, ...others] = document['load'] as readonly object[];
  const points = [
    { at: '1m', cpu: '2400m' },
    { at: '2m', cpu: '300m' },
  ];
  return { ...document, load: [{ ...demand, points }, ...others] };
}

async function main(): Promise<void> {
  const runDir = runDirectoryOf(process.pid);
  createRunDirectory(runDir);
  process.once('exit', () => clearRunDirectory(runDir));
  const binaries = await buildControlPlane((line) => console.error(line));
  const folder = join(REPOSITORY, '.cache', 'fidelity');
  mkdirSync(folder, { recursive: true });
  const rows = new Map<RunCase, readonly string[]>();
  const wanted = CASES.filter((run) => isWanted(nameOf(run)));
  const left = [...wanted];
  const worker = async () => {
    for (let run = left.shift(); run !== undefined; run = left.shift()) {
      const name = nameOf(run);
      console.error(`${name}: begins`);
      const real = await playReal(binaries, join(runDir, name), run);
      const simulated = await simulatedAs(run, real);
      writeFileSync(join(folder, `${name}.json`), JSON.stringify(real.result));
      writeFileSync(join(folder, `${name}-scrapes.json`), JSON.stringify(real.scrapes));
      writeFileSync(join(folder, `${name}-simulated.json`), JSON.stringify(simulated));
      rows.set(run, rowOf(name, compareRuns(real.result, simulated)));
    }
  };
  await Promise.all(Array.from({ length: PARALLEL }, worker));
  const headers = ['', 'sizes', 'simulated', 'tier', 'node', 'victims', 'simulated'];
  printTable(
    'Runs on a control plane, and simulated',
    headers,
    wanted.flatMap((run) => [rows.get(run) ?? []]),
  );
}

/** All, or those that an argument is part of: `npm run fidelity:runs -- nodeinfo burst`. */
function isWanted(name: string): boolean {
  const parts = process.argv.slice(2);
  return parts.length === 0 || parts.some((part) => name.includes(part));
}

/** The trace with the clocks and the lost scrapes of the real run. */
async function simulatedAs(run: RunCase, real: RealRun): Promise<SimulationResult> {
  const document = documentOf(run);
  const resolutionMs = resolutionS(document) * 1000;
  const checked = await checkTrace(
    withPhases(document, phasesOf(real.result, real.scrapes, resolutionMs), resolutionMs),
  );
  if (!checked.ok) throw new Error(formatTraceProblems(checked.problems));
  return simulate(withPolicy(checked.trace, run.policy));
}

function nameOf({ trace, policy }: RunCase): string {
  return `${trace.replace(/\.\w+$/, '').replaceAll('/', '-')}-${policy}`;
}

function rowOf(name: string, comparison: Comparison): readonly string[] {
  const { realSizes, simulatedSizes, sameTier, sameNode, pods } = comparison;
  return [
    name,
    realSizes.join(', '),
    simulatedSizes.join(', '),
    `${sameTier} of ${pods}`,
    `${sameNode} of ${pods}`,
    comparison.realVictims,
    comparison.simulatedVictims,
  ];
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
