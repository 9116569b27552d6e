import { expect, test } from 'vitest';
import {
  type AutoscalerNotes,
  autoscalerResults,
  autoscalerSeen,
  isActing,
  type SeenAutoscaler,
} from '../../src/rehearsal/autoscalers.ts';
import { scaleEvent, traceDocument, traceOf } from '../simulator/traces.ts';

const metadata = { name: 'web', namespace: 'fn' };
const HPA = {
  metadata,
  spec: { scaleTargetRef: { kind: 'Deployment', name: 'web' }, maxReplicas: 9 },
};

function seen(status: SeenAutoscaler['status']): SeenAutoscaler {
  return { metadata, status };
}

const SCALING: SeenAutoscaler['status'] = {
  currentReplicas: 2,
  desiredReplicas: 4,
  currentMetrics: [{ resource: { current: { averageUtilization: 120, averageValue: '156m' } } }],
  conditions: [
    { type: 'AbleToScale', status: 'True', reason: 'SucceededRescale' },
    { type: 'ScalingLimited', status: 'False', reason: 'DesiredWithinRange' },
  ],
};

async function syncsOf(...statuses: readonly SeenAutoscaler['status'][]) {
  const notes: AutoscalerNotes = new Map();
  for (const [index, status] of statuses.entries()) autoscalerSeen(notes, seen(status), index * 1000);
  const trace = await traceOf(traceDocument({ horizontalPodAutoscalers: [HPA] }));
  const events = new Map([['fn/web', [{ atMs: 0, type: 'Normal', reason: 'R', message: 'm' } as const]]]);
  return autoscalerResults(trace, notes, events)[0];
}

test.each([
  { events: [], acts: true },
  { events: [scaleEvent('10s', 2)], acts: false },
  { events: [{ at: '10s', cordon: 'edge-1' }], acts: true },
])('with events $events one acts: $acts', async ({ events, acts }) => {
  const trace = await traceOf(traceDocument({ horizontalPodAutoscalers: [HPA], events }));
  expect(trace.horizontalPodAutoscalers.map((object) => isActing(trace, object))).toEqual([acts]);
  expect(autoscalerResults(trace, new Map(), new Map())).toHaveLength(acts ? 1 : 0);
});

test('a status is a sync, with its conditions as a simulation writes them', async () => {
  expect(await syncsOf(SCALING)).toEqual({
    autoscaler: 'fn/web',
    workload: 'fn/web',
    syncs: [
      {
        atMs: 0,
        currentReplicas: 2,
        desiredReplicas: 4,
        utilizationPercent: 120,
        averageMilli: 156,
        conditions: { AbleToScale: 'SucceededRescale', ScalingLimited: '!DesiredWithinRange' },
      },
    ],
    events: [{ atMs: 0, type: 'Normal', reason: 'R', message: 'm' }],
  });
});

test('a status that says the same again is no new sync, and one from before the first sync is none', async () => {
  const { syncs = [] } = (await syncsOf({}, SCALING, SCALING, { ...SCALING, currentReplicas: 4 })) ?? {};
  expect(syncs.map(({ atMs, currentReplicas }) => [atMs, currentReplicas])).toEqual([
    [1000, 2],
    [3000, 4],
  ]);
});

test('without a metric there is no utilisation', async () => {
  const { syncs = [] } = (await syncsOf({ ...SCALING, currentMetrics: null })) ?? {};
  expect(syncs[0]).toMatchObject({ utilizationPercent: undefined, averageMilli: undefined });
});
