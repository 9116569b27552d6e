import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Run, simulate } from '../../../src/simulator/simulate.ts';
import { shippedTrace, traceOf } from '../traces.ts';
import type { Corruption } from './corrupt/corruption.ts';
import { KNOWLEDGE_BUGS } from './corrupt/knowledge.ts';
import { MODEL_BUGS } from './corrupt/model.ts';
import { NODE_BUGS } from './corrupt/nodes.ts';
import { RESULT_BUGS } from './corrupt/result.ts';
import { WORK_BUGS } from './corrupt/work.ts';
import { traceDocuments } from './generate/document.ts';
import { inspectAll, PROPERTIES } from './hold/all.ts';
import { holdResult } from './hold/result.ts';

const BUGS = [...MODEL_BUGS, ...NODE_BUGS, ...WORK_BUGS, ...KNOWLEDGE_BUGS];
/** Among so many traces there is one in which each corruption can be done. */
const MOST_SEEDS = 200;
const TIMEOUT_MS = 30_000;

describe('a bug is caught by the property that it breaks', () => {
  it.each(BUGS.map((corruption) => [corruption.what, corruption.caughtBy, corruption] as const))(
    '%s: %s',
    async (_what, caughtBy, corruption) => {
      expect(await faultOf(corruption)).toMatch(new RegExp(`^${caughtBy} at `));
    },
    TIMEOUT_MS,
  );

  it('each property catches one at least', () => {
    const catching = new Set<string>(BUGS.map(({ caughtBy }) => caughtBy));
    expect(Object.keys(PROPERTIES).filter((name) => !catching.has(name))).toEqual([]);
  });

  it.each(RESULT_BUGS)('%s: a result of which is said that … %s', async (_what, said, corrupt) => {
    const result = simulate(await traceOf(shippedTrace('e1.json')));
    expect(() => holdResult(corrupt(result))).toThrow(said);
  });
});

/** What is said of the first trace in which the corruption could be done. */
async function faultOf({ corrupt }: Corruption): Promise<string> {
  for (let seed = 1; seed <= MOST_SEEDS; seed += 1) {
    const [document] = fc.sample(traceDocuments, { seed, numRuns: 1 });
    const trace = await traceOf(document);
    let isDone = false;
    const inspect = (run: Run) => {
      const check = inspectAll(run);
      return () => {
        check();
        if (isDone || !corrupt(run)) return;
        isDone = true;
        check();
      };
    };
    try {
      simulate(trace, { inspect });
    } catch (error) {
      if (!isDone || !(error instanceof Error)) throw error;
      return error.message;
    }
    if (isDone) return 'nothing caught it';
  }
  return 'it could not be done to any trace';
}
