import { describe, expect, it } from 'vitest';
import { runUntil, schedule } from '../../../src/simulator/engine/timeline.ts';
import { createCpu, settleAll } from '../../../src/simulator/model/cpu.ts';
import type { LoadModel } from '../../../src/simulator/model/load.ts';
import { startMetricsServer } from '../../../src/simulator/model/metrics-server.ts';
import { clockMs, createWorld, type ServedMetrics, serves } from '../../../src/simulator/model/world.ts';
import { type TraceDocument, traceDocument, traceOf } from '../traces.ts';
import { simNode, simPod } from './pods.ts';

/** Every pod that serves uses 100m, the system 50m. */
const LOAD: LoadModel = {
  podMilli: (pod) => (serves(pod) ? 100 : 0),
  replicaMilli: () => 100,
  overheadMilli: () => 50,
  breaks: [],
};

interface Look {
  readonly atSeconds: number;
  readonly nodes: Readonly<Record<string, string>>;
  readonly pods: Readonly<Record<string, string>>;
}

/** What is served, by time, of an edge node whose pod starts at `startSeconds`. */
async function looksOf(startSeconds: number, metricsServer: TraceDocument, untilSeconds = 90) {
  const trace = await traceOf(traceDocument({ metricsServer }));
  const node = simNode('edge-1');
  const world = createWorld(trace, [node], clockMs(0));
  const cpu = createCpu(world, LOAD);
  const pod = simPod('web-1', { node });
  schedule(world.timeline, clockMs(startSeconds * 1000), () => {
    settleAll(cpu);
    node.pods.add(pod);
    pod.startedAtMs = world.timeline.nowMs;
    pod.readyAtMs = world.timeline.nowMs;
  });
  const looks: Look[] = [];
  startMetricsServer(world, cpu, () => {
    const { served } = world.metricsApi;
    if (served !== undefined) looks.push(lookOf(served, world.timeline.nowMs));
  });
  runUntil(world.timeline, clockMs(untilSeconds * 1000));
  return looks;
}

function lookOf({ nodes, pods }: ServedMetrics, nowMs: number): Look {
  const text = (cpu: string | undefined, window: string | undefined) =>
    `${Math.round(Number.parseInt(cpu ?? '', 10) / 1e6)}m over ${window}`;
  return {
    atSeconds: (nowMs - clockMs(0)) / 1000,
    nodes: Object.fromEntries(
      nodes.map(({ metadata, usage, window }) => [metadata?.name, text(usage?.['cpu'], window)]),
    ),
    pods: Object.fromEntries(
      pods.map(({ metadata, containers, window }) => [
        metadata?.name,
        text(containers?.[0]?.usage?.['cpu'], window),
      ]),
    ),
  };
}

const at = (looks: readonly Look[], atSeconds: number) => looks.find((look) => look.atSeconds === atSeconds);

describe('metrics-server', () => {
  it('scrapes at its phase and resolution, and serves after its delay', async () => {
    const looks = await looksOf(0, { resolution: '15s', phase: '5s', delay: '2s' });
    expect(looks.map(({ atSeconds }) => atSeconds)).toEqual([7, 22, 37, 52, 67, 82]);
  });

  it('serves a node from its second scrape on (pkg/storage/node.go: two points)', async () => {
    const looks = await looksOf(0, { phase: '5s', delay: '0s' });
    expect(at(looks, 5)?.nodes).toEqual({});
    expect(at(looks, 20)?.nodes).toEqual({ 'edge-1': '150m over 15s' });
  });

  it.each([
    { freshContainers: 'kubelet', startSeconds: 9, servedAt: 20, text: '100m over 11s' },
    // Younger than 10 s at its first scrape: pkg/storage/pod.go, freshContainerMinMetricsResolution.
    { freshContainers: 'kubelet', startSeconds: 11, servedAt: 35, text: '100m over 15s' },
    // Not started before the point of 5 s was taken: that point is not one of this container's.
    { freshContainers: 'kubelet', startSeconds: 5, servedAt: 35, text: '100m over 15s' },
    // Its counter begins at its first scrape, at 0.
    { freshContainers: 'kwok', startSeconds: 9, servedAt: 50, text: '100m over 15s' },
    { freshContainers: 'kwok', startSeconds: 19, servedAt: 50, text: '100m over 15s' },
  ])(
    '$freshContainers: a pod started at $startSeconds s is first served at $servedAt s, $text',
    async ({ freshContainers, startSeconds, servedAt, text }) => {
      const looks = await looksOf(startSeconds, { phase: '5s', delay: '0s', freshContainers });
      const first = looks.find(({ pods }) => 'web-1' in pods);
      expect(first?.atSeconds).toBe(servedAt);
      expect(first?.pods).toEqual({ 'web-1': text });
    },
  );

  it('gives the mean over the window, the node with its pods', async () => {
    // Ready for 5 of the 15 s.
    const looks = await looksOf(30, { phase: '5s', delay: '0s', freshContainers: 'kwok' });
    expect(at(looks, 35)?.nodes).toEqual({ 'edge-1': '83m over 15s' });
    expect(at(looks, 50)?.pods).toEqual({});
    expect(at(looks, 65)?.pods).toEqual({ 'web-1': '100m over 15s' });
  });

  it('loses both points of a node, and of its pods, with one failed scrape', async () => {
    const lost = [{ node: 'edge-1', from: '30s', to: '40s' }];
    const looks = await looksOf(0, { phase: '5s', delay: '0s', lost });
    const seen = looks.map(({ atSeconds, nodes, pods }) => [atSeconds, 'edge-1' in nodes, 'web-1' in pods]);
    expect(seen).toEqual([
      [5, false, false],
      [20, true, true],
      [35, false, false],
      [50, false, false],
      [65, true, true],
      [80, true, true],
    ]);
  });
});
