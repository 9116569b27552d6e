import { once } from 'node:events';
import { inspect } from 'node:util';
import type { SimulationResult } from '../outcome/result.ts';
import { simulate as run } from '../simulator/simulate.ts';
import { withPolicy } from '../trace/policy.ts';
import type { PolicyName } from '../trace/policy-names.ts';
import type { Trace } from '../trace/schema.ts';
import { printResult } from './print-result.ts';
import { createProgress } from './progress.ts';
import type { LiveOutcome } from './simulate-live.ts';
import type { SimulateOptions } from './simulate-options.ts';
import { loadTrace } from './trace-file.ts';

export const ALL_HOLD = 0;
export const INTERNAL_ERROR = 1;
export const NOT_VALID = 2;
export const EXPECTATION_FAILED = 3;

export interface Output {
  readonly out: (text: string) => void;
  /** Waits until what went to `out` is on its way: a pipe takes a little at a time, and the rest stays in memory. */
  readonly drained?: (() => Promise<void>) | undefined;
  readonly err: (text: string) => void;
  /** Whether somebody watches what goes to `err`. */
  readonly watched: boolean;
  /** Runs as a step of GitHub Actions, which shows annotations. */
  readonly onGitHub: boolean;
}

export const TERMINAL: Output = {
  out: (text) => process.stdout.write(text),
  drained: async () => {
    if (process.stdout.writableNeedDrain) await once(process.stdout, 'drain');
  },
  err: (text) => process.stderr.write(text),
  watched: process.stderr.isTTY === true,
  onGitHub: process.env['GITHUB_ACTIONS'] === 'true',
};

/**
 * Runs a trace and prints what came of it.
 *
 * @returns the exit code: 0 all expectations hold, 1 internal error, or a live extender was lost, 2 the trace
 *   or the options are not valid, 3 an expectation failed
 */
export async function simulate(options: SimulateOptions, output: Output = TERMINAL): Promise<number> {
  const refuse = (message: string) => {
    output.err(`${message}\n`);
    return NOT_VALID;
  };
  try {
    const loaded = await loadTrace(options.trace);
    if (!loaded.ok) return refuse(loaded.message);
    const progress = createProgress(output, loaded.trace.duration);
    const outcome = await outcomeOf(traceUnder(loaded.trace, options.policy), options, progress.reached);
    progress.clear();
    if (outcome.kind === 'refused') return refuse(outcome.message);
    if (outcome.kind === 'lost') {
      output.err(`${outcome.message}\n`);
      return INTERNAL_ERROR;
    }
    const { result } = outcome;
    const problem = await printResult(result, options, loaded.file, output);
    return problem === undefined ? exitCodeOf(result) : refuse(problem);
  } catch (error) {
    // With its causes: the decision code's own error is one.
    output.err(`internal error: ${inspect(error)}\n`);
    return INTERNAL_ERROR;
  }
}

/** By the run's expectations. */
export function exitCodeOf({ expectations }: SimulationResult): number {
  return expectations.every(({ held }) => held) ? ALL_HOLD : EXPECTATION_FAILED;
}

async function outcomeOf(
  trace: Trace,
  { extender }: SimulateOptions,
  progress: (sinceStartMs: number) => void,
): Promise<LiveOutcome> {
  if (extender === undefined) return { kind: 'ran', result: run(trace, { progress }) };
  const { simulateLive } = await import('./simulate-live.ts');
  return simulateLive(trace, extender, progress);
}

function traceUnder(trace: Trace, policy: PolicyName | undefined): Trace {
  return policy === undefined ? trace : withPolicy(trace, policy);
}
