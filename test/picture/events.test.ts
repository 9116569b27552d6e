import { describe, expect, it } from 'vitest';
import { askFilter, askPreempt } from '../../src/picture/ask.ts';
import { nodeGone, nodeSeen } from '../../src/picture/nodes.ts';
import type { Picture, PictureObserver } from '../../src/picture/picture.ts';
import { podGone, podSeen } from '../../src/picture/pods.ts';
import type { PodRecord } from '../../src/picture/records.ts';
import { sampleTaken } from '../../src/picture/samples.ts';
import { replicaSetGone, replicaSetSeen } from '../../src/picture/workloads.ts';
import { forecastNode } from '../../src/placement/forecast.ts';
import { look, NOW_MS, nodeRecord, picture, podRecord, replicaRecord, WINDOW_MS } from '../builders.ts';

const LONG_AGO_MS = NOW_MS - 600_000;

function cluster(observer: PictureObserver = {}): Picture {
  const on = picture({}, observer);
  for (const name of ['edge-1', 'edge-2', 'cloud-1']) nodeSeen(on, nodeRecord(name));
  return on;
}

const OWN = { annotations: { 'spillway.dev/load': 'own' } } as const;

/** Bound and ready for long. */
const running = (name: string, nodeName: string, over: Partial<PodRecord> = {}): PodRecord =>
  replicaRecord(name, { nodeName, startedAtMs: LONG_AGO_MS, readyAtMs: LONG_AGO_MS, ...over });

function forecastOf(on: Picture, name: string): number {
  // Asking about a pod that nothing can take refreshes the sums without changing anything.
  askFilter(
    on,
    podRecord('probe', { annotations: { 'spillway.dev/placement': 'cloud-only' } }),
    [name],
    on.nowMs,
  );
  const node = on.nodes.get(name);
  if (node === undefined) throw new Error(`no node ${name}`);
  return forecastNode(node, on.settings.placement, on.nowMs).milli;
}

describe('samples', () => {
  it('a scale-up spreads the load there is over all replicas that are wanted', () => {
    const on = cluster();
    replicaSetSeen(on, { uid: 'replicaset', replicas: 2 });
    podSeen(on, running('a', 'edge-1'), NOW_MS);
    podSeen(on, running('b', 'edge-1'), NOW_MS);
    sampleTaken(on, look({ 'edge-1': 700 }, { a: 300, b: 300 }), NOW_MS);
    expect(forecastOf(on, 'edge-1')).toBe(700);
    replicaSetSeen(on, { uid: 'replicaset', replicas: 6 });
    expect(forecastOf(on, 'edge-1')).toBe(100 + 2 * 100);
    const { value } = askFilter(on, replicaRecord('c'), ['edge-1'], NOW_MS);
    expect(value.estimate).toEqual({ milli: 100, source: 'shared' });
  });

  it('a replica that became ready within the window brought a part of the load', () => {
    const on = cluster();
    podSeen(on, running('a', 'edge-1'), NOW_MS);
    podSeen(on, running('b', 'edge-1', { readyAtMs: NOW_MS - WINDOW_MS / 2 }), NOW_MS);
    sampleTaken(on, look({ 'edge-1': 450 }, { a: 300, b: 150 }), NOW_MS);
    expect(on.workloads.get('replicaset')?.samples).toMatchObject([{ meanMilli: 300, readyPods: 1.5 }]);
  });

  it('a replica that was ready in the window and has gone carried its part of the load', () => {
    const on = cluster();
    podSeen(on, running('a', 'edge-1'), NOW_MS);
    podSeen(on, running('b', 'edge-2'), NOW_MS);
    podGone(on, 'uid-b', NOW_MS - 5000);
    sampleTaken(on, look({ 'edge-1': 300, 'edge-2': 200 }, { a: 300 }), NOW_MS);
    expect(on.workloads.get('replicaset')?.samples.at(-1)?.readyPods).toBeCloseTo(1 + 10 / 15, 9);
  });

  it('a pod that has gone leaves the sum at once, a terminating replica too', () => {
    const on = cluster();
    podSeen(
      on,
      podRecord('own', { nodeName: 'edge-1', startedAtMs: LONG_AGO_MS, readyAtMs: LONG_AGO_MS }),
      NOW_MS,
    );
    podSeen(on, running('a', 'edge-1'), NOW_MS);
    podSeen(on, running('b', 'edge-1'), NOW_MS);
    sampleTaken(on, look({ 'edge-1': 3000 }, { own: 800, a: 1000, b: 1000 }), NOW_MS);
    podGone(on, 'uid-own', NOW_MS);
    expect(forecastOf(on, 'edge-1')).toBe(2200);
    podSeen(on, running('b', 'edge-1', { terminating: true }), NOW_MS);
    // Its share of the load goes to its sibling.
    expect(forecastOf(on, 'edge-1')).toBe(2200);
    expect(on.nodes.get('edge-1')?.pods.size).toBe(1);
  });

  it('a pod of its own load that is never listed and was slow to become ready is in the overhead once', () => {
    const on = cluster();
    podSeen(on, running('x', 'edge-1', OWN), LONG_AGO_MS);
    const slow = (readyAtMs?: number) =>
      void podSeen(
        on,
        podRecord('slow', { nodeName: 'edge-1', startedAtMs: LONG_AGO_MS, readyAtMs }),
        on.nowMs,
      );
    slow();
    const takeUntil = (scrapes: number) => {
      const endMs = NOW_MS + scrapes * WINDOW_MS;
      sampleTaken(on, look({ 'edge-1': 900 }, { x: 100 }, endMs), endMs);
      return forecastOf(on, 'edge-1');
    };
    expect(takeUntil(0)).toBe(1200);
    slow(NOW_MS + 1);
    expect([1, 4, 5, 6, 12].map(takeUntil)).toEqual([1200, 1200, 900, 900, 900]);
  });

  it('a node that vanishes from the list is missing, not idle, and comes back', () => {
    const on = cluster();
    podSeen(on, running('a', 'edge-1'), NOW_MS);
    sampleTaken(on, look({ 'edge-1': 2000 }, { a: 2000 }), NOW_MS);
    sampleTaken(on, look({ 'edge-2': 0 }, {}, NOW_MS + 15_000), NOW_MS + 15_000);
    expect(on.nodes.get('edge-1')?.metrics).toMatchObject({ missing: true, usageMilli: 2000 });
    expect(forecastOf(on, 'edge-1')).toBe(2000);
    sampleTaken(on, look({ 'edge-1': 100 }, { a: 100 }, NOW_MS + 30_000), NOW_MS + 30_000);
    expect(on.nodes.get('edge-1')?.metrics).toMatchObject({ missing: false, advancedAtMs: NOW_MS + 30_000 });
    expect(forecastOf(on, 'edge-1')).toBe(100);
  });

  it('the same timestamp again is no new sample', () => {
    const on = cluster();
    sampleTaken(on, look({ 'edge-1': 500 }, {}), NOW_MS);
    sampleTaken(on, look({ 'edge-1': 900 }, {}), NOW_MS + 60_000);
    expect(on.nodes.get('edge-1')?.metrics).toMatchObject({ usageMilli: 500, advancedAtMs: NOW_MS });
  });

  it('pods that ran and are not listed at all: node metrics without pod metrics', () => {
    const on = cluster();
    podSeen(on, running('a', 'edge-1'), NOW_MS);
    sampleTaken(on, look({ 'edge-1': 500, 'edge-2': 20 }, {}), NOW_MS);
    expect(on.nodes.get('edge-1')?.metrics?.podUsageMilli).toBeUndefined();
    expect(on.nodes.get('edge-2')?.metrics?.podUsageMilli).toBe(0);
    sampleTaken(on, look({ 'edge-1': 510 }, undefined, NOW_MS + 15_000), NOW_MS + 15_000);
    expect(forecastOf(on, 'edge-1')).toBe(510);
  });

  it('a pod of its own load that others are listed without is in the overhead', () => {
    const on = cluster();
    podSeen(
      on,
      podRecord('unlisted', { nodeName: 'edge-1', startedAtMs: LONG_AGO_MS, readyAtMs: LONG_AGO_MS }),
      NOW_MS,
    );
    podSeen(on, running('a', 'edge-1'), NOW_MS);
    sampleTaken(on, look({ 'edge-1': 500 }, { a: 300 }), NOW_MS);
    expect(forecastOf(on, 'edge-1')).toBe(500);
  });

  it.each([
    { readyForMs: WINDOW_MS, overheadMilli: 50 },
    { readyForMs: WINDOW_MS / 3, overheadMilli: 250 },
    { readyForMs: undefined, overheadMilli: 350 },
  ])('a new replica that metrics do not list yet is no overhead: ready for $readyForMs ms', (row) => {
    const on = cluster();
    const readyAtMs = row.readyForMs === undefined ? undefined : NOW_MS - row.readyForMs;
    podSeen(on, running('a', 'edge-2'), NOW_MS);
    podSeen(on, running('new', 'edge-1', { startedAtMs: NOW_MS - WINDOW_MS, readyAtMs }), NOW_MS);
    podSeen(on, running('b', 'edge-1'), NOW_MS);
    sampleTaken(on, look({ 'edge-1': 650, 'edge-2': 300 }, { a: 300, b: 300 }), NOW_MS);
    const { usageMilli = 0, podUsageMilli = 0 } = on.nodes.get('edge-1')?.metrics ?? {};
    expect(usageMilli - podUsageMilli).toBeCloseTo(row.overheadMilli, 6);
  });

  it('a saturated node hides demand: replicas count at least at their request', () => {
    const on = cluster();
    replicaSetSeen(on, { uid: 'replicaset', replicas: 100 });
    podSeen(on, running('a', 'edge-1', { requestMilli: 130 }), NOW_MS);
    sampleTaken(on, look({ 'edge-1': 3900 }, { a: 3900 }), NOW_MS);
    const { value } = askFilter(on, replicaRecord('b', { requestMilli: 130 }), ['cloud-1'], NOW_MS);
    expect(value.estimate.milli).toBe(130);
  });

  it("a predecessor's sample is not taken for that of a new pod of the same name", () => {
    const on = cluster();
    podSeen(on, podRecord('web', { nodeName: 'edge-1', startedAtMs: NOW_MS + 1000 }), NOW_MS + 1000);
    sampleTaken(on, look({ 'edge-1': 900 }, { web: 900 }), NOW_MS + 2000);
    expect(on.pods.get('uid-web')?.usage).toBeUndefined();
  });

  it('tells how far predictions were off', () => {
    const errors: [string, number][] = [];
    const on = cluster({ predictionMeasured: (kind, errorMilli) => errors.push([kind, errorMilli]) });
    sampleTaken(on, look({ 'edge-1': 100 }, {}), NOW_MS);
    askFilter(on, podRecord('web'), ['edge-1'], NOW_MS);
    podSeen(on, podRecord('web', { nodeName: 'edge-1', startedAtMs: NOW_MS, readyAtMs: NOW_MS }), NOW_MS);
    const endMs = NOW_MS + 2 * WINDOW_MS;
    sampleTaken(on, look({ 'edge-1': 450 }, { web: 350 }, endMs), endMs);
    expect(errors).toEqual([
      ['node', 350],
      ['annotated', 50],
    ]);
  });
});

describe('nodes, workloads and questions', () => {
  it.each([
    { labels: { 'node-role.kubernetes.io/edge': '', site: 'north' }, tier: 'edge', site: 'north' },
    { labels: { 'node-role.kubernetes.io/edge': 'true' }, tier: 'edge', site: undefined },
    { labels: { 'node-role.kubernetes.io/worker': '' }, tier: 'cloud', site: undefined },
  ])('labels $labels: $tier', ({ labels, tier, site }) => {
    const on = picture();
    nodeSeen(on, nodeRecord('n', { labels }));
    expect(on.nodes.get('n')).toMatchObject({ tier, site });
  });

  it('a node that joins again under the same name starts anew', () => {
    const on = cluster();
    sampleTaken(on, look({ 'edge-1': 3200 }, {}), NOW_MS);
    nodeGone(on, 'edge-1');
    nodeSeen(on, nodeRecord('edge-1'));
    expect(on.nodes.get('edge-1')).toMatchObject({ closed: false, metrics: undefined });
  });

  it('pods may be seen before their node', () => {
    const on = picture();
    podSeen(on, podRecord('web', { nodeName: 'edge-9', requestMilli: 200 }), NOW_MS);
    expect(askFilter(on, podRecord('b'), ['edge-9'], NOW_MS).value.result).toBe('pending');
    nodeSeen(on, nodeRecord('edge-9'));
    expect(forecastOf(on, 'edge-9')).toBe(300);
  });

  it('nothing is kept of what has gone', () => {
    const on = cluster();
    podSeen(on, running('a', 'edge-1'), NOW_MS);
    podGone(on, 'uid-a', NOW_MS);
    replicaSetSeen(on, { uid: 'replicaset', replicas: 1 });
    replicaSetGone(on, 'replicaset');
    for (const name of ['edge-1', 'edge-2', 'cloud-1']) nodeGone(on, name);
    const sizes = [on.nodes, on.pods, on.podsByName, on.workloads, on.replicas, on.reservations];
    expect(sizes.map(({ size }) => size)).toEqual([0, 0, 0, 0, 0, 0]);
  });

  it('readiness that comes and goes leaves nothing behind, though no metrics ever come', () => {
    const on = cluster();
    for (let minute = 0; minute < 1000; minute += 1) {
      const atMs = NOW_MS + minute * 60_000;
      podSeen(on, running('a', 'edge-1', { readyAtMs: minute % 2 === 0 ? atMs : undefined }), atMs);
    }
    expect(on.workloads.get('replicaset')?.pastReady.length).toBeLessThan(10);
  });

  it('a nominated node is refused above its threshold, unless the scheduler has no other to ask about', () => {
    const on = cluster();
    sampleTaken(on, look({ 'edge-1': 3100 }, {}), NOW_MS);
    const record = podRecord('web', { nominatedNodeName: 'edge-1' });
    podSeen(on, record, NOW_MS);
    const nodesAt = (afterMs: number) => askFilter(on, record, ['edge-1'], NOW_MS + afterMs).value.nodes;
    expect([nodesAt(1), nodesAt(5), nodesAt(6)]).toEqual([[], ['edge-1'], []]);
    // A later cycle begins with the nominated node alone again.
    expect(nodesAt(2000)).toEqual([]);
  });

  it('counts siblings by tier for a policy that needs it', () => {
    const on = cluster();
    const annotations = { 'spillway.dev/cloud-min': '1', 'spillway.dev/cpu-estimate': '100m' };
    const where = ['a', 'b', 'c'].map((name) => {
      const { value } = askFilter(on, replicaRecord(name, { annotations }), ['edge-1', 'cloud-1'], NOW_MS);
      return value.nodes;
    });
    expect(where).toEqual([['cloud-1'], ['edge-1'], ['edge-1']]);
  });

  it('preemption is judged without the victims', () => {
    const on = cluster();
    podSeen(on, running('a', 'edge-1', { annotations: { 'spillway.dev/load': 'own' } }), NOW_MS);
    sampleTaken(on, look({ 'edge-1': 3700 }, { a: 3700 }), NOW_MS);
    const asked = (victims: readonly string[]) =>
      askPreempt(on, podRecord('web'), new Map([['edge-1', new Set(victims)]]), NOW_MS).value;
    expect(asked([])).toEqual([]);
    expect(asked(['uid-a'])).toEqual(['edge-1']);
  });

  it('reports annotations that could not be read with the answer', () => {
    const on = cluster();
    const annotations = { 'spillway.dev/cpu-estimate': 'lots' };
    const { value, problems } = askFilter(on, podRecord('web', { annotations }), ['edge-1'], NOW_MS);
    expect(value.estimate).toEqual({ milli: 100, source: 'default' });
    expect(problems.shown).toMatchObject([{ annotation: 'spillway.dev/cpu-estimate', found: 'lots' }]);
  });
});
