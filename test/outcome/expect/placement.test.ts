import { describe, expect, it } from 'vitest';
import { boundPod, candidate, decision, outcomeOf, podResult, START_MS } from './runs.ts';

const edgeFirst = (pods: number) => ({ type: 'edgeFirst', workload: 'fn/web', pods });

describe('edgeFirst', () => {
  it.each([
    { what: 'edge, edge, cloud', nodes: ['edge-1', 'edge-2', 'cloud-1'], pods: 2, held: true },
    { what: 'more at the edge than asked', nodes: ['edge-1', 'edge-1', 'edge-1'], pods: 2, held: true },
    { what: 'a pod in the cloud between', nodes: ['edge-1', 'cloud-1', 'edge-1'], pods: 2, held: false },
    { what: 'too few pods', nodes: ['edge-1'], pods: 2, held: false },
    { what: 'none', nodes: [], pods: 1, held: false },
  ])('$what: $held', async ({ nodes, pods, held }) => {
    const run = { pods: nodes.map((node, index) => boundPod(`web-${index + 1}`, node, index, index)) };
    expect((await outcomeOf(edgeFirst(pods), run)).held).toBe(held);
  });

  it('names the pod that went to the cloud too early', async () => {
    const run = { pods: [boundPod('web-1', 'edge-1', 1, 0), boundPod('web-2', 'cloud-1', 2, 1)] };
    expect((await outcomeOf(edgeFirst(2), run)).diverged).toEqual({
      atMs: START_MS + 2000,
      what: 'fn/web-2 went to cloud-1 while the edge held 1',
      decision: 1,
    });
  });
});

describe('placed', () => {
  const run = { pods: [boundPod('web-1', 'edge-1', 1, 0), podResult('web-2')] };
  it.each([
    { expectation: { pod: 'fn/web-1', tier: 'edge' }, held: true, found: 'on edge-1 (edge)' },
    { expectation: { pod: 'fn/web-1', node: 'edge-1' }, held: true, found: 'on edge-1 (edge)' },
    { expectation: { pod: 'fn/web-1', node: 'cloud-1' }, held: false, found: 'on edge-1 (edge)' },
    { expectation: { pod: 'fn/web-2', tier: 'edge' }, held: false, found: 'not placed' },
    { expectation: { pod: 'fn/web-9', tier: 'edge' }, held: false, found: 'no such pod in this run' },
  ])('$expectation: $held', async ({ expectation, held, found }) => {
    expect(await outcomeOf({ type: 'placed', ...expectation }, run)).toMatchObject({ held, found });
  });
});

describe('noCloudWhileEdgeFits', () => {
  const type = 'noCloudWhileEdgeFits';
  const cloudPod = [boundPod('web-1', 'cloud-1', 1, 0)];
  it.each([
    { what: 'the edge would be above', seen: candidate({ forecastMilli: 701 }), held: true },
    { what: 'the edge would be just at its threshold', seen: candidate({ forecastMilli: 700 }), held: false },
    { what: 'the node is away', seen: candidate({ reason: 'node-not-ready' }), held: true },
    { what: 'the node is cordoned', seen: candidate({ reason: 'node-cordoned' }), held: true },
    {
      what: 'unknown metrics count as full',
      seen: candidate({ reason: 'edge-metrics-unknown' }),
      held: true,
    },
    { what: 'hysteresis keeps it shut', seen: candidate({ closed: true }), held: true },
    { what: 'the candidate is no edge node', seen: candidate({ tier: 'cloud' }), held: true },
  ])('$what: $held', async ({ seen, held }) => {
    const outcome = await outcomeOf({ type }, { pods: cloudPod, decisions: [decision([seen])] });
    expect(outcome.held).toBe(held);
    if (!held)
      expect(outcome.diverged).toMatchObject({
        decision: 0,
        what: expect.stringContaining('edge-1 had room'),
      });
  });

  it.each([
    {
      what: 'a pod that asked for the cloud',
      policy: { placement: 'cloud-first', sharing: 'shared' } as const,
    },
    { what: 'a share', policy: { placement: 'edge-first', sharing: 'shared', edgeShareRatio: 0.5 } as const },
  ])('$what is sent there on purpose', async ({ policy }) => {
    const decisions = [decision([candidate()], { policy })];
    expect((await outcomeOf({ type }, { pods: cloudPod, decisions })).held).toBe(true);
  });

  it('fails for a pod that Spillway was not asked about', async () => {
    const outcome = await outcomeOf({ type }, { pods: [boundPod('web-1', 'cloud-1', 1)] });
    expect(outcome).toMatchObject({ held: false, found: 'a pod that Spillway did not place' });
  });
});

describe('pendingAtMost', () => {
  const expectation = { type: 'pendingAtMost', duration: '1s' };
  const waited = (boundAtMs: number | undefined) =>
    podResult('web-1', {
      boundAtMs,
      attempts: [
        {
          atMs: START_MS + 5,
          result: 'unschedulable',
          decision: 0,
          scores: [],
          reasons: { 'edge CPU above limit': 2 },
        },
      ],
    });

  it.each([
    { what: 'bound after exactly so long', pod: waited(START_MS + 1000), held: true },
    { what: 'bound later', pod: waited(START_MS + 1001), held: false },
    { what: 'never bound', pod: waited(undefined), held: false },
  ])('$what: $held', async ({ pod, held }) => {
    const outcome = await outcomeOf(expectation, { pods: [pod] });
    expect(outcome.held).toBe(held);
    if (!held) {
      expect(outcome.diverged).toEqual({
        atMs: START_MS + 5,
        what: 'fn/web-1 was not placed at once; 2 node(s): edge CPU above limit',
        decision: 0,
      });
    }
  });
});
