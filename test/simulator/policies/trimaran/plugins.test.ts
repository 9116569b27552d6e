import { describe, expect, it } from 'vitest';
import { tellPod, type World } from '../../../../src/simulator/model/world.ts';
import { startLoadWatcher } from '../../../../src/simulator/policies/trimaran/load-watcher.ts';
import {
  loadVariationRiskBalancing,
  targetLoadPacking,
} from '../../../../src/simulator/policies/trimaran/plugins.ts';
import type { ScorePlugin } from '../../../../src/simulator/scheduler/plugin.ts';
import { bindPod, idleWorld, infoOf, passUntil, serve, waitingPod } from '../worlds.ts';

function scoreOf(world: World, plugin: ScorePlugin, nodeName: string): number | undefined {
  const info = infoOf(world, nodeName);
  const cycle = { pod: waitingPod('next'), nodes: [info], nowMs: world.timeline.nowMs };
  return plugin.prepare(cycle, [info])?.score(info);
}

describe('load-watcher', () => {
  it('reads once a minute what metrics-server then serves', async () => {
    const world = await idleWorld();
    const watcher = startLoadWatcher(world);
    serve(world, { 'edge-1': '500m' });
    passUntil(world, 0);
    expect(watcher.metrics?.usageMilli.get('edge-1')).toBe(500);
    serve(world, { 'edge-1': '600400u' });
    const changes: number[] = [];
    for (let seconds = 1; seconds <= 180; seconds += 1) {
      const before = watcher.metrics;
      passUntil(world, seconds);
      if (watcher.metrics !== before) changes.push(seconds);
    }
    expect(watcher.metrics?.usageMilli.get('edge-1')).toBe(601);
    expect(changes.slice(1).map((at, index) => at - (changes[index] ?? 0))).toEqual(
      changes.slice(1).map(() => 60),
    );
    expect(changes.length).toBeGreaterThanOrEqual(2);
  });

  it('begins at another moment with another seed', async () => {
    const firstReads = await Promise.all(
      [1, 2, 3, 4, 5].map(async (seed) => {
        const world = await idleWorld({ seed });
        const watcher = startLoadWatcher(world);
        serve(world, {});
        passUntil(world, 300);
        return watcher.metrics?.windowEndSeconds;
      }),
    );
    expect(new Set(firstReads).size).toBeGreaterThan(2);
  });

  it('keeps what it knows when metrics.k8s.io does not answer', async () => {
    const world = await idleWorld();
    const watcher = startLoadWatcher(world);
    serve(world, { 'edge-1': '500m' });
    passUntil(world, 120);
    world.metricsApi.available = false;
    world.metricsApi.served = undefined;
    passUntil(world, 600);
    expect(watcher.metrics?.usageMilli.get('edge-1')).toBe(500);
  });
});

describe('TargetLoadPacking', () => {
  it.each([
    { name: 'a node without metrics is avoided', served: {}, score: 0 },
    // 100m and the pod's 1.5 × 100m are 25 % of 1 CPU: 60 × 25 / 40 + 40.
    { name: 'else by usage and what the pod is predicted to use', served: { 'edge-1': '100m' }, score: 78 },
  ])('$name', async ({ served, score }) => {
    const world = await idleWorld();
    const plugin = targetLoadPacking(world);
    serve(world, served);
    passUntil(world, 120);
    expect(scoreOf(world, plugin, 'edge-1')).toBe(score);
  });

  it('counts pods that the metrics can not show yet, for a minute', async () => {
    const world = await idleWorld();
    const plugin = targetLoadPacking(world);
    serve(world, { 'edge-1': '0' });
    passUntil(world, 100);
    const first = bindPod(world, 'a', 'edge-1');
    bindPod(world, 'b', 'edge-1');
    expect(scoreOf(world, plugin, 'edge-1'), 'the watch has not told of them').toBe(63);
    passUntil(world, 101);
    expect(scoreOf(world, plugin, 'edge-1'), '3 × 150m of 1 CPU').toBe(37);
    world.pods.delete(first.uid);
    first.goneAtMs = world.timeline.nowMs;
    tellPod(world, first, 'gone');
    expect(scoreOf(world, plugin, 'edge-1'), '2 × 150m').toBe(85);
    // The metrics of at most 60 s later are from more than 60 s after the binding.
    passUntil(world, 100 + 60 + 60 + 30);
    expect(scoreOf(world, plugin, 'edge-1')).toBe(63);
  });

  it('measures by capacity, of which allocatable is a part', async () => {
    const world = await idleWorld();
    const node = world.nodes.get('edge-1');
    if (node !== undefined) Object.assign(node.object.status, { capacity: { cpu: '2' } });
    const plugin = targetLoadPacking(world);
    serve(world, { 'edge-1': '100m' });
    passUntil(world, 120);
    expect(scoreOf(world, plugin, 'edge-1')).toBe(59);
  });
});

describe('LoadVariationRiskBalancing', () => {
  it.each([
    { name: 'a node without metrics is avoided', served: {}, score: 0 },
    // (400m + 100m) / 1 CPU, without a deviation: half of the risk.
    { name: 'else the less it uses the better', served: { 'edge-1': '400m' }, score: 75 },
  ])('$name', async ({ served, score }) => {
    const world = await idleWorld();
    const plugin = loadVariationRiskBalancing(world);
    serve(world, served);
    passUntil(world, 120);
    expect(scoreOf(world, plugin, 'edge-1')).toBe(score);
  });
});
