import { describe, expect, it } from 'vitest';
import type { SimulationResult } from '../../src/outcome/result.ts';
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

describe('metrics-server', () => {
  /** Ends of the samples of the edge node, from the first minute's end on where `from` is 60. */
  const measured = (result: SimulationResult, from = 0) =>
    (result.nodes[0]?.measured ?? [])
      .map(({ sampleEndMs }) => seconds(result, sampleEndMs) ?? 0)
      .filter((end) => end >= from);

  it('down, it serves nothing; up again, it needs two scrapes', async () => {
    const result = await run({
      duration: '2m',
      metricsServer: { resolution: '10s', phase: '5s' },
      events: [
        { at: '31s', down: 'metrics-server' },
        { at: '62s', up: 'metrics-server' },
      ],
    });
    expect(measured(result)).toEqual([5, 15, 25, 75, 85, 95, 105, 115]);
  });

  it.each([
    { failures: [{ tier: 'edge' }], some: false, what: 'every scrape of the tier' },
    { failures: [{ tier: 'cloud' }], some: true, what: 'none of the other tier' },
    { failures: [{ node: 'edge-1', saturatedAbove: 0.9 }], some: true, what: 'none of a node with CPU left' },
    { failures: [{ node: 'edge-1', saturatedAbove: 0.02 }], some: false, what: 'those of a busy node' },
  ])('fails $what', async ({ failures, some }) => {
    const result = await run({ metricsServer: { failures } });
    expect(measured(result, 60).length > 0).toBe(some);
  });

  it('fails by chance as often as the trace says', async () => {
    const result = await run({
      duration: '4h',
      metricsServer: { failures: [{ node: 'edge-1', probability: 0.2 }] },
    });
    // A sample needs two good scrapes: 0.8².
    const scrapes = (4 * 3600) / 15;
    expect(measured(result).length / scrapes).toBeCloseTo(0.64, 1);
  });
});

describe('the extender is down', () => {
  it('pods wait for it, and are placed when it is back', async () => {
    const result = await run({
      events: [
        { at: '10s', down: 'extender' },
        { at: '20s', scale: { deployment: 'fn/web', replicas: 3 } },
        { at: '60s', up: 'extender' },
      ],
    });
    const bound = seconds(result, result.pods[2]?.boundAtMs) ?? 0;
    expect(bound).toBeGreaterThan(60);
    expect(bound).toBeLessThanOrEqual(71);
  });
});
