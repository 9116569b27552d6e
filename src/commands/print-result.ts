import { constants } from 'node:fs';
import { access, stat, writeFile } from 'node:fs/promises';
import { dirname, relative } from 'node:path';
import type { SimulationResult } from '../outcome/result.ts';
import { githubAnnotations } from '../report/github.ts';
import { jsonPieces } from '../report/json.ts';
import { junitReport } from '../report/junit.ts';
import { explainPod, textReport } from '../report/text.ts';
import type { Output } from './simulate.ts';
import { messageOf } from './trace-file.ts';

/** What of a run is printed, and which files are written. */
export interface PrintOptions {
  readonly output: 'table' | 'json' | 'junit';
  /** A pod whose decisions are printed instead. */
  readonly explain?: string | undefined;
  readonly verbose?: boolean | undefined;
  readonly report?: string | undefined;
  /** Where all of it is written, as `--output json` prints it. */
  readonly result?: string | undefined;
}

/**
 * Prints a run, writes its files, and annotates its trace on GitHub Actions.
 *
 * @param traceFile where the trace was read
 * @returns what could not be done, naming the option; undefined: nothing
 */
export async function printResult(
  result: SimulationResult,
  options: PrintOptions,
  traceFile: string,
  { out, drained, onGitHub }: Output,
): Promise<string | undefined> {
  const printed = pieces(result, options);
  if (printed === undefined) return `--explain: the run has no pod ${options.explain}`;
  for (const piece of printed) {
    out(piece);
    await drained?.();
  }
  if (options.result !== undefined) {
    const problem = await write(options.result, jsonText(result));
    if (problem !== undefined) return `--result: ${problem}`;
  }
  if (options.report !== undefined) {
    const { htmlReport } = await import('../report/html/report.ts');
    const problem = await write(options.report, htmlReport(result));
    if (problem !== undefined) return `--report: ${problem}`;
  }
  if (onGitHub && options.output === 'table') {
    for (const line of githubAnnotations(result, relative('.', traceFile))) out(`${line}\n`);
  }
  return undefined;
}

/**
 * Finds out before a run that takes its time whether its files can be written after it.
 *
 * @returns what is wrong, naming the option; undefined: nothing
 */
export async function unwritable({ report, result }: PrintOptions): Promise<string | undefined> {
  for (const [option, file] of Object.entries({ '--result': result, '--report': report })) {
    if (file === undefined) continue;
    try {
      await access(dirname(file), constants.W_OK);
      const found = await stat(file).catch(() => undefined);
      if (found?.isDirectory()) return `${option}: ${file} cannot be written: it is a folder`;
      if (found !== undefined) await access(file, constants.W_OK);
    } catch (error) {
      return `${option}: ${file} cannot be written: ${messageOf(error)}`;
    }
  }
  return undefined;
}

/** @returns the text in pieces; undefined: there is no such pod */
function pieces(result: SimulationResult, options: PrintOptions): Iterable<string> | undefined {
  if (options.explain !== undefined) {
    const explained = explainPod(result, options.explain);
    return explained === undefined ? undefined : [explained];
  }
  if (options.output === 'json') return jsonText(result);
  if (options.output === 'junit') return [junitReport(result)];
  return [textReport(result, { verbose: options.verbose === true })];
}

function* jsonText(result: SimulationResult): Generator<string> {
  yield* jsonPieces(result);
  yield '\n';
}

async function write(file: string, text: string | Iterable<string>): Promise<string | undefined> {
  return writeFile(file, text).then(
    () => undefined,
    (error: unknown) => `${file} cannot be written: ${messageOf(error)}`,
  );
}
