import { writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { type Plan, type PlannedRun, runsOf, runsOfShard } from '../sweep/plan.ts';
import { type Sweep, type SweepFormat, sweepReport } from '../sweep/report.ts';
import type { RunOutcome } from '../sweep/run.ts';
import { shardText } from '../sweep/shard-file.ts';
import { summarize } from '../sweep/summary.ts';
import { parseDocument } from '../trace/read.ts';
import { ALL_HOLD, INTERNAL_ERROR, NOT_VALID, type Output, TERMINAL } from './simulate.ts';
import { planProblems, readPlan, readShard, wholeNumber } from './sweep-plan.ts';
import { runOnThreads, type WorkerInput } from './sweep-pool.ts';
import { loadTrace, messageOf } from './trace-file.ts';

export interface SweepOptions {
  readonly trace: string;
  /** `key=values`, one for each axis. */
  readonly sweep: readonly string[];
  readonly seeds?: string | undefined;
  readonly workers?: string | undefined;
  readonly shard?: string | undefined;
  readonly shardFile?: string | undefined;
  readonly report?: string | undefined;
  readonly output: SweepFormat;
}

const MAX_WORKERS = 1024;

/**
 * Runs a trace with every combination of values and seeds, on all cores, and prints what the measures come to.
 * With a shard it runs its part and writes a file for `merge` instead.
 *
 * @returns the exit code: 0 all runs came to an end, 1 one did not, 2 the trace, a value or an option is not valid
 */
export async function sweep(
  options: SweepOptions,
  output: Output = TERMINAL,
  env: Readonly<Record<string, string | undefined>> = process.env,
): Promise<number> {
  const refuse = (message: string) => {
    output.err(`${message}\n`);
    return NOT_VALID;
  };
  const workers = wholeNumber(options.workers ?? String(availableParallelism()), MAX_WORKERS);
  if (workers === undefined) {
    return refuse(`--workers: found ${options.workers}, allowed: a whole number from 1 to ${MAX_WORKERS}`);
  }
  const shard = readShard(options.shard ?? '1/1', env['JOB_COMPLETION_INDEX']);
  if (!shard.ok) return refuse(shard.problem);
  const loaded = await loadTrace(options.trace);
  if (!loaded.ok) return refuse(loaded.message);
  const plan = readPlan(options, loaded.trace.seed);
  if (!plan.ok) return refuse(plan.problem);
  const parsed = await parseDocument(loaded.text);
  const document = parsed.ok ? parsed.value : undefined;
  const problems = await planProblems(document, plan.value);
  if (problems.length > 0) return refuse(`--sweep: not valid:\n${problems.join('\n')}`);

  const runs = runsOfShard(plan.value, shard.value);
  const outcomes = await run({ document, axes: plan.value.axes }, runs, workers, output);
  const found = { name: loaded.trace.metadata.name, plan: plan.value };
  if (options.shard === undefined) {
    const problem = await printSweep(found, outcomes, options, output);
    if (problem !== undefined) return refuse(problem);
  } else {
    const file = options.shardFile ?? `sweep-shard-${shard.value.number}-of-${shard.value.count}.json`;
    const problem = await write(file, shardText(found, loaded.text, shard.value, outcomes));
    if (problem !== undefined) return refuse(`--shard-file: ${problem}`);
    output.err(`${outcomes.length} runs written to ${file}\n`);
  }
  return judge(plan.value, outcomes, output);
}

/** @returns what is wrong with the report's file, if something is */
export async function printSweep(
  sweep: Sweep,
  outcomes: readonly RunOutcome[],
  { output: format, report }: Pick<SweepOptions, 'output' | 'report'>,
  output: Output,
): Promise<string | undefined> {
  const summaries = summarize(sweep.plan, outcomes);
  output.out(sweepReport(format, sweep, summaries));
  if (report === undefined) return undefined;
  const { htmlSweep } = await import('../report/html/sweep.ts');
  const problem = await write(report, htmlSweep(sweep, summaries));
  return problem === undefined ? undefined : `--report: ${problem}`;
}

async function run(
  input: WorkerInput,
  runs: readonly PlannedRun[],
  workers: number,
  output: Output,
): Promise<readonly RunOutcome[]> {
  let ended = 0;
  const outcomes = await runOnThreads(input, runs, {
    workers,
    finished: () => {
      ended += 1;
      if (output.watched) output.err(`\r${ended} of ${runs.length} runs`);
    },
  });
  // Erases the line: ECMA-48, EL.
  if (output.watched) output.err('\r\u001b[K');
  return outcomes;
}

/** Every run that failed, whole, on the error output; the report has its first line. */
export function judge(plan: Plan, outcomes: readonly RunOutcome[], output: Output): number {
  const runs = runsOf(plan);
  let code = ALL_HOLD;
  for (const outcome of outcomes) {
    if (!('error' in outcome)) continue;
    code = INTERNAL_ERROR;
    const { combination = [], seed = 0 } = runs[outcome.index] ?? {};
    const values = combination.map((value, index) => `${plan.axes[index]?.key.name}=${value}`);
    output.err(`run failed with ${[...values, `seed=${seed}`].join(' ')}: ${outcome.error}\n`);
  }
  return code;
}

async function write(file: string, text: string): Promise<string | undefined> {
  return writeFile(file, text).then(
    () => undefined,
    (error: unknown) => `${file} cannot be written: ${messageOf(error)}`,
  );
}
