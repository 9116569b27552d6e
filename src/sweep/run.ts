import { type Measures, measure } from '../compare/measures.ts';
import { simulate } from '../simulator/simulate.ts';
import { checkTrace, formatTraceProblems } from '../trace/read.ts';
import { documentOf, type PlannedRun } from './plan.ts';
import type { Axis } from './spec.ts';

/** What came of a run; an error is a bug, since what can be wrong with a trace was found before. */
export type RunOutcome =
  | { readonly index: number; readonly measures: Measures }
  | { readonly index: number; readonly error: string };

export async function runOne(document: unknown, axes: readonly Axis[], run: PlannedRun): Promise<RunOutcome> {
  try {
    const made = documentOf(document, axes, run);
    if (!made.ok) return { index: run.index, error: made.problem };
    const read = await checkTrace(made.document);
    if (!read.ok) return { index: run.index, error: formatTraceProblems(read.problems) };
    return { index: run.index, measures: measure(read.trace, simulate(read.trace)) };
  } catch (error) {
    return {
      index: run.index,
      error: error instanceof Error ? (error.stack ?? error.message) : String(error),
    };
  }
}
