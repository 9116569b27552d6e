import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { simulate } from '../../../src/commands/simulate.ts';
import type { TraceDocument } from '../traces.ts';
import { policiesOf, shippedTraces } from './files.ts';
import { type Mutation, policy } from './mutations.ts';
import { MUTATIONS } from './table.ts';

const goldenFolder = fileURLToPath(new URL('../golden', import.meta.url));
const traces = shippedTraces();
const goldens = readdirSync(goldenFolder, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.txt'))
  .map((file) => join(goldenFolder, file));
const scratch = mkdtempSync(join(tmpdir(), 'spillway-shipped-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

/** The command as users run it: its exit code, and what it printed. */
async function run(document: TraceDocument) {
  const trace = join(scratch, 'trace.json');
  writeFileSync(trace, JSON.stringify(document));
  const printed: string[] = [];
  const print = (text: string) => printed.push(text);
  const options = { trace, output: 'table', verbose: false } as const;
  const code = await simulate(options, { out: print, err: print, watched: false, onGitHub: false });
  return { code, text: printed.join('') };
}

/** `e1.txt`; `thesis/dd-e1.affinity.txt` for a run under a policy that some expectations name. */
function goldenOf(name: string, index: number, policyName: string): string {
  const suffix = index === 0 ? '' : `.${policyName}`;
  return join(goldenFolder, `${name}${suffix}.txt`);
}

it('there are traces, and each has mutations', () => {
  expect(traces.length).toBeGreaterThan(0);
  expect(Object.keys(MUTATIONS).sort()).toEqual(traces.map(({ name }) => name).sort());
});

it('no golden is left of a trace or policy that is no longer there', () => {
  const needed = traces.flatMap(({ name, document }) =>
    policiesOf(document).map((policyName, index) => goldenOf(name, index, policyName)),
  );
  expect(needed).toEqual(expect.arrayContaining(goldens));
});

/** A run takes up to a second of CPU, which others may want at the same time. */
const timeout = 30_000;

describe.each(traces)('$name', { timeout }, ({ name, document }) => {
  it.each(policiesOf(document).map((policyName, index) => ({ policyName, index })))(
    'holds all it expects under $policyName, and prints what it always did',
    async ({ policyName, index }) => {
      const { code, text } = await run(index === 0 ? document : policy(policyName).change(document));
      await expect(text).toMatchFileSnapshot(goldenOf(name, index, policyName));
      expect(text).toMatch(/\nAll \d+ expectations hold\.\n$/);
      expect(code).toBe(0);
    },
  );

  describe('a check that cannot fail is none:', () => {
    const mutations = MUTATIONS[name] ?? [];
    const failures = new Map<Mutation, Promise<readonly number[]>>();
    const failuresOf = (mutation: Mutation) => {
      const known = failures.get(mutation) ?? failedOf(document, mutation);
      failures.set(mutation, known);
      return known;
    };

    it.each(mutations)('fails with $name', async (mutation) => {
      expect(await failuresOf(mutation)).not.toEqual([]);
    });

    it('each expectation fails with one of these at least', async () => {
      const failed = new Set<number>();
      for (const mutation of mutations) for (const index of await failuresOf(mutation)) failed.add(index);
      const expectations = document['expect'] as readonly TraceDocument[];
      expect(expectations.filter((_, index) => !failed.has(index))).toEqual([]);
    });
  });
});

/** Indices of the expectations that fail in the changed trace. Their notes, which the report prints, say which. */
async function failedOf(document: TraceDocument, { change }: Mutation): Promise<readonly number[]> {
  const expectations = document['expect'] as readonly TraceDocument[];
  const numbered = expectations.map((expectation, index) => ({ ...expectation, note: `number ${index}` }));
  const { code, text } = await run(change({ ...document, expect: numbered }));
  const failed = [...text.matchAll(/^ {4}number (\d+)$/gm)].map(([, index]) => Number(index));
  expect(code, text).toBe(3);
  return failed;
}
