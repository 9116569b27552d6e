import { describe, expect, it } from 'vitest';
import { runOf, scaleEvent } from './traces.ts';

describe('Spillway in the simulation', () => {
  it('reads metrics at the beat of its poller, once they are served', async () => {
    const { nodes, startMs } = await runOf({
      configuration: { metrics: { pollInterval: '4s' } },
      metricsServer: { phase: '5s', delay: '2s' },
      duration: '1m',
    });
    const seen = nodes[0]?.measured.map(({ atMs, sampleEndMs }) => [
      (atMs - startMs) / 1000,
      (sampleEndMs - startMs) / 1000,
    ]);
    // Scraped at 5 s and every 15 s after, served 2 s later, read at the next multiple of 4 s.
    expect(seen).toEqual([
      [8, 5],
      [24, 20],
      [40, 35],
      [52, 50],
    ]);
  });

  it('knows the replicas that are wanted before it is asked about the first of them', async () => {
    const { decisions, pods } = await runOf({ events: [scaleEvent('60s', 5)] });
    // 100m in all, shared by the five that are wanted: not by the two that exist when the first is placed.
    const second = decisions[pods[1]?.attempts[0]?.decision ?? -1];
    expect(second?.estimate).toEqual({ milli: expect.closeTo(20), source: 'shared' });
  });

  it('counts the pods it has just sent to a node, though none is bound yet', async () => {
    const { decisions } = await runOf({
      scheduler: { binding: '5s' },
      deployments: [
        {
          metadata: { name: 'web', namespace: 'fn' },
          spec: {
            replicas: 10,
            template: {
              metadata: { annotations: { 'spillway.dev/cpu-estimate': '150m' } },
              spec: { containers: [{ resources: { requests: { cpu: '10m' } } }] },
            },
          },
        },
      ],
    });
    const results = decisions.map(({ result }) => result);
    expect(results).toEqual([...Array(5).fill('edge'), ...Array(5).fill('overflow')]);
  });

  it('takes annotations from the pod template, and policies from the configuration', async () => {
    const configuration = {
      placement: { rules: [{ namespaces: ['fn'], set: { placement: 'cloud-first' } }] },
    };
    const { pods, decisions } = await runOf({ configuration });
    expect(pods[0]?.tier).toBe('cloud');
    expect(decisions[0]).toMatchObject({ result: 'cloud', reason: 'cloud-wanted' });
  });

  it('leaves a cordoned edge node out, and takes it again', async () => {
    const { pods } = await runOf({
      events: [
        { at: '10s', cordon: 'edge-1' },
        scaleEvent('20s', 2),
        { at: '30s', uncordon: 'edge-1' },
        scaleEvent('40s', 3),
      ],
    });
    expect(pods.map(({ node }) => node)).toEqual(['edge-1', 'cloud-1', 'edge-1']);
  });

  it('is told the truth about lost scrapes: a node that is missing is never idle', async () => {
    const { decisions } = await runOf({
      metricsServer: { phase: '5s', lost: [{ node: 'edge-1', from: '30s', to: '90s' }] },
      events: [scaleEvent('70s', 2)],
      load: [{ type: 'recordedCpu', deployment: 'fn/web', points: [{ at: '0s', cpu: '750m' }] }],
      duration: '100s',
    });
    const edge = decisions.at(-1)?.candidates.find(({ node }) => node === 'edge-1');
    expect(edge).toMatchObject({ freshness: 'ageing' });
    expect(edge?.forecastMilli).toBeGreaterThan(300);
  });
});
