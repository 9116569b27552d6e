import { spawn } from 'node:child_process';
import { createWriteStream, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import type { SimulationResult } from '../../../src/outcome/result.ts';
import { readResult } from '../../../src/outcome/result-file.ts';
import type { Binaries } from '../../control-plane/harness/build.ts';
import { REPOSITORY } from '../../control-plane/harness/configs.ts';
import { applyDeployment } from '../../control-plane/harness/deploy.ts';
import { ControlPlane } from '../../control-plane/harness/plane.ts';
import { Stage } from '../../control-plane/harness/stage.ts';
import { readScrapes, type Scrape } from './scrapes.ts';

export type TraceDocument = Readonly<Record<string, unknown>>;

/** A trace that is played on a cluster: all of it, or its beginning. */
export interface RunCase {
  /** As `--trace` takes it. */
  readonly trace: string;
  readonly policy: 'spillway' | 'affinity';
  /** Default: the trace's. */
  readonly duration?: string;
  /** Changes of the trace for the sake of the clock: of what is waited for only. */
  readonly change?: (document: TraceDocument) => TraceDocument;
}

export interface RealRun {
  readonly result: SimulationResult;
  readonly scrapes: readonly Scrape[];
}

export function documentOf({ trace, duration, change }: RunCase): TraceDocument {
  const document: TraceDocument = parse(readFileSync(join(REPOSITORY, 'simulations', trace), 'utf8'));
  // What the trace expects later than its new end would make it invalid; here runs are compared, not judged.
  const shortened = duration === undefined ? document : { ...document, duration, expect: [] };
  return change?.(shortened) ?? shortened;
}

/** metrics-server takes no shorter resolution. */
const MIN_RESOLUTION_S = 10;

export function resolutionS(document: TraceDocument): number {
  const { resolution = '15s' } = (document['metricsServer'] ?? {}) as { readonly resolution?: string };
  return Math.max(MIN_RESOLUTION_S, Number.parseInt(resolution, 10));
}

/** Plays a trace on a control plane of its own, with Spillway configured as the trace says. */
export async function playReal(binaries: Binaries, runDir: string, run: RunCase): Promise<RealRun> {
  mkdirSync(runDir, { recursive: true });
  const document = documentOf(run);
  const plane = await ControlPlane.start(binaries, runDir, { metricResolutionS: resolutionS(document) });
  try {
    const stage = new Stage(plane, await applyDeployment(plane), 'fidelity', {
      nodes: [],
      spillway: (document['configuration'] ?? {}) as Readonly<Record<string, unknown>>,
    });
    await stage.start();
    const [trace, result] = [join(runDir, 'trace.json'), join(runDir, 'result.json')];
    writeFileSync(trace, JSON.stringify(document));
    const args = [
      ...['rehearse', '--trace', trace, '--kubeconfig', join(runDir, 'admin.kubeconfig')],
      ...['--policy', run.policy, '--result', result],
      ...(run.policy === 'spillway' ? ['--spillway', stage.spillway.managementUrl] : []),
    ];
    const code = await runSpillway(args, join(runDir, 'logs', 'rehearse.log'));
    // 3: what the trace expects is its own business; a shortened one may well miss some of it.
    if (code !== 0 && code !== 3) throw new Error(`rehearse ended with ${code}`);
    const read = readResult(readFileSync(result, 'utf8'));
    if (!read.ok) throw new Error(`the result cannot be read: ${JSON.stringify(read.problems)}`);
    const log = readFileSync(plane.metricsServer.logFile, 'utf8');
    return { result: read.result, scrapes: readScrapes(log, Date.now()) };
  } finally {
    await plane.stop();
  }
}

async function runSpillway(args: readonly string[], log: string): Promise<number | null> {
  const child = spawn(process.execPath, [join(REPOSITORY, 'dist', 'spillway.js'), ...args]);
  const output = createWriteStream(log);
  child.stdout.pipe(output, { end: false });
  child.stderr.pipe(output, { end: false });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => {
      output.end();
      resolve(code);
    });
  });
}
