import { type SetResult, setValue } from './keys.ts';
import type { Axis, SweepValue } from './spec.ts';

/** Everything that a sweep runs, in the order in which it is numbered and shown. */
export interface Plan {
  readonly axes: readonly Axis[];
  readonly seeds: readonly number[];
}

/** One value for each axis, in their order. */
export type Combination = readonly SweepValue[];

export interface PlannedRun {
  readonly index: number;
  readonly combination: Combination;
  readonly seed: number;
}

export function combinationsOf({ axes }: Pick<Plan, 'axes'>): readonly Combination[] {
  return axes.reduce<readonly Combination[]>(
    (combinations, { values }) =>
      combinations.flatMap((combination) => values.map((value) => [...combination, value])),
    [[]],
  );
}

/** All seeds of one combination after those of the other. */
export function runsOf(plan: Plan): readonly PlannedRun[] {
  return combinationsOf(plan)
    .flatMap((combination) => plan.seeds.map((seed) => ({ combination, seed })))
    .map((run, index) => ({ index, ...run }));
}

export interface Shard {
  /** From 1 to `count`. */
  readonly number: number;
  readonly count: number;
}

/** Neighbours go to different shards: what is slow, say a small resolution, is shared by all of them. */
export function runsOfShard(plan: Plan, { number, count }: Shard): readonly PlannedRun[] {
  return runsOf(plan).filter(({ index }) => index % count === number - 1);
}

/** The document that a run simulates. */
export function documentOf(
  document: unknown,
  axes: readonly Axis[],
  run: Omit<PlannedRun, 'index'>,
): SetResult {
  const start: SetResult = { ok: true, document };
  const seeded = setValue(document, { name: 'seed', path: ['seed'], seconds: false }, run.seed);
  return axes.reduce<SetResult>(
    (result, { key }, index) =>
      result.ok ? setValue(result.document, key, run.combination[index] ?? '') : result,
    seeded.ok ? seeded : start,
  );
}
