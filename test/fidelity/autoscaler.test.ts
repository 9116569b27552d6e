import { join } from 'node:path';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { printTable } from '../bench/table.ts';
import { until } from '../control-plane/harness/wait.ts';
import { type AutoscalerCase, autoscalerCases } from './autoscaler/cases.ts';
import { ASPECTS, type Held, hold } from './autoscaler/compare.ts';
import { type RealRun, runReal, type Seen } from './autoscaler/real.ts';
import { drawOptions, wholeNumber } from './options.ts';

/*
 * The simulator's autoscalers against the running controller: many at once, each in a namespace of its own, for
 * some syncs each, with metrics as they were drawn. Periods and windows are seconds, so that it takes one minute.
 */
const SYNCS = wholeNumber('SYNCS', 12);
const PERIOD_MS = 5000;
/** Between two syncs and three. */
const DOWNSCALE_STABILIZATION_MS = 12_000;

/** With more at once the controller drops events: its client holds 1000 that are not written yet. */
const MOST_CASES = 300;

const { seed, cases: wanted } = drawOptions({ seed: 1, cases: 250 }, MOST_CASES);
const CASES = autoscalerCases(seed, wanted, SYNCS);

let run: RealRun;
beforeAll(async () => {
  run = await runReal(inject('binaries'), join(inject('runDir'), 'autoscaler'), {
    cases: CASES,
    syncs: SYNCS,
    periodMs: PERIOD_MS,
    downscaleStabilizationMs: DOWNSCALE_STABILIZATION_MS,
  });
}, 600_000);
afterAll(() => run?.stop());

test('an autoscaler asks for the replicas that the controller asks for, and says the same of it', async () => {
  const held = await Promise.all(CASES.map((one, index) => holdCase(one, run.seen[index])));
  report(held);
  const steps = held.flatMap((one) => one.steps);
  const scaled = steps.flatMap(({ events }) => events.filter(({ reason }) => reason === 'SuccessfulRescale'));
  // Autoscalers that never do anything would say nothing.
  expect(scaled.length).toBeGreaterThan(wanted / 2);
  const differing = held.filter(({ differences }) => differences.length > 0);
  expect(differing.map(({ steps: _, ...one }) => one)).toEqual([]);
});

/** Events come late when the machine is busy: one that is not there yet is waited for. */
async function holdCase(one: AutoscalerCase, seen: Seen | undefined): Promise<Held> {
  if (seen === undefined) throw new Error(`case ${one.number} was not played`);
  const options = { clock: run.clock, syncs: SYNCS, downscaleStabilizationMs: DOWNSCALE_STABILIZATION_MS };
  let held: Held | undefined;
  const settle = async () => {
    held = hold(one, seen, await seen.readEvents(), options);
    return held.differences.every(({ aspect }) => aspect !== 'events') ? held : undefined;
  };
  return until(`the events of case ${one.number}`, settle, { timeoutMs: 20_000, intervalMs: 1000 }).catch(
    (error) => {
      if (held === undefined) throw error;
      return held;
    },
  );
}

function report(held: readonly Held[]): void {
  const syncs = held.reduce((sum, { steps }) => sum + steps.length, 0);
  const rows = ASPECTS.map((aspect) => {
    const differing = held.filter(({ differences }) => differences.some((one) => one.aspect === aspect));
    const numbers = differing.map(({ number }) => number).join(' ');
    return [aspect, String(held.length - differing.length), String(differing.length), numbers];
  });
  const title = `kube-controller-manager ${run.version}, seed ${seed}: ${held.length} autoscalers, ${syncs} syncs`;
  printTable(title, ['', 'the same', 'not the same', 'cases'], rows);
  const moved = held.filter(({ isMoved }) => isMoved).map(({ number }) => number);
  console.log(`The same at other possible times of their syncs: ${moved.join(' ') || 'none'}`);
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
