import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, inject, test } from 'vitest';
import { printTable } from '../bench/table.ts';
import { REPOSITORY } from '../control-plane/harness/configs.ts';
import { nameOf, runsNamed } from './runs/cases.ts';
import { type Held, hold } from './runs/nearby.ts';
import { playReal, type RunCase } from './runs/real.ts';

/*
 * Whole traces: on a control plane of their own, in real time and all at once, and simulated with the clocks and the
 * lost scrapes that the real run had. `RUNS=nodeinfo,burst` plays some. Every result is written, for `simulate compare`.
 */
const WANTED = runsNamed(process.env['RUNS']);
const FOLDER = join(REPOSITORY, '.cache', 'fidelity');
const held = new Map<string, Held>();
const played = new Map<string, number>();

beforeAll(async () => {
  mkdirSync(FOLDER, { recursive: true });
  // All of them to their end: a control plane that is left alone would go on.
  const ended = await Promise.allSettled(WANTED.map(play));
  report();
  for (const one of ended) if (one.status === 'rejected') throw one.reason;
}, 30 * 60_000);

/** In real time a machine that is late for a moment makes another run: what is not the same is played once more. */
const MOST_PLAYS = 2;

async function play(run: RunCase): Promise<void> {
  for (let plays = 1; plays <= MOST_PLAYS; plays += 1) {
    if ((await playOnce(run, plays)).differences.length === 0) return;
  }
}

async function playOnce(run: RunCase, plays: number): Promise<Held> {
  const name = nameOf(run);
  const real = await playReal(inject('binaries'), join(inject('runDir'), `${name}-${plays}`), run);
  const one = await hold(run, real);
  writeFileSync(join(FOLDER, `${name}.json`), JSON.stringify(real.result));
  writeFileSync(join(FOLDER, `${name}-scrapes.json`), JSON.stringify(real.scrapes));
  writeFileSync(join(FOLDER, `${name}-simulated.json`), JSON.stringify(one.simulated));
  held.set(name, one);
  played.set(name, plays);
  if (one.differences.length > 0) console.log(`${name}: ${one.differences.join('; ')}`);
  return one;
}

test.each(WANTED.map((run) => ({ name: nameOf(run) })))(
  '$name: the same sizes, tiers, edge nodes and victims as on a cluster',
  ({ name }) => {
    const one = held.get(name);
    // A run in which nothing happens would say nothing.
    expect(one?.realSizes.length).toBeGreaterThan(0);
    expect(one?.pods).toBeGreaterThan(3);
    expect(one?.differences).toEqual([]);
  },
);

function report(): void {
  const headers = [
    '',
    'sizes',
    'simulated',
    'ms apart',
    'tier',
    'edge node',
    'node',
    'victims',
    'demand',
    'scrape',
    'seed',
    'played',
  ];
  const rows = Array.from(held, ([name, one]) => [
    name,
    one.realSizes.join(', '),
    one.simulatedSizes.join(', '),
    String(Math.round(one.apartMs)),
    `${one.sameTier} of ${one.pods}`,
    `${one.sameEdgeNode} of ${one.edgePods}`,
    `${one.sameNode} of ${one.pods}`,
    one.realVictims,
    `× ${one.variation.demandRatio}`,
    `${one.variation.scrapeMs} ms`,
    String(one.variation.seed ?? 'its own'),
    String(played.get(name)),
  ]);
  printTable('Runs on a control plane, and simulated', headers, rows);
}
