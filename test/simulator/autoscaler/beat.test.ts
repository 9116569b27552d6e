import { describe, expect, it } from 'vitest';
import type { SimulationResult } from '../../../src/outcome/result.ts';
import { deploymentDocument, runOf, type TraceDocument, WORKLOAD } from '../traces.ts';

const AUTOSCALER = {
  metadata: { name: 'web', namespace: 'fn' },
  spec: {
    scaleTargetRef: { kind: 'Deployment', name: 'web' },
    maxReplicas: 10,
    metrics: [
      {
        type: 'Resource',
        resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 50 } },
      },
    ],
  },
};

/** Four replicas have what they need; from the scrape at 0:55 on one would do. The sync at 1:15 is the first to see it. */
function fallingDemand(autoscaling: TraceDocument, behavior?: TraceDocument): Promise<SimulationResult> {
  const { spec } = AUTOSCALER;
  return runOf({
    duration: '8m',
    deployments: [deploymentDocument(4)],
    horizontalPodAutoscalers: [{ ...AUTOSCALER, spec: behavior ? { ...spec, behavior } : spec }],
    load: [
      {
        type: 'demand',
        deployment: WORKLOAD,
        points: [
          { at: '55s', cpu: '200m' },
          { at: '55s', cpu: '40m' },
        ],
      },
    ],
    metricsServer: { phase: '10s' },
    autoscaling,
  });
}

// The clock of a trace begins before its second 0; the first sync is at second 0.
const sinceFirstSync = ({ autoscalers }: SimulationResult, atMs: number) =>
  (atMs - (autoscalers[0]?.syncs[0]?.atMs ?? Number.NaN)) / 1000;
const scalings = (result: SimulationResult) =>
  result.scalings.map(({ atMs, to }) => [sinceFirstSync(result, atMs), to]);

describe('the beat of an autoscaler', () => {
  // workqueue's AddRateLimited comes after the sync (horizontal.go, processNextWorkItem).
  it.each([
    { autoscaling: { syncDuration: '0s' }, stepSeconds: 15 },
    { autoscaling: {}, stepSeconds: 15.01 },
    { autoscaling: { syncDuration: '100ms' }, stepSeconds: 15.1 },
    { autoscaling: { syncPeriod: '5s', syncDuration: '250ms' }, stepSeconds: 5.25 },
  ])('is the period and how long a sync takes: $stepSeconds s', async ({ autoscaling, stepSeconds }) => {
    const result = await fallingDemand(autoscaling);
    const turns = (result.autoscalers[0]?.syncs ?? []).map(
      ({ atMs }) => sinceFirstSync(result, atMs) / stepSeconds,
    );
    expect(turns.length).toBeGreaterThan(3);
    for (const turn of turns) expect(turn).toBeCloseTo(Math.round(turn), 9);
  });

  it('brings a scale-down one sync earlier, as what was proposed 20 syncs ago is older than 300 s', async () => {
    expect(scalings(await fallingDemand({ syncDuration: '0s' }))).toEqual([[375, 1]]);
    expect(scalings(await fallingDemand({}))).toEqual([[360.24, 1]]);
  });

  it('changes no step with behavior, which does not count what is exactly as old', async () => {
    const behavior = { scaleDown: { stabilizationWindowSeconds: 300 } };
    expect(scalings(await fallingDemand({ syncDuration: '0s' }, behavior))).toEqual([[360, 1]]);
    expect(scalings(await fallingDemand({}, behavior))).toEqual([[360.24, 1]]);
  });
});
