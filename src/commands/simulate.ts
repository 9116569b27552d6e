import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { explainPod, textReport } from '../simulator/report/text.ts';
import type { SimulationResult } from '../simulator/result.ts';
import { simulate as run } from '../simulator/simulate.ts';
import { formatTraceProblems, readTrace } from '../simulator/trace/read.ts';
import type { SimulateOptions } from './simulate-options.ts';

export const ALL_HOLD = 0;
export const INTERNAL_ERROR = 1;
export const NOT_VALID = 2;
export const EXPECTATION_FAILED = 3;

export interface Output {
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
}

const TERMINAL: Output = {
  out: (text) => process.stdout.write(text),
  err: (text) => process.stderr.write(text),
};

/**
 * Replays a trace and prints what came of it.
 *
 * @returns the exit code: 0 all expectations hold, 1 internal error, 2 the trace or the options are not
 *   valid, 3 an expectation failed
 */
export async function simulate(options: SimulateOptions, output: Output = TERMINAL): Promise<number> {
  const refuse = (message: string) => {
    output.err(`${message}\n`);
    return NOT_VALID;
  };
  const file = findTrace(options.trace);
  if (file === undefined)
    return refuse(`${options.trace} is not a file, nor a trace in ${simulationsFolder()}`);
  const text = await readFile(file, 'utf8').catch((error: unknown) => ({ problem: messageOf(error) }));
  if (typeof text !== 'string') return refuse(`${file} cannot be read: ${text.problem}`);
  try {
    const read = await readTrace(text);
    if (!read.ok) return refuse(`${file} is not valid:\n${formatTraceProblems(read.problems)}`);
    const result = run(read.trace);
    const printed = print(result, options);
    if (printed === undefined) return refuse(`--explain: the run has no pod ${options.explain}`);
    output.out(printed);
    return result.expectations.every(({ held }) => held) ? ALL_HOLD : EXPECTATION_FAILED;
  } catch (error) {
    output.err(`internal error: ${error instanceof Error ? error.stack : String(error)}\n`);
    return INTERNAL_ERROR;
  }
}

function print(result: SimulationResult, options: SimulateOptions): string | undefined {
  if (options.explain !== undefined) return explainPod(result, options.explain);
  if (options.output === 'json') return `${JSON.stringify(result, null, 2)}\n`;
  return textReport(result, { verbose: options.verbose });
}

/** A path is a path; a bare name is one of the traces that come with the package, or a file here. */
function findTrace(name: string): string | undefined {
  const isPath = name.includes('/') || name.includes('\\');
  const folder = simulationsFolder();
  const shipped = isPath ? [] : [`${folder}${name}`, `${folder}${name}.json`];
  return [...shipped, name].find((file) => existsSync(file));
}

/** Beside dist/ in the package, two folders up in the sources. */
function simulationsFolder(): string {
  const folders = ['../simulations/', '../../simulations/'].map((path) =>
    fileURLToPath(new URL(path, import.meta.url)),
  );
  return folders.find((folder) => existsSync(folder)) ?? 'simulations/';
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
