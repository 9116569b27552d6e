import { MEASURE_COLUMNS } from '../compare/columns.ts';
import type { Measures } from '../compare/measures.ts';
import { type Combination, combinationsOf, type Plan } from './plan.ts';
import type { RunOutcome } from './run.ts';

export interface Spread {
  readonly mean: number;
  readonly min: number;
  readonly max: number;
}

export type MeasureSpreads = Readonly<Record<keyof Measures, Spread | null>>;

export interface CombinationSummary {
  readonly combination: Combination;
  /** Runs that came to an end. */
  readonly runs: number;
  readonly failures: readonly RunFailure[];
  /** Over the seeds; null where no run could measure it. */
  readonly measures: MeasureSpreads;
  /** No other combination fills the edge as far and is as little above the threshold, and better in one of the two. */
  readonly isOnFront: boolean;
}

interface RunFailure {
  readonly seed: number;
  readonly error: string;
}

/** @param outcomes of all runs, in any order */
export function summarize(plan: Plan, outcomes: Iterable<RunOutcome>): readonly CombinationSummary[] {
  const byIndex = new Map(Array.from(outcomes, (outcome) => [outcome.index, outcome]));
  const summaries = combinationsOf(plan).map((combination, position) => {
    const measured: Measures[] = [];
    const failures: RunFailure[] = [];
    plan.seeds.forEach((seed, offset) => {
      const outcome = byIndex.get(position * plan.seeds.length + offset);
      if (outcome === undefined) failures.push({ seed, error: 'was not run' });
      else if ('error' in outcome) failures.push({ seed, error: outcome.error });
      else measured.push(outcome.measures);
    });
    return { combination, runs: measured.length, failures, measures: spreadsOf(measured) };
  });
  const points = summaries.map(({ measures }) => tradeOff(measures));
  return summaries.map((summary, index) => ({ ...summary, isOnFront: isOnFront(points, index) }));
}

export interface TradeOff {
  readonly fillRatio: number;
  readonly secondsAbove: number;
}

/** Undefined: there was never enough load to fill the edge, or no run came to an end. */
export function tradeOff({ edgeFillRatio, secondsAboveThreshold }: MeasureSpreads): TradeOff | undefined {
  if (edgeFillRatio === null || secondsAboveThreshold === null) return undefined;
  return { fillRatio: edgeFillRatio.mean, secondsAbove: secondsAboveThreshold.mean };
}

function isOnFront(points: readonly (TradeOff | undefined)[], index: number): boolean {
  const point = points[index];
  return point !== undefined && !points.some((other) => other !== undefined && dominates(other, point));
}

/** At least as good in both, and better in one. */
function dominates(left: TradeOff, right: TradeOff): boolean {
  const isAsGood = left.fillRatio >= right.fillRatio && left.secondsAbove <= right.secondsAbove;
  return isAsGood && (left.fillRatio > right.fillRatio || left.secondsAbove < right.secondsAbove);
}

function spreadsOf(measured: readonly Measures[]): MeasureSpreads {
  const entries = MEASURE_COLUMNS.map(({ key }) => [
    key,
    spreadOf(measured.flatMap((measures) => measures[key] ?? [])),
  ]);
  return Object.fromEntries(entries) as MeasureSpreads;
}

function spreadOf(values: readonly number[]): Spread | null {
  if (values.length === 0) return null;
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return {
    mean: Math.round(mean * 1e6) / 1e6,
    min: values.reduce((lowest, value) => Math.min(lowest, value)),
    max: values.reduce((highest, value) => Math.max(highest, value)),
  };
}
