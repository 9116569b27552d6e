import { join } from 'node:path';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { printTable } from '../bench/table.ts';
import { drawOptions } from './options.ts';
import { numberedCases } from './scheduler/cases.ts';
import { ASPECTS, askStandIn, type Difference, differencesOf } from './scheduler/compare.ts';
import { type RealScheduler, startRealScheduler } from './scheduler/real.ts';

/*
 * The simulator's stand-in for kube-scheduler against the running one: one pod at a time, each in a cluster of
 * its own.
 */
const { seed, cases: wanted } = drawOptions({ seed: 2, cases: 500 });
/** More than wanted: the API server may refuse one. */
const DRAWN = numberedCases(seed, Math.ceil(wanted * 1.1) + 5);

let real: RealScheduler;
beforeAll(async () => {
  real = await startRealScheduler(inject('binaries'), join(inject('runDir'), 'scheduler'), DRAWN);
});
afterAll(() => real?.stop());

interface Held {
  readonly number: number;
  readonly differences: readonly Difference[];
}

/** By the number of feasible nodes. */
const FEW = ['no node', 'one node'] as const;

test('a pod may go where kube-scheduler lets it, and goes where that sends it', async () => {
  const held: Held[] = [];
  const kinds = { 'no node': 0, 'one node': 0, 'a choice': 0, 'a tie': 0, refused: 0 };
  for (const one of DRAWN) {
    if (held.length === wanted) break;
    const answer = await real.ask(one);
    if (answer === undefined) {
      kinds.refused += 1;
      continue;
    }
    const standIn = askStandIn(one);
    kinds[FEW[answer.feasible.length] ?? 'a choice'] += 1;
    if (standIn.best.length > 1) kinds['a tie'] += 1;
    held.push({ number: one.number, differences: differencesOf(standIn, answer) });
  }
  report(held, kinds);
  expect(held).toHaveLength(wanted);
  // Cases that leave nothing to decide would say nothing.
  expect(kinds['a choice']).toBeGreaterThan(wanted / 5);
  expect(held.filter(({ differences }) => differences.length > 0)).toEqual([]);
});

function report(held: readonly Held[], kinds: Readonly<Record<string, number>>): void {
  const rows = ASPECTS.map((aspect) => {
    const differing = held.filter(({ differences }) => differences.some((one) => one.aspect === aspect));
    const numbers = differing.map(({ number }) => number).join(' ');
    return [aspect, String(held.length - differing.length), String(differing.length), numbers];
  });
  const title = `kube-scheduler ${real.version}, seed ${seed}: ${held.length} pods`;
  printTable(title, ['', 'the same', 'not the same', 'cases'], rows);
  const counts = Object.entries(kinds).map(([kind, count]) => `${kind} ${count}`);
  console.log(`Nodes that could take the pod: ${counts.join(', ')}`);
}
