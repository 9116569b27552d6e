import { describe, expect, it } from 'vitest';
import type { SimulationResult } from '../../../src/simulator/result.ts';
import { deploymentDocument, nodeDocument, runOf, scaleEvent, type TraceDocument } from '../traces.ts';

const seconds = ({ startMs }: SimulationResult, atMs: number | undefined) =>
  atMs === undefined ? undefined : (atMs - startMs) / 1000;

function attemptsOf(result: SimulationResult, name: string): readonly (number | undefined)[] {
  const pod = result.pods.find((candidate) => candidate.name === name);
  return (pod?.attempts ?? []).map(({ atMs }) => seconds(result, atMs));
}

/** Two pods of 900m, one node of 1 CPU: the second waits. */
async function crowded(events: readonly TraceDocument[], duration = '2m', over: TraceDocument = {}) {
  return runOf({
    duration,
    nodes: [nodeDocument('cloud-1', '1')],
    deployments: [deploymentDocument(2, '900m')],
    events,
    ...over,
  });
}

describe('the scheduler’s queue', () => {
  it('takes one pod at a time, the longest waiting first', async () => {
    const result = await runOf({
      deployments: [deploymentDocument(4)],
      scheduler: { cycle: '10ms', watch: '5ms', binding: '100ms' },
    });
    const starts = result.pods.map(({ attempts }) => seconds(result, attempts[0]?.atMs));
    expect(result.pods.map(({ name }) => name)).toEqual(['web-1', 'web-2', 'web-3', 'web-4']);
    expect(starts).toEqual([0.005, 0.015, 0.025, 0.035]);
  });

  it('counts a pod that is assumed and not yet bound', async () => {
    const result = await crowded([], '10s', { scheduler: { binding: '5s' } });
    expect(result.pods.map(({ node }) => node)).toEqual(['cloud-1', undefined]);
    expect(result.pods[1]?.attempts[0]?.reasons).toEqual({ 'Insufficient cpu': 1 });
  });

  it('retries a pod that no node took when a pod has gone', async () => {
    const result = await crowded([scaleEvent('60s', 1), scaleEvent('70s', 2)]);
    // The pending pod goes first (unassigned before assigned); a new one takes its place.
    expect(result.pods.map(({ name, goneAtMs }) => [name, seconds(result, goneAtMs)])).toEqual([
      ['web-1', undefined],
      ['web-2', 60],
      ['web-3', undefined],
    ]);
    expect(attemptsOf(result, 'web-3')).toEqual([70.005]);
  });

  it('waits out the back-off, which doubles from 1 s to 10 s', async () => {
    const cordons = Array.from({ length: 60 }, (_, index) => ({
      at: `${10 + index}s`,
      ...(index % 2 === 0 ? { cordon: 'cloud-1' } : { uncordon: 'cloud-1' }),
    }));
    const result = await crowded(cordons);
    const attempts = attemptsOf(result, 'web-2').map((at) => at ?? 0);
    const gaps = attempts.slice(1).map((at, index) => Math.round(at - (attempts[index] ?? 0)));
    // After the first event, at 10 s, there is one every second.
    expect(gaps.slice(1, 6)).toEqual([2, 4, 8, 10, 10]);
  });

  it('tries again after five minutes when nothing happens', async () => {
    const result = await crowded([], '11m');
    expect(attemptsOf(result, 'web-2')).toEqual([0.007, 300.007, 600.007]);
  });

  it('does without Spillway when the trace says so', async () => {
    const result = await runOf({ scheduler: { extender: 'none' }, deployments: [deploymentDocument(6)] });
    expect(result.decisions).toEqual([]);
    expect(result.pods.every(({ node }) => node !== undefined)).toBe(true);
  });
});

describe('pods that Spillway keeps pending', () => {
  it('are asked about again when another pod is bound', async () => {
    const annotations = { 'spillway.dev/placement': 'edge-only', 'spillway.dev/cpu-estimate': '500m' };
    const deployment = deploymentDocument(2, '10m');
    const result = await runOf({
      deployments: [
        {
          ...deployment,
          spec: {
            replicas: 2,
            template: {
              metadata: { annotations },
              spec: { containers: [{ resources: { requests: { cpu: '10m' } } }] },
            },
          },
        },
      ],
      load: [],
      duration: '30s',
    });
    const [first, second] = result.pods;
    expect(first?.node).toBe('edge-1');
    expect(second?.node).toBeUndefined();
    // Refused in the cycle after the first pod's, and again a back-off later: binding it was an event.
    expect(attemptsOf(result, 'web-2')).toEqual([0.007, 1.007]);
    expect(second?.attempts[0]?.reasons).toMatchObject({ 'edge CPU above limit': 1 });
  });
});
