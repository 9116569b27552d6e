import type { PolicyName } from '../policies/names.ts';
import { formatTable } from '../report/table.ts';
import type { SimulationResult } from '../result.ts';
import { simulate } from '../simulate.ts';
import type { Trace } from '../trace/schema.ts';
import { cellText, columnsWithValues } from './columns.ts';
import { type Measures, measure, measureEdgeNodes, type NodeMeasures } from './measures.ts';

/** The same trace under several policies. */
export interface Comparison {
  readonly trace: Trace;
  readonly runs: readonly ComparedRun[];
}

export interface ComparedRun {
  /** What it is called: the name of a policy, or what a user calls a run that was read from a file. */
  readonly policy: string;
  readonly result: SimulationResult;
  readonly measures: Measures;
  readonly edgeNodes: readonly NodeMeasures[];
}

/** Plain text in rows and columns, for whoever draws it. */
export interface ComparisonTable {
  readonly headers: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

export function comparePolicies(trace: Trace, policies: readonly PolicyName[]): Comparison {
  return {
    trace,
    runs: policies.map((policy) => {
      const run = withPolicy(trace, policy);
      return comparedRun(run, policy, simulate(run));
    }),
  };
}

export function comparedRun(trace: Trace, policy: string, result: SimulationResult): ComparedRun {
  return { policy, result, measures: measure(trace, result), edgeNodes: measureEdgeNodes(result) };
}

export function withPolicy(trace: Trace, policy: PolicyName): Trace {
  return { ...trace, scheduler: { ...trace.scheduler, extender: 'spillway', policy } };
}

/** The run that the exit code speaks of: Spillway's, or without it the first. */
export function judgedRun({ runs }: Comparison): ComparedRun | undefined {
  return runs.find(({ policy }) => policy === 'spillway') ?? runs[0];
}

export function comparisonTable({ runs }: Pick<Comparison, 'runs'>): ComparisonTable {
  const columns = columnsWithValues(runs.map(({ measures }) => measures));
  return {
    headers: ['policy', ...columns.map(({ title }) => title)],
    rows: runs.map(({ policy, measures }) => [
      policy,
      ...columns.map(({ key, decimals }) => cellText(measures[key], decimals)),
    ]),
  };
}

/** For a terminal: a row for every policy, and which expectations each of them does not hold. */
export function comparisonText(comparison: Comparison): string {
  const { trace, runs } = comparison;
  const { headers, rows } = comparisonTable(comparison);
  const columns = headers.map((title, index) => ({
    title,
    align: index === 0 ? ('left' as const) : ('right' as const),
  }));
  const lines = [
    `${trace.metadata.name}: ${trace.duration / 1000} s, seed ${trace.seed}, ${runs.length} runs`,
    '',
    ...formatTable(columns, rows),
    '',
    ...expectationLines(runs),
  ];
  return `${lines.join('\n')}\n`;
}

function expectationLines(runs: readonly ComparedRun[]): readonly string[] {
  const [first] = runs;
  if (first === undefined || first.result.expectations.length === 0) return ['The trace expects nothing.'];
  return first.result.expectations.map(({ type, expected }, index) => {
    const failed = runs.filter(({ result }) => result.expectations[index]?.held === false);
    const who = failed.map(({ policy }) => policy).join(', ');
    return `${failed.length === 0 ? '✓' : '✗'} ${type}: ${expected}${who === '' ? '' : `; not under ${who}`}`;
  });
}

/** Everything that was measured, for other tools. */
export function comparisonJson({ trace, runs }: Comparison): string {
  const document = {
    apiVersion: 'simulate.spillway.dev/v1alpha1',
    kind: 'PolicyComparison',
    trace: { name: trace.metadata.name, seed: trace.seed },
    runs: runs.map(({ policy, measures, edgeNodes, result }) => ({
      policy,
      measures,
      edgeNodes,
      expectations: result.expectations.map(({ type, expected, held, found }) => ({
        type,
        expected,
        held,
        found,
      })),
    })),
  };
  return `${JSON.stringify(document, null, 2)}\n`;
}
