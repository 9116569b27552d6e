import { readFile, writeFile } from 'node:fs/promises';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseDocument } from '../../../src/trace/read.ts';
import { shippedTrace, type TraceDocument } from '../traces.ts';
import { traceDocuments } from './generate/document.ts';
import { holdFor } from './run.ts';

/*
 * Traces 1 to 1000 of all that can be drawn. Others, and more of them, by hand:
 *   SEEDS=5000 FROM=100000 npx vitest run test/simulator/properties/seeds.test.ts
 * The smallest trace with the same fault as that of a seed, written to a file:
 *   WRITE=small.json SEEDS=1 FROM=124 npx vitest run test/simulator/properties/seeds.test.ts
 * All properties of a trace in a file:
 *   TRACE=small.json npx vitest run test/simulator/properties/seeds.test.ts
 */
const { SEEDS = '1000', FROM = '1', WRITE, TRACE } = process.env;
const THIS_FILE = 'test/simulator/properties/seeds.test.ts';
const SEEDS_A_TEST = 50;
/** One in so many is run twice. */
const TWICE = 10;
const TIMEOUT_MS = 120_000;
const SHRINKING_MS = 60_000;

const firstSeeds = Array.from(
  { length: Math.ceil(Number(SEEDS) / SEEDS_A_TEST) },
  (_, index) => Number(FROM) + index * SEEDS_A_TEST,
);

describe('whatever happens in a trace', () => {
  it.skipIf(TRACE !== undefined).each(firstSeeds)(
    'holds for seeds from %i on',
    async (first) => {
      const end = Math.min(first + SEEDS_A_TEST, Number(FROM) + Number(SEEDS));
      const faults: string[] = [];
      for (let seed = first; seed < end; seed += 1) faults.push(...(await faultOf(seed)));
      expect(faults.join('\n')).toBe('');
    },
    TIMEOUT_MS,
  );

  it('holds for a trace that is shipped, or the one in the file that TRACE names', async () => {
    await holdFor(TRACE === undefined ? shippedTrace('e1.json') : await traceIn(TRACE), true);
  });
});

async function faultOf(seed: number): Promise<readonly string[]> {
  const property = fc.asyncProperty(traceDocuments, (document) => holdFor(document, seed % TWICE === 0));
  const shrinking =
    WRITE === undefined
      ? { endOnFailure: true }
      : { interruptAfterTimeLimit: SHRINKING_MS, markInterruptAsFailure: false };
  const { failed, counterexample, errorInstance } = await fc.check(property, {
    seed,
    numRuns: 1,
    ...shrinking,
  });
  if (!failed) return [];
  if (WRITE !== undefined) await writeFile(WRITE, JSON.stringify(counterexample?.[0], undefined, 2));
  const told =
    WRITE === undefined
      ? `its trace: WRITE=trace.json SEEDS=1 FROM=${seed} npx vitest run ${THIS_FILE}`
      : `its trace: npx simulate --trace ${WRITE.includes('/') ? WRITE : `./${WRITE}`} --verbose`;
  const fault = errorInstance instanceof Error ? errorInstance.message : String(errorInstance);
  return [`seed ${seed}: ${fault}\n  ${told}`];
}

async function traceIn(file: string): Promise<TraceDocument> {
  const parsed = await parseDocument(await readFile(file, 'utf8'));
  if (!parsed.ok) throw new Error(`${file}: ${parsed.problem.found}`);
  return parsed.value as TraceDocument;
}
