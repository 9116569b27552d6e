import { describe, expect, it } from 'vitest';
import { boundPod, outcomeOf, podResult, START_MS } from './runs.ts';

const leaving = {
  ...boundPod('web-3', 'cloud-1', 30, 2),
  terminatingAtMs: START_MS + 60_000,
};
const pods = [
  boundPod('web-1', 'edge-1', 10, 0),
  boundPod('web-2', 'edge-2', 20, 1),
  leaving,
  podResult('web-4', { createdAtMs: START_MS + 40_000 }),
  { ...boundPod('api-1', 'edge-1', 5), workload: 'fn/api' },
];
const web = { type: 'pods', workload: 'fn/web' };

describe('pods', () => {
  it.each([
    { expectation: { ...web, exactly: 2 }, held: true, found: '2' },
    { expectation: { ...web, at: 'end', exactly: 2 }, held: true, found: '2' },
    { expectation: { ...web, at: '30s', exactly: 3 }, held: true, found: '3' },
    { expectation: { ...web, at: '29999ms', exactly: 2 }, held: true, found: '2' },
    { expectation: { ...web, at: '60s', exactly: 2 }, held: true, found: '2' },
    { expectation: { ...web, tier: 'edge', exactly: 2 }, held: true, found: '2' },
    { expectation: { ...web, node: 'edge-1', exactly: 1 }, held: true, found: '1' },
    { expectation: { type: 'pods', node: 'edge-1', exactly: 2 }, held: true, found: '2' },
    { expectation: { ...web, from: '10s', to: '50s', atLeast: 1, atMost: 3 }, held: true, found: '1 to 3' },
    { expectation: { ...web, from: '0s', atLeast: 1 }, held: false, found: '0 at 0 s' },
    { expectation: { ...web, tier: 'cloud', from: '0s', atMost: 0 }, held: false, found: '1 at 30 s' },
    { expectation: { ...web, tier: 'cloud', from: '61s', atMost: 0 }, held: true, found: '0' },
  ])('$expectation: $held', async ({ expectation, held, found }) => {
    expect(await outcomeOf(expectation, { pods })).toMatchObject({ held, found });
  });

  it('one too many: names the pod that made it so, and its decision', async () => {
    const outcome = await outcomeOf({ ...web, tier: 'edge', at: 'end', atMost: 1 }, { pods });
    expect(outcome).toMatchObject({
      expected: 'at most 1 pod of fn/web in tier edge at the end',
      held: false,
      diverged: { atMs: START_MS + 20_000, what: 'fn/web-2 went to edge-2 as number 2', decision: 1 },
    });
  });

  it('one too few: names the first that went elsewhere', async () => {
    const outcome = await outcomeOf({ ...web, tier: 'edge', at: '50s', exactly: 3 }, { pods });
    expect(outcome.diverged).toEqual({
      atMs: START_MS + 30_000,
      what: 'fn/web-3 went to cloud-1',
      decision: 2,
    });
  });

  it('too few in the cloud: names the first that the edge got beyond what was left for it', async () => {
    const four = ['edge-1', 'edge-1', 'edge-1', 'cloud-1'].map((node, index) =>
      boundPod(`web-${index + 1}`, node, 10 + index, index),
    );
    const outcome = await outcomeOf({ ...web, tier: 'cloud', at: 'end', exactly: 2 }, { pods: four });
    expect(outcome.diverged).toMatchObject({ what: 'fn/web-3 went to edge-1', decision: 2 });
  });

  it('one too few for want of pods', async () => {
    const outcome = await outcomeOf({ ...web, tier: 'edge', at: '25s', exactly: 3 }, { pods });
    expect(outcome.diverged?.what).toBe('there were no other pods: the events made no more');
  });

  it('one that waits', async () => {
    const outcome = await outcomeOf({ ...web, at: '50s', exactly: 4 }, { pods });
    expect(outcome.diverged?.what).toBe('fn/web-4 was not placed');
  });
});

describe('peakReplicas', () => {
  it.each([
    { expectation: { type: 'peakReplicas', workload: 'fn/web', exactly: 4 }, held: true },
    { expectation: { type: 'peakReplicas', atLeast: 5 }, held: true },
    { expectation: { type: 'peakReplicas', workload: 'fn/web', atMost: 3 }, held: false },
  ])('$expectation: $held', async ({ expectation, held }) => {
    expect(await outcomeOf(expectation, { pods })).toMatchObject({
      held,
      found: expect.stringContaining('at 40 s'),
    });
  });
});
