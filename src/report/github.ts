import type { SimulationResult } from '../outcome/result.ts';
import { expectationLines } from './expectations.ts';

/**
 * Workflow commands of GitHub Actions: an error annotation for each expectation that failed, at the trace's
 * file.
 *
 * @param file the trace, relative to the repository
 */
export function githubAnnotations(result: SimulationResult, file: string): readonly string[] {
  return result.expectations.flatMap((expectation) => {
    if (expectation.held) return [];
    const message = expectationLines({ ...result, expectations: [expectation] })
      .slice(0, -2)
      .join('\n');
    const title = `${result.trace.name}: ${expectation.type}`;
    return [`::error file=${property(file)},title=${property(title)}::${data(message)}`];
  });
}

// The escapes of actions/toolkit, packages/core/src/command.ts.
function data(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function property(text: string): string {
  return data(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
