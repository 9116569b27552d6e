import type { SimulationResult } from '../outcome/result.ts';
import { simulate } from '../simulator/simulate.ts';
import { formatTable } from '../text/table.ts';
import { withPolicy } from '../trace/policy.ts';
import type { PolicyName } from '../trace/policy-names.ts';
import type { Trace } from '../trace/schema.ts';
import { TRACE_API_VERSION } from '../trace/schema.ts';
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
    ...expectationLines(comparison),
  ];
  return `${lines.join('\n')}\n`;
}

/** Each expectation once, though some may hold for a part of the runs only: those of other policies. */
function expectationLines({ trace, runs }: Comparison): readonly string[] {
  const checked = new Map<string, { readonly by: string[]; readonly failed: string[] }>();
  for (const { policy, result } of runs) {
    for (const { type, expected, held } of result.expectations) {
      const text = `${type}: ${expected}`;
      const found = checked.get(text) ?? { by: [], failed: [] };
      checked.set(text, found);
      found.by.push(policy);
      if (!held) found.failed.push(policy);
    }
  }
  if (checked.size === 0) {
    return [trace.expect.length === 0 ? 'The trace expects nothing.' : '0 expectations apply to these runs.'];
  }
  return Array.from(checked, ([text, { by, failed }]) => {
    const where = new Set(by).size < runs.length ? `; checked under ${by.join(', ')}` : '';
    const notHeld = failed.length === 0 ? '' : `; not under ${failed.join(', ')}`;
    return `${failed.length === 0 ? '✓' : '✗'} ${text}${where}${notHeld}`;
  });
}

/** Everything that was measured, for other tools. */
export function comparisonJson({ trace, runs }: Comparison): string {
  const document = {
    apiVersion: TRACE_API_VERSION,
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
