import { describe, expect, it } from 'vitest';
import type { World } from '../../../../src/simulator/model/world.ts';
import { startNodeMetrics } from '../../../../src/simulator/policies/koordinator/node-metrics.ts';
import { withLoadAware } from '../../../../src/simulator/policies/koordinator/plugins.ts';
import type { PodInfo } from '../../../../src/simulator/scheduler/pod-info.ts';
import { bindPod, idleWorld, infoOf, passUntil, serve, waitingPod } from '../worlds.ts';

/** Serves one sample every 15 s, up to a time after the start. */
function serveUntil(world: World, seconds: number, cpu: string, pods: Readonly<Record<string, string>> = {}) {
  const nowSeconds = () => (world.timeline.nowMs - 1_000_000_000_000) / 1000;
  while (nowSeconds() < seconds) {
    serve(world, { 'edge-1': cpu }, pods);
    passUntil(world, Math.min(seconds, nowSeconds() + 15));
  }
}

describe("a node's report", () => {
  it('is the mean of what was served in the last five minutes', async () => {
    const world = await idleWorld();
    const { reports } = startNodeMetrics(world);
    serveUntil(world, 0, '100m');
    expect(reports.get('edge-1')?.node.cpuMilli).toBe(100);
    serveUntil(world, 150, '400m');
    const milli = reports.get('edge-1')?.node.cpuMilli ?? 0;
    expect(milli).toBeGreaterThan(150);
    expect(milli).toBeLessThan(350);
    serveUntil(world, 600, '400m');
    expect(reports.get('edge-1')?.node.cpuMilli).toBe(400);
  });

  it('comes once a minute, on a beat of its own', async () => {
    const world = await idleWorld();
    const metrics = startNodeMetrics(world);
    const told: { readonly name: string; readonly atMs: number }[] = [];
    metrics.watchers.push((name) => told.push({ name, atMs: world.timeline.nowMs }));
    serve(world, { 'edge-1': '100m', 'cloud-1': '100m' });
    passUntil(world, 240);
    const beats = (node: string) =>
      told.filter(({ name, atMs }) => name === node && atMs > 1_000_000_000_000).map(({ atMs }) => atMs);
    const [first = 0, second = 0, third = 0] = beats('edge-1');
    expect([second - first, third - second]).toEqual([60_000, 60_000]);
    expect(beats('cloud-1')[0]).not.toBe(first);
  });

  it.each([
    { name: 'of a node that is cut off stays as it was', cut: 'disconnected', kept: true },
    { name: 'of a lost one too', cut: 'lost', kept: true },
    { name: 'of a node that is up goes on', cut: 'up', kept: false },
  ] as const)('$name', async ({ cut, kept }) => {
    const world = await idleWorld();
    const { reports } = startNodeMetrics(world);
    serveUntil(world, 0, '100m');
    const node = world.nodes.get('edge-1');
    if (node !== undefined) node.state = cut;
    const before = reports.get('edge-1');
    serveUntil(world, 300, '100m');
    expect(reports.get('edge-1') === before).toBe(kept);
  });

  it('has the pods that were measured', async () => {
    const world = await idleWorld();
    const { reports } = startNodeMetrics(world);
    bindPod(world, 'a', 'edge-1');
    bindPod(world, 'b', 'edge-1');
    serveUntil(world, 60, '300m', { 'fn/a': '50m', 'fn/c': '70m' });
    expect(Array.from(reports.get('edge-1')?.pods ?? [])).toEqual([
      ['fn/a', { cpuMilli: 50, memoryBytes: 0 }],
    ]);
  });
});

async function loadAware() {
  const world = await idleWorld();
  const { filters, scorers } = withLoadAware({ filters: [], scorers: [] }, world);
  const ask = (pods: readonly PodInfo[] = []) => {
    const info = infoOf(world, 'edge-1', pods);
    const cycle = { pod: waitingPod('next'), nodes: [info], nowMs: world.timeline.nowMs };
    return {
      refused: filters[0]?.prepare(cycle)?.filter(info),
      score: scorers[0]?.prepare(cycle, [info])?.score(info),
    };
  };
  return { world, ask };
}

/** Requests 100m, so it is estimated at 85m, and at 200 Mi of the node's 8 Gi. */
const MEMORY_SCORE = 97;

describe('LoadAwareScheduling', () => {
  it('lets a node without a report pass, with the score 0', async () => {
    const { world, ask } = await loadAware();
    passUntil(world, 10);
    expect(ask()).toEqual({ refused: undefined, score: 0 });
  });

  it.each([
    { name: 'idle', cpu: '0', refused: undefined, cpuScore: 91 },
    { name: 'at the threshold', cpu: '569m', refused: undefined, cpuScore: 34 },
    { name: 'above it', cpu: '571m', refused: ['node(s) cpu usage exceed threshold'], cpuScore: 34 },
  ])('judges by the estimate: $name', async ({ cpu, refused, cpuScore }) => {
    const { world, ask } = await loadAware();
    serveUntil(world, 60, cpu);
    expect(ask()).toEqual({ refused, score: Math.floor((cpuScore + MEMORY_SCORE) / 2) });
  });

  it('refuses a node whose report is three minutes old', async () => {
    const { world, ask } = await loadAware();
    serveUntil(world, 60, '100m');
    const node = world.nodes.get('edge-1');
    if (node !== undefined) node.state = 'disconnected';
    passUntil(world, 60 + 119);
    expect(ask().refused).toBe(undefined);
    passUntil(world, 60 + 180);
    expect(ask()).toEqual({ refused: ['node(s) nodeMetric expired'], score: 0 });
  });

  it('counts a pod that was just assigned with its estimate', async () => {
    const { world, ask } = await loadAware();
    serveUntil(world, 60, '500m');
    expect(ask().refused).toBe(undefined);
    // Assumed by the scheduler, and not bound yet: 500m + 2 × 85m.
    expect(ask([waitingPod('a')]).refused).toEqual(['node(s) cpu usage exceed threshold']);
    bindPod(world, 'a', 'edge-1');
    serveUntil(world, 300, '500m', { 'fn/a': '50m' });
    expect(ask([waitingPod('a')]).refused, 'by then it is in the usage of the node').toBe(undefined);
  });
});
