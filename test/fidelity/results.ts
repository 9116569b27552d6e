import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type ComparedRun, comparedRun } from '../../src/compare/compare.ts';
import type { SimulationResult } from '../../src/outcome/result.ts';
import { htmlComparison } from '../../src/report/html/comparison.ts';
import { withPolicy } from '../../src/trace/policy.ts';
import { checkTrace, formatTraceProblems } from '../../src/trace/read.ts';
import { buildControlPlane } from '../control-plane/harness/build.ts';
import { REPOSITORY } from '../control-plane/harness/configs.ts';
import {
  clearRunDirectory,
  createRunDirectory,
  runDirectoryOf,
} from '../control-plane/harness/run-directory.ts';
import { documentOf, playReal, type RunCase } from './runs/real.ts';

/*
 * `npm run results`: placement by requests with an affinity of weight 80, as the thesis had it, and by live CPU, on
 * the same traces and a real control plane. Prints a table for docs/results.md, and writes a page and every result.
 */
const TRACES: readonly Omit<RunCase, 'policy'>[] = [
  { trace: 'thesis/nodeinfo-e1.yaml' },
  { trace: 'thesis/gzip-compression-e1.yaml' },
  { trace: 'thesis/dd-e1.yaml' },
  { trace: 'thesis/shasum-e1.yaml' },
  { trace: 'burst.yaml' },
];
const POLICIES = ['affinity', 'spillway'] as const;

async function main(): Promise<void> {
  const runDir = runDirectoryOf(process.pid);
  createRunDirectory(runDir);
  process.once('exit', () => clearRunDirectory(runDir));
  const binaries = await buildControlPlane((line) => console.error(line));
  const folder = join(REPOSITORY, '.cache', 'results');
  mkdirSync(folder, { recursive: true });
  const cases = TRACES.flatMap((one) => POLICIES.map((policy): RunCase => ({ ...one, policy })));
  const runs = new Map<RunCase, ComparedRun>();
  // Each has a control plane of its own; ten take less than one of two cores.
  const play = async (run: RunCase) => {
    const file = nameOf(run).replaceAll(/\W+/g, '-');
    const { result } = await playReal(binaries, join(runDir, file), run);
    writeFileSync(join(folder, `${file}.json`), JSON.stringify(result));
    runs.set(run, await measured(run, result));
  };
  await Promise.all(cases.map(play));
  const ordered = cases.flatMap((run) => runs.get(run) ?? []);
  const table = tableOf(ordered);
  console.log(markdown(table));
  const page = htmlComparison({
    title: 'By requests and by live CPU, on a control plane',
    table,
    runs: ordered.map(({ policy: label, result }) => ({ label, result })),
  });
  const file = join('docs', 'results.html');
  writeFileSync(join(REPOSITORY, file), page);
  console.error(`the page: ${file}`);
}

async function measured(run: RunCase, result: SimulationResult): Promise<ComparedRun> {
  const checked = await checkTrace(documentOf(run));
  if (!checked.ok) throw new Error(formatTraceProblems(checked.problems));
  return comparedRun(withPolicy(checked.trace, run.policy), nameOf(run), result);
}

function nameOf({ trace, policy }: RunCase): string {
  return `${trace.replace(/\.\w+$/, '').replace('thesis/', '')}, ${policy}`;
}

interface Column {
  readonly title: string;
  readonly text: (run: ComparedRun) => string;
}

const COLUMNS: readonly Column[] = [
  { title: 'run', text: ({ policy }) => policy },
  { title: 'edge fill', text: ({ measures }) => fixed(measures.edgeFillRatio, 3) },
  { title: 's above the threshold', text: ({ measures }) => fixed(measures.secondsAboveThreshold, 1) },
  { title: 'over by m', text: ({ measures }) => fixed(measures.overshootMilli, 0) },
  { title: 'pods at the peak: edge + cloud', text: ({ result }) => peakText(result) },
  { title: 's pending', text: ({ measures }) => fixed(measures.pendingSeconds, 1) },
  { title: 'scale-in removed: edge, cloud', text: ({ result }) => removedText(result) },
  { title: 'p50 ms', text: ({ measures }) => fixed(measures.responseP50Ms, 0) },
  { title: 'p95 ms', text: ({ measures }) => fixed(measures.responseP95Ms, 0) },
  { title: 'failed', text: ({ measures }) => fixed(measures.failedRequests, 0) },
];

function tableOf(runs: readonly ComparedRun[]) {
  return {
    headers: COLUMNS.map(({ title }) => title),
    rows: runs.map((run) => COLUMNS.map(({ text }) => text(run))),
  };
}

function fixed(value: number | null, decimals: number): string {
  return value === null ? '–' : value.toFixed(decimals);
}

function peakText({ counts }: SimulationResult): string {
  const [peak] = [...counts].sort((left, right) => right.edge + right.cloud - (left.edge + left.cloud));
  return peak === undefined ? '–' : `${peak.edge} + ${peak.cloud}`;
}

function removedText({ pods, endMs }: SimulationResult): string {
  const count = (tier: string) =>
    pods.filter((pod) => pod.tier === tier && (pod.terminatingAtMs ?? endMs) < endMs).length;
  return `${count('edge')}, ${count('cloud')}`;
}

function markdown({ headers, rows }: ReturnType<typeof tableOf>): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(headers), line(headers.map(() => '---')), ...rows.map(line)].join('\n');
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
