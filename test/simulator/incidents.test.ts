import { describe, expect, it } from 'vitest';
import type { PodResult, SimulationResult } from '../../src/outcome/result.ts';
import { deploymentDocument, nodeDocument, runOf, type TraceDocument } from './traces.ts';

const seconds = (run: SimulationResult, atMs: number | undefined) =>
  atMs === undefined ? undefined : (atMs - run.startMs) / 1000;

/** One edge node, two cloud nodes of which pods may only use the edge until it is away. */
async function run(over: TraceDocument): Promise<SimulationResult> {
  return runOf({
    duration: '10m',
    nodes: [nodeDocument('edge-1', '2'), nodeDocument('cloud-1', '4')],
    deployments: [deploymentDocument(2)],
    ...over,
  });
}

const lives = (result: SimulationResult) =>
  result.pods.map((pod: PodResult) => ({
    node: pod.node,
    bound: seconds(result, pod.boundAtMs),
    ready: seconds(result, pod.readyAtMs),
    terminating: seconds(result, pod.terminatingAtMs),
    gone: seconds(result, pod.goneAtMs),
  }));

describe('a node that falls silent', () => {
  it.each(['lose', 'disconnect'])(
    '%s: its pods are replaced 300 s after it became unreachable',
    async (key) => {
      const result = await run({ events: [{ at: '30s', [key]: 'edge-1' }] });
      const pods = lives(result);
      expect(pods).toHaveLength(4);
      // 30 s + 40 s of grace + 300 s, pkg/controller/tainteviction's default toleration.
      for (const { node, terminating, gone } of pods.slice(0, 2)) {
        expect({ node, terminating, gone }).toEqual({ node: 'edge-1', terminating: 370, gone: undefined });
      }
      for (const { node, bound } of pods.slice(2)) {
        expect(node).toBe('cloud-1');
        expect(bound).toBeGreaterThan(370);
        expect(bound).toBeLessThan(371);
      }
    },
  );

  it('tolerationSeconds of the pod shorten the wait', async () => {
    const tolerations = [
      {
        key: 'node.kubernetes.io/unreachable',
        operator: 'Exists',
        effect: 'NoExecute',
        tolerationSeconds: 20,
      },
    ];
    const result = await run({
      deployments: [deploymentDocument(1, '100m', { tolerations })],
      events: [{ at: '30s', lose: 'edge-1' }],
    });
    expect(lives(result)[0]?.terminating).toBe(90);
  });

  it('a pod that tolerates it for ever stays', async () => {
    const tolerations = [{ operator: 'Exists' }];
    const result = await run({
      deployments: [deploymentDocument(1, '100m', { tolerations })],
      events: [{ at: '30s', lose: 'edge-1' }],
    });
    expect(lives(result)).toMatchObject([{ node: 'edge-1', terminating: undefined }]);
  });

  it.each([
    { back: '60s', ready: 0, what: 'before the grace period ends, nothing was noticed' },
    { back: '100s', ready: 100, what: 'after it, its pods are ready again' },
  ])('reconnected $what', async ({ back, ready }) => {
    const result = await run({
      events: [
        { at: '30s', disconnect: 'edge-1' },
        { at: back, reconnect: 'edge-1' },
      ],
    });
    for (const pod of lives(result)) {
      expect(pod.terminating).toBeUndefined();
      expect(Math.floor((pod.ready ?? 0) / 10) * 10).toBe(ready);
    }
  });

  it('a machine that comes back starts its containers anew', async () => {
    const result = await run({
      events: [
        { at: '30s', lose: 'edge-1' },
        { at: '100s', recover: 'edge-1' },
      ],
      kubelet: { startUp: '3s', readiness: '4s' },
    });
    for (const { ready } of lives(result)) expect(ready).toBe(107);
  });

  it('pods deleted while it was away end when it is back', async () => {
    const result = await run({
      events: [
        { at: '30s', disconnect: 'edge-1' },
        { at: '40s', scale: { deployment: 'fn/web', replicas: 1 } },
        { at: '60s', reconnect: 'edge-1' },
      ],
      kubelet: { termination: '5s' },
    });
    expect(lives(result).find(({ terminating }) => terminating !== undefined)).toMatchObject({
      terminating: 40,
      gone: 65,
    });
  });

  it.each([
    { key: 'lose', at: 50, milli: 0, what: 'a lost machine uses nothing' },
    { key: 'disconnect', at: 50, milli: 250, what: 'a disconnected one goes on' },
    { key: 'disconnect', at: 90, milli: 50, what: '... until its pods are no endpoints any more' },
  ])('$what ($at s)', async ({ key, at, milli }) => {
    const { nodes, startMs } = await run({
      events: [{ at: '30s', [key]: 'edge-1' }],
      load: [
        { type: 'recordedCpu', deployment: 'fn/web', points: [{ at: '0s', cpu: '200m' }] },
        { type: 'recordedCpu', node: 'edge-1', points: [{ at: '0s', cpu: '50m' }] },
      ],
    });
    const atMs = startMs + at * 1000;
    const stretch = nodes[0]?.real.find(({ fromMs, toMs }) => fromMs <= atMs && atMs < toMs);
    expect(stretch?.fromMilli).toBe(milli);
  });

  it('is left out of placement as soon as it is known to be away', async () => {
    const result = await run({
      events: [
        { at: '30s', lose: 'edge-1' },
        { at: '75s', scale: { deployment: 'fn/web', replicas: 3 } },
      ],
    });
    const third = result.pods[2];
    expect(third?.node).toBe('cloud-1');
  });
});

describe('nodes join and leave', () => {
  it('a node that joins is used at once', async () => {
    const result = await run({
      nodes: [nodeDocument('cloud-1', '4')],
      deployments: [deploymentDocument(1)],
      events: [
        { at: '30s', join: nodeDocument('edge-9', '2') },
        { at: '31s', scale: { deployment: 'fn/web', replicas: 2 } },
      ],
    });
    expect(result.pods.map(({ node }) => node)).toEqual(['cloud-1', 'edge-9']);
    expect(result.nodes.map(({ name }) => name)).toEqual(['cloud-1', 'edge-9']);
  });

  it('the pods of a node that is deleted are deleted with it, and replaced', async () => {
    const result = await run({ events: [{ at: '30s', leave: 'edge-1' }] });
    const pods = lives(result);
    expect(pods.slice(0, 2)).toMatchObject([
      { node: 'edge-1', terminating: 30, gone: 30 },
      { node: 'edge-1', terminating: 30, gone: 30 },
    ]);
    expect(pods.slice(2).map(({ node }) => node)).toEqual(['cloud-1', 'cloud-1']);
  });
});

describe('a pod that crashes', () => {
  it('is ready again after start and back-off: at once, 10 s, 20 s', async () => {
    const crash = 'fn/web-1';
    const result = await run({
      deployments: [deploymentDocument(1)],
      events: [
        { at: '30s', crash },
        { at: '60s', crash },
        { at: '100s', crash },
      ],
      kubelet: { readiness: '2s' },
    });
    expect(lives(result)[0]?.ready).toBe(122);
    expect(result.incidents.map(({ what }) => what)).toEqual(Array(3).fill('fn/web-1 crashed'));
    expect(result.pods[0]?.restarts).toBe(3);
  });
});

describe('a crash that nobody hears of', () => {
  it.each([
    { name: 'on a lost machine', before: { at: '10s', lose: 'edge-1' } },
    { name: 'on a disconnected node', before: { at: '10s', disconnect: 'edge-1' } },
    { name: 'of a pod that is gone', before: { at: '10s', scale: { deployment: 'fn/web', replicas: 0 } } },
  ])('$name is none', async ({ before }) => {
    const result = await run({
      deployments: [deploymentDocument(1)],
      events: [before, { at: '20s', crash: 'fn/web-1' }],
    });
    expect(result.pods[0]?.restarts).toBe(0);
    expect(result.incidents.map(({ what }) => what)).not.toContain('fn/web-1 crashed');
  });
});
