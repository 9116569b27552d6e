import { readFile } from 'node:fs/promises';
import { type ComparedRun, comparedRun } from '../compare/compare.ts';
import { readResult } from '../outcome/result-file.ts';
import { formatTraceProblems } from '../trace/read.ts';
import type { Trace } from '../trace/schema.ts';
import { type CompareOptions, printComparison } from './compare.ts';
import { INTERNAL_ERROR, NOT_VALID, type Output, TERMINAL } from './simulate.ts';
import { loadTrace, messageOf } from './trace-file.ts';

export type CompareResultsOptions = Omit<CompareOptions, 'compare'>;

/**
 * Compares runs of one trace that were written to files, by `simulate` or on a cluster.
 *
 * @param runs each `name=file`
 * @returns the exit code, by the expectations of the run named spillway, or of the first
 */
export async function compareResults(
  runs: readonly string[],
  options: CompareResultsOptions,
  output: Output = TERMINAL,
): Promise<number> {
  const refuse = (message: string) => {
    output.err(`${message}\n`);
    return NOT_VALID;
  };
  try {
    const loaded = await loadTrace(options.trace);
    if (!loaded.ok) return refuse(loaded.message);
    const read = await readRuns(loaded.trace, runs);
    if (!read.ok) return refuse(read.message);
    return await printComparison({ trace: loaded.trace, runs: read.runs }, options, output);
  } catch (error) {
    output.err(`internal error: ${error instanceof Error ? error.stack : String(error)}\n`);
    return INTERNAL_ERROR;
  }
}

type ReadRuns =
  | { readonly ok: true; readonly runs: readonly ComparedRun[] }
  | { readonly ok: false; readonly message: string };

async function readRuns(trace: Trace, named: readonly string[]): Promise<ReadRuns> {
  const runs: ComparedRun[] = [];
  for (const argument of named) {
    const split = argument.indexOf('=');
    const [name, file] = [argument.slice(0, Math.max(0, split)), argument.slice(split + 1)];
    if (name === '' || file === '') {
      return { ok: false, message: `runs: found ${argument}, allowed: name=file` };
    }
    if (runs.some(({ policy }) => policy === name)) return { ok: false, message: `${name} is named twice` };
    const text = await readFile(file, 'utf8').catch((error: unknown) => ({ problem: messageOf(error) }));
    if (typeof text !== 'string') return { ok: false, message: `${file} cannot be read: ${text.problem}` };
    const read = readResult(text);
    if (!read.ok) {
      return { ok: false, message: `${file} is not a result:\n${formatTraceProblems(read.problems)}` };
    }
    const of = read.result.trace.name;
    if (of !== trace.metadata.name) {
      const problem = `found a run of ${of}, allowed: runs of ${trace.metadata.name}`;
      return { ok: false, message: `${file}: ${problem}` };
    }
    runs.push(comparedRun(trace, name, read.result));
  }
  return { ok: true, runs };
}
