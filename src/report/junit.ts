import type { ExpectationResult, SimulationResult } from '../outcome/result.ts';
import { expectationLines } from './expectations.ts';

/**
 * JUnit XML as CI systems read it (the schema of Jenkins' xunit plugin): a suite for the trace, a test case
 * for each expectation. Durations are of the trace's time, so that the file of a simulation is the same
 * every time.
 */
export function junitReport(result: SimulationResult): string {
  const { trace, expectations, startMs, endMs, on } = result;
  const failures = expectations.filter(({ held }) => !held).length;
  const counts = `tests="${expectations.length}" failures="${failures}" errors="0" skipped="0"`;
  const seconds = ((endMs - startMs) / 1000).toFixed(3);
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="spillway ${on === 'cluster' ? 'rehearse' : 'simulate'}" ${counts} time="${seconds}">`,
    `  <testsuite name="${escaped(trace.name)}" ${counts} time="${seconds}">`,
    ...expectations.flatMap((expectation, index) => testCase(result, expectation, index)),
    '  </testsuite>',
    '</testsuites>',
    '',
  ].join('\n');
}

function testCase(
  result: SimulationResult,
  expectation: ExpectationResult,
  index: number,
): readonly string[] {
  const { type, expected, found, held } = expectation;
  const name = escaped(`${index + 1}. ${type}: ${expected}`);
  const open = `    <testcase classname="${escaped(`${result.trace.name}.${type}`)}" name="${name}"`;
  if (held) return [`${open}/>`];
  const details = expectationLines({ ...result, expectations: [expectation] }).slice(0, -2);
  return [
    `${open}>`,
    `      <failure message="${escaped(`found: ${found}`)}" type="${escaped(type)}">${escaped(details.join('\n'))}</failure>`,
    '    </testcase>',
  ];
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  '\n': '&#10;',
};

/** Characters that XML 1.0 cannot hold at all are replaced, not dropped: something was there. */
function escaped(text: string): string {
  return text
    .replace(/[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/gu, '\u{fffd}')
    .replace(/[&<>"\n]/g, (character) => ENTITIES[character] ?? character);
}
