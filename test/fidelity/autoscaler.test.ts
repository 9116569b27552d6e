import { join } from 'node:path';
import { expect, inject, test } from 'vitest';
import { printTable } from '../bench/table.ts';
import { autoscalerCases } from './autoscaler/cases.ts';
import { ASPECTS, type Held, hold } from './autoscaler/compare.ts';
import { type RealRun, runReal } from './autoscaler/real.ts';
import { drawOptions, wholeNumber } from './options.ts';

/*
 * The simulator's autoscalers against the running controller: many at once, each in a namespace of its own, for
 * some syncs each, with metrics as they were drawn. Periods and windows are seconds, so that it takes one minute.
 */
const SYNCS = wholeNumber('SYNCS', 12);
const PERIOD_MS = 5000;
/** Between two syncs and three. */
const DOWNSCALE_STABILIZATION_MS = 12_000;

const { seed, cases: wanted } = drawOptions({ seed: 1, cases: 250 });
const CASES = autoscalerCases(seed, wanted, SYNCS);

test('an autoscaler asks for the replicas that the controller asks for, and says the same of it', async () => {
  const run = await runReal(inject('binaries'), join(inject('runDir'), 'autoscaler'), {
    cases: CASES,
    syncs: SYNCS,
    periodMs: PERIOD_MS,
    downscaleStabilizationMs: DOWNSCALE_STABILIZATION_MS,
  });
  const held = CASES.map((_, index) => holdCase(run, index));
  report(run, held);
  const steps = held.flatMap((one) => one.steps);
  const scaled = steps.flatMap(({ events }) => events.filter(({ reason }) => reason === 'SuccessfulRescale'));
  // Autoscalers that never do anything would say nothing.
  expect(scaled.length).toBeGreaterThan(wanted / 2);
  expect(held.filter(({ differences }) => differences.length > 0).map(({ steps: _, ...one }) => one)).toEqual(
    [],
  );
});

function holdCase({ clock, seen }: RealRun, index: number): Held {
  const one = CASES[index];
  const observed = seen[index];
  if (one === undefined || observed === undefined) throw new Error(`case ${index + 1} was not played`);
  const options = { clock, syncs: SYNCS, downscaleStabilizationMs: DOWNSCALE_STABILIZATION_MS };
  return hold(one, observed, options);
}

function report({ version }: RealRun, held: readonly Held[]): void {
  const syncs = held.reduce((sum, { steps }) => sum + steps.length, 0);
  const rows = ASPECTS.map((aspect) => {
    const differing = held.filter(({ differences }) => differences.some((one) => one.aspect === aspect));
    const numbers = differing.map(({ number }) => number).join(' ');
    return [aspect, String(held.length - differing.length), String(differing.length), numbers];
  });
  const title = `kube-controller-manager ${version}, seed ${seed}: ${held.length} autoscalers, ${syncs} syncs`;
  printTable(title, ['', 'the same', 'not the same', 'cases'], rows);
  const shifted = held.filter(({ shift }) => shift !== '').map(({ number, shift }) => `${number} (${shift})`);
  console.log(`The same with the moments of their syncs moved: ${shifted.join(', ') || 'none'}`);
  const counts = new Map<string, number>();
  for (const { state } of held.flatMap((one) => one.steps)) {
    for (const { status, reason } of state.conditions) {
      const text = status === 'True' ? reason : `!${reason}`;
      counts.set(text, (counts.get(text) ?? 0) + 1);
    }
  }
  const texts = Array.from(counts, ([reason, count]) => `${reason} ${count}`);
  console.log(`Reasons of their conditions: ${texts.toSorted().join(', ')}`);
}
