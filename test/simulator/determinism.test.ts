import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, inject, it } from 'vitest';
import { simulate } from '../../src/simulator/simulate.ts';
import {
  deploymentDocument,
  nodeDocument,
  scaleEvent,
  shippedTrace,
  simulationsPath,
  traceDocument,
  traceOf,
} from './traces.ts';

const text = (value: unknown) => JSON.stringify(value);

describe('a run is the same to the byte', () => {
  it('each time in one process', async () => {
    const trace = await traceOf(shippedTrace('e1.json'));
    expect(text(simulate(trace))).toBe(text(simulate(trace)));
  });

  it('in another time zone and language', async () => {
    const run = async (TZ: string, LANG: string) => {
      const env = { ...process.env, TZ, LANG, LC_ALL: LANG };
      const program = join(inject('bundle'), 'simulate.js');
      const args = [program, '--trace', simulationsPath('e1.json'), '--output', 'json'];
      const { stdout } = await promisify(execFile)(process.execPath, args, { env, maxBuffer: 1e8 });
      return stdout;
    };
    const [first, second] = await Promise.all([run('UTC', 'C'), run('Pacific/Chatham', 'tr_TR.UTF-8')]);
    expect(first.length).toBeGreaterThan(10_000);
    expect(first).toBe(second);
  }, 30_000);

  it('and differs with the seed where chance has a say', async () => {
    const document = traceDocument({
      // Two equal nodes: the scheduler breaks the tie.
      nodes: [nodeDocument('cloud-1', '4'), nodeDocument('cloud-2', '4')],
      deployments: [deploymentDocument(0)],
      events: Array.from({ length: 10 }, (_, index) => scaleEvent(`${index + 1}s`, index + 1)),
    });
    const nodesOf = async (seed: number) =>
      simulate(await traceOf({ ...document, seed }))
        .pods.map(({ node }) => node)
        .join();
    const all = await Promise.all([1, 2, 3, 4, 5].map(nodesOf));
    expect(new Set(all).size).toBeGreaterThan(1);
    expect(await nodesOf(1)).toBe(all[0]);
  });
});
