import { readFile, writeFile } from 'node:fs/promises';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseDocument } from '../../../src/trace/read.ts';
import { shippedTrace, type TraceDocument } from '../traces.ts';
import { traceDocuments } from './generate/document.ts';
import { holdFor } from './run.ts';

/*
 * Traces 1 to 1000 of all that can be drawn: every tenth of them, another tenth each day (UTC); all where CI is set,
 * as in .ci/run and `npm run test:all`. A fault says how to have its trace again on any day. All of others by hand:
 *   SEEDS=5000 FROM=100000 npx vitest run test/simulator/properties/seeds.test.ts
 * The smallest trace with the same fault as that of a seed, written to a file:
 *   WRITE=small.json SEEDS=1 FROM=124 npx vitest run test/simulator/properties/seeds.test.ts
 * All properties of a trace in a file:
 *   TRACE=small.json npx vitest run test/simulator/properties/seeds.test.ts
 */
const { CI, SEEDS, FROM = '1', WRITE, TRACE } = process.env;
const THIS_FILE = 'test/simulator/properties/seeds.test.ts';
const COUNT = Number(SEEDS ?? 1000);
const SEEDS_A_TEST = 50;
/** One seed in so many is today's; of these, and of all, one in so many is run twice. */
const SPREAD = 10;
const TODAY =
  SEEDS === undefined && CI === undefined ? Math.floor(Date.now() / 86_400_000) % SPREAD : undefined;
const TIMEOUT_MS = 120_000;
const SHRINKING_MS = 60_000;

const firstSeeds = Array.from(
  { length: Math.ceil(COUNT / SEEDS_A_TEST) },
  (_, index) => Number(FROM) + index * SEEDS_A_TEST,
);

describe('whatever happens in a trace', () => {
  it.skipIf(TRACE !== undefined).each(firstSeeds)(
    'holds for seeds from %i on',
    async (first) => {
      const end = Math.min(first + SEEDS_A_TEST, Number(FROM) + COUNT);
      const faults: string[] = [];
      for (let seed = first; seed < end; seed += 1) {
        if (TODAY === undefined || seed % SPREAD === TODAY) faults.push(...(await faultOf(seed)));
      }
      expect(faults.join('\n')).toBe('');
    },
    TIMEOUT_MS,
  );

  it('holds for a trace that is shipped, or the one in the file that TRACE names', async () => {
    await holdFor(TRACE === undefined ? shippedTrace('e1.json') : await traceIn(TRACE), true);
  });
});

async function faultOf(seed: number): Promise<readonly string[]> {
  const twice = Math.floor(seed / SPREAD) % SPREAD === seed % SPREAD;
  const property = fc.asyncProperty(traceDocuments, (document) => holdFor(document, twice));
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
