import { describe, expect, test } from 'vitest';
import {
  advance,
  nodeGone,
  podGone,
  podSeen,
  replicasSeen,
  type Shadow,
} from '../../src/rehearsal/shadow.ts';
import { settleAll } from '../../src/simulator/model/cpu.ts';
import { clockMs } from '../../src/simulator/model/world.ts';
import { WORKLOAD } from '../simulator/traces.ts';
import { podOf, readyOn, shadowOf } from './scene.ts';

describe('pods of a cluster in the model of CPU', () => {
  test('are named by the order in which they were seen, whatever the cluster calls them', async () => {
    const shadow = await shadowOf();
    for (const uid of ['x', 'a', 'm']) podSeen(shadow, podOf(uid));
    podSeen(shadow, podOf('a', { node: 'edge-1' }));
    expect(Array.from(shadow.pods, ([uid, { name }]) => [uid, name])).toEqual([
      ['x', 'web-1'],
      ['a', 'web-2'],
      ['m', 'web-3'],
    ]);
  });

  test('have the times at which they were seen to be created, bound, ready, terminating and gone', async () => {
    const shadow = await shadowOf();
    const steps = [
      { atMs: 1000, seen: podOf('p') },
      { atMs: 2000, seen: podOf('p', { node: 'edge-1' }) },
      { atMs: 3000, seen: podOf('p', { node: 'edge-1', ready: true }) },
      { atMs: 9000, seen: podOf('p', { node: 'edge-1', ready: true, terminating: true }) },
    ];
    for (const { atMs, seen } of steps) {
      advance(shadow, atMs);
      podSeen(shadow, seen);
    }
    const pod = shadow.pods.get('p');
    advance(shadow, 60_000);
    expect(pod?.goneAtMs).toBeUndefined();
    podGone(shadow, 'p');
    expect(pod).toMatchObject({
      createdAtMs: clockMs(1000),
      boundAtMs: clockMs(2000),
      startedAtMs: clockMs(3000),
      readyAtMs: clockMs(3000),
      terminatingAtMs: clockMs(9000),
      goneAtMs: clockMs(60_000),
    });
  });

  test('that are seen once more after they have gone do not come back', async () => {
    const shadow = await shadowOf();
    readyOn(shadow, 'edge-1', 'p');
    podGone(shadow, 'p');
    podSeen(shadow, podOf('p', { node: 'edge-1', ready: true }));
    expect(shadow.world.pods.size).toBe(0);
  });

  test.each([
    { whose: 'another Deployment', pod: podOf('p', { of: 'other' }) },
    { whose: 'nobody', pod: { ...podOf('p'), metadata: { name: 'p', namespace: 'fn', uid: 'p' } } },
  ])('of $whose are none of the trace', async ({ pod }) => {
    const shadow = await shadowOf();
    podSeen(shadow, pod);
    expect(shadow.pods.size).toBe(0);
  });

  test('share the demand from the moment at which each is ready', async () => {
    const shadow = await shadowOf();
    readyOn(shadow, 'edge-1', 'one');
    advance(shadow, 10_000);
    readyOn(shadow, 'cloud-1', 'two');
    advance(shadow, 20_000);
    expect(usedBy(shadow, 'one')).toBeCloseTo(100 * 10_000 + 50 * 10_000);
    expect(usedBy(shadow, 'two')).toBeCloseTo(50 * 10_000);
  });
});

test('a node that left is used no more, and its pods are there until the cluster says that they have gone', async () => {
  const shadow = await shadowOf();
  readyOn(shadow, 'edge-1', 'p');
  advance(shadow, 10_000);
  nodeGone(shadow, 'edge-1');
  nodeGone(shadow, 'edge-1');
  advance(shadow, 60_000);
  expect(usedBy(shadow, 'p')).toBeCloseTo(100 * 10_000);
  expect([...shadow.world.nodes.keys()]).toEqual(['cloud-1']);
  expect(shadow.pods.get('p')?.goneAtMs).toBeUndefined();
  podGone(shadow, 'p');
  expect(shadow.pods.get('p')?.goneAtMs).toBe(clockMs(60_000));
});

test('a change of replicas is a scaling, the number that a Deployment has from the start is none', async () => {
  const shadow = await shadowOf();
  replicasSeen(shadow, WORKLOAD, 1);
  advance(shadow, 5000);
  replicasSeen(shadow, WORKLOAD, 4);
  replicasSeen(shadow, WORKLOAD, 4);
  replicasSeen(shadow, 'fn/unknown', 9);
  expect(shadow.recorder.scalings).toEqual([{ atMs: clockMs(5000), workload: WORKLOAD, from: 1, to: 4 }]);
});

test('time does not go back', async () => {
  const shadow = await shadowOf();
  advance(shadow, 5000);
  advance(shadow, 4000);
  expect(shadow.world.timeline.nowMs).toBe(clockMs(5000));
});

/** In millicore-milliseconds. */
function usedBy(shadow: Shadow, uid: string): number {
  settleAll(shadow.cpu);
  const pod = shadow.pods.get(uid);
  if (pod?.node === undefined) throw new Error(`pod ${uid} is on no node`);
  return shadow.cpu.accounts.get(pod.node)?.usedByPod.get(pod) ?? 0;
}
