import { writeFile } from 'node:fs/promises';
import {
  type Comparison,
  comparePolicies,
  comparisonJson,
  comparisonTable,
  comparisonText,
  judgedRun,
} from '../compare/compare.ts';
import { nearest } from '../reading/nearest.ts';
import { POLICY_NAMES, type PolicyName } from '../trace/policy-names.ts';
import {
  ALL_HOLD,
  EXPECTATION_FAILED,
  INTERNAL_ERROR,
  NOT_VALID,
  type Output,
  TERMINAL,
} from './simulate.ts';
import { loadTrace, messageOf } from './trace-file.ts';

export interface CompareOptions {
  readonly trace: string;
  /** Policies with commas between them. */
  readonly compare: string;
  readonly output: 'table' | 'json';
  readonly report?: string | undefined;
}

/**
 * Runs a trace under several policies and prints what each came to.
 *
 * @returns the exit code, by the expectations of Spillway's run, or of the first where Spillway is not named
 */
export async function compare(options: CompareOptions, output: Output = TERMINAL): Promise<number> {
  const refuse = (message: string) => {
    output.err(`${message}\n`);
    return NOT_VALID;
  };
  const names = options.compare.split(',');
  const unknown = names.find((name) => !isPolicyName(name));
  if (unknown !== undefined) return refuse(`--compare: ${unknownPolicy(unknown)}`);
  const repeated = names.find((name, index) => names.indexOf(name) !== index);
  if (repeated !== undefined) return refuse(`--compare: ${repeated} is named twice`);
  try {
    const loaded = await loadTrace(options.trace);
    if (!loaded.ok) return refuse(loaded.message);
    return await printComparison(comparePolicies(loaded.trace, names.filter(isPolicyName)), options, output);
  } catch (error) {
    output.err(`internal error: ${error instanceof Error ? error.stack : String(error)}\n`);
    return INTERNAL_ERROR;
  }
}

/** @returns the exit code, see `compare` */
export async function printComparison(
  comparison: Comparison,
  options: Pick<CompareOptions, 'output' | 'report'>,
  output: Output,
): Promise<number> {
  output.out(options.output === 'json' ? comparisonJson(comparison) : comparisonText(comparison));
  if (options.report !== undefined) {
    const problem = await writeReport(options.report, comparison);
    if (problem !== undefined) {
      output.err(`--report: ${problem}\n`);
      return NOT_VALID;
    }
  }
  const expectations = judgedRun(comparison)?.result.expectations ?? [];
  return expectations.every(({ held }) => held) ? ALL_HOLD : EXPECTATION_FAILED;
}

function isPolicyName(name: string): name is PolicyName {
  return POLICY_NAMES.some((known) => known === name);
}

function unknownPolicy(name: string): string {
  const meant = nearest(name, POLICY_NAMES);
  return `found ${name}, allowed: ${meant === undefined ? '' : `${meant}? `}${POLICY_NAMES.join(', ')}`;
}

async function writeReport(file: string, comparison: Comparison): Promise<string | undefined> {
  const { htmlComparison } = await import('../report/html/comparison.ts');
  const { name: title, description } = comparison.trace.metadata;
  const runs = comparison.runs.map(({ policy, result }) => ({ label: policy, result }));
  const page = htmlComparison({ title, description, table: comparisonTable(comparison), runs });
  return writeFile(file, page).then(
    () => undefined,
    (error: unknown) => `${file} cannot be written: ${messageOf(error)}`,
  );
}
