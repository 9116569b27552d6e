import { cellText, MEASURE_COLUMNS, type MeasureColumn } from '../compare/columns.ts';
import { formatTable } from '../text/table.ts';
import { TRACE_API_VERSION } from '../trace/schema.ts';
import { combinationsOf, type Plan } from './plan.ts';
import { tradeOffPlot } from './plot.ts';
import type { CombinationSummary, Spread } from './summary.ts';

/** What a sweep is of, whichever shards ran it. */
export interface Sweep {
  /** The name of the trace. */
  readonly name: string;
  readonly plan: Plan;
}

export type SweepFormat = 'table' | 'json' | 'csv';

export function sweepReport(
  format: SweepFormat,
  sweep: Sweep,
  summaries: readonly CombinationSummary[],
): string {
  switch (format) {
    case 'table':
      return sweepText(sweep, summaries);
    case 'json':
      return sweepJson(sweep, summaries);
    case 'csv':
      return sweepCsv(sweep, summaries);
  }
}

/** Of these a table shows the range over the seeds too: they are what is traded. */
const RANGED: readonly MeasureColumn['key'][] = ['edgeFillRatio', 'secondsAboveThreshold'];

function sweepText(sweep: Sweep, summaries: readonly CombinationSummary[]): string {
  const { headers, rows, constant } = sweepTable(sweep, summaries);
  const plot = tradeOffPlot(summaries);
  const lines = [
    headline(sweep),
    '',
    ...formatTable(
      headers.map((title, index) => ({ title, align: index === 0 ? ('left' as const) : ('right' as const) })),
      rows,
    ),
    ...(constant === '' ? [] : ['', constant]),
    '',
    ...(plot.length === 0 ? ['There was never enough load to fill the edge.'] : [...plot, '', LEGEND]),
    ...failureLines(sweep, summaries),
  ];
  return `${lines.join('\n')}\n`;
}

export interface SweepTable {
  readonly headers: readonly string[];
  /** The first cell marks what is on the Pareto front. */
  readonly rows: readonly (readonly string[])[];
  /** What no row needs to say, as it is the same in all of them; may be empty. */
  readonly constant: string;
}

/** A row for each combination. */
export function sweepTable({ plan }: Sweep, summaries: readonly CombinationSummary[]): SweepTable {
  const { varying, constant } = columnsOf(summaries);
  return {
    headers: ['', ...plan.axes.map(({ key }) => key.name), ...varying.map(({ title }) => title)],
    rows: summaries.map(({ combination, measures, isOnFront }) => [
      isOnFront ? '●' : '',
      ...combination.map(String),
      ...varying.map(({ key, decimals }) => spreadText(measures[key], decimals, RANGED.includes(key))),
    ]),
    constant: constant.length === 0 ? '' : `The same in all: ${constant.join(', ')}.`,
  };
}

const LEGEND = '● no other combination is fuller and less above (the Pareto front)';

/** What the sweep was of: how many combinations, which seeds. */
export function headline({ name, plan }: Sweep): string {
  const count = combinationsOf(plan).length;
  const [first] = plan.seeds;
  return plan.seeds.length === 1
    ? `${name}: ${count} combinations, seed ${first}`
    : `${name}: ${count} combinations, seeds ${first} to ${plan.seeds.at(-1)}: means, and (lowest to highest)`;
}

/** A column whose cells are all the same says it once. */
function columnsOf(summaries: readonly CombinationSummary[]) {
  const [first] = summaries;
  const varying: MeasureColumn[] = [];
  const constant: string[] = [];
  for (const column of MEASURE_COLUMNS) {
    const { key, title, decimals } = column;
    const cells = summaries.map(({ measures }) => spreadText(measures[key], decimals, true));
    if (new Set(cells).size > 1 || RANGED.includes(key)) varying.push(column);
    else if (first !== undefined && first.measures[key] !== null) constant.push(`${title} ${cells[0]}`);
  }
  return { varying, constant };
}

function spreadText(spread: Spread | null, decimals: number, ranged: boolean): string {
  if (spread === null) return cellText(null, decimals);
  const { mean, min, max } = spread;
  // A mean of counts has a fraction.
  const text = cellText(mean, decimals === 0 && !Number.isInteger(mean) ? 1 : decimals);
  return ranged && min !== max ? `${text} (${cellText(min, decimals)} to ${cellText(max, decimals)})` : text;
}

function failureLines({ plan }: Sweep, summaries: readonly CombinationSummary[]): readonly string[] {
  const keys = plan.axes.map(({ key }) => key.name);
  const lines = summaries.flatMap(({ combination, failures }) =>
    failures.map(({ seed, error }) => {
      const values = combination.map((value, index) => `${keys[index]}=${value}`);
      return `✗ ${[...values, `seed=${seed}`].join(' ')}: ${error.split('\n', 1)[0]}`;
    }),
  );
  return lines.length === 0 ? [] : ['', `${lines.length} runs failed:`, ...lines];
}

function sweepJson({ name, plan }: Sweep, summaries: readonly CombinationSummary[]): string {
  const keys = plan.axes.map(({ key }) => key.name);
  const document = {
    apiVersion: TRACE_API_VERSION,
    kind: 'Sweep',
    trace: name,
    axes: plan.axes.map(({ key, values }) => ({ key: key.name, values })),
    seeds: plan.seeds,
    combinations: summaries.map(({ combination, runs, failures, measures, isOnFront }) => ({
      values: Object.fromEntries(combination.map((value, index) => [keys[index], value])),
      runs,
      isOnFront,
      measures,
      failures,
    })),
  };
  return `${JSON.stringify(document, null, 2)}\n`;
}

/** RFC 4180, but for its line ends. */
function sweepCsv({ plan }: Sweep, summaries: readonly CombinationSummary[]): string {
  const header = [
    ...plan.axes.map(({ key }) => key.name),
    'runs',
    'failures',
    'isOnFront',
    ...MEASURE_COLUMNS.flatMap(({ key }) => [`${key}.mean`, `${key}.min`, `${key}.max`]),
  ];
  const rows = summaries.map(({ combination, runs, failures, isOnFront, measures }): readonly CsvValue[] => [
    ...combination,
    runs,
    failures.length,
    isOnFront,
    ...MEASURE_COLUMNS.flatMap(({ key }): readonly CsvValue[] => {
      const spread = measures[key];
      return spread === null ? ['', '', ''] : [spread.mean, spread.min, spread.max];
    }),
  ]);
  return `${[header, ...rows].map((row) => row.map(csvField).join(',')).join('\n')}\n`;
}

type CsvValue = string | number | boolean;

function csvField(value: CsvValue): string {
  const text = String(value);
  return /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
