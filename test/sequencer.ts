import { readFileSync } from 'node:fs';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/**
 * Vitest begins with the longest texts where it has no times of an earlier run. Those that start processes are short
 * to read and long to run: one that comes last keeps one core busy while the other has nothing left.
 */
export class ProcessesFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const startsProcesses = new Map(
      sorted.map(({ moduleId }) => [
        moduleId,
        /child_process|startExtender/.test(readFileSync(moduleId, 'utf8')),
      ]),
    );
    const rank = ({ moduleId }: TestSpecification) => (startsProcesses.get(moduleId) ? 0 : 1);
    return sorted.sort((left, right) => rank(left) - rank(right));
  }
}
