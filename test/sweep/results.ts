import { MEASURE_COLUMNS } from '../../src/compare/columns.ts';
import type { Measures } from '../../src/compare/measures.ts';
import type { Plan } from '../../src/sweep/plan.ts';
import type { RunOutcome } from '../../src/sweep/run.ts';
import { type Axis, readAxis } from '../../src/sweep/spec.ts';

function axisOf(text: string): Axis {
  const read = readAxis(text);
  if (!read.ok) throw new Error(read.problem);
  return read.axis;
}

export function planOf(axes: readonly string[], seeds: readonly number[] = [1]): Plan {
  return { axes: axes.map(axisOf), seeds };
}

function measuresWith(over: Partial<Measures>): Measures {
  const zero = Object.fromEntries(MEASURE_COLUMNS.map(({ key }) => [key, 0]));
  return { ...(zero as unknown as Measures), ...over };
}

/** Outcomes of runs in their order: how full the edge was, how long above. */
export function outcomesOf(
  ...measured: readonly (readonly [fill: number | null, above: number] | string)[]
): readonly RunOutcome[] {
  return measured.map((one, index) =>
    typeof one === 'string'
      ? { index, error: one }
      : { index, measures: measuresWith({ edgeFillRatio: one[0], secondsAboveThreshold: one[1] }) },
  );
}
