import type { ExpectationResult, SimulationResult } from '../outcome/result.ts';
import { explainDecision } from '../placement/explain.ts';
import { timeText } from './events.ts';

/** What was expected and what was found; of what did not hold, the decision with which it began. */
export function expectationLines(result: SimulationResult): readonly string[] {
  const { expectations } = result;
  if (expectations.length === 0) return [nothingExpected(result)];
  const failed = expectations.filter(({ held }) => !held).length;
  const verdict =
    failed === 0
      ? `All ${expectations.length} expectations hold.`
      : `${failed} of ${expectations.length} expectations failed.`;
  return [...expectations.flatMap((expectation) => linesOf(result, expectation)), '', verdict];
}

/** A run without expectations must not look like one that held all of them. */
export function nothingExpected({
  policy,
  expectationsOfOtherPolicies = 0,
}: Pick<SimulationResult, 'policy' | 'expectationsOfOtherPolicies'>): string {
  return expectationsOfOtherPolicies === 0
    ? 'The trace expects nothing.'
    : `0 expectations apply to policy ${policy}; the trace has ${expectationsOfOtherPolicies} for other policies.`;
}

function linesOf(result: SimulationResult, expectation: ExpectationResult): readonly string[] {
  const { type, note, expected, held, found, diverged } = expectation;
  const head = `${held ? '✓' : '✗'} ${type}: ${expected}; found: ${found}`;
  const why = note === undefined ? [] : [`    ${note}`];
  if (diverged === undefined) return [head, ...(held ? [] : why)];
  const decision = diverged.decision === undefined ? undefined : result.decisions[diverged.decision];
  return [
    head,
    ...why,
    `    first at ${timeText(result, diverged.atMs)}: ${diverged.what}`,
    ...(decision === undefined ? [] : explainDecision(decision).map((line) => `      ${line}`)),
  ];
}
