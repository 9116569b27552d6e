import { describe, expect, it } from 'vitest';
import { forecastNode } from '../../src/placement/forecast.ts';
import type { NodeFacts } from '../../src/placement/types.ts';
import {
  maturePod,
  metrics,
  NOW_MS,
  node,
  pod,
  SETTINGS,
  sample,
  WINDOW_MS,
  workload,
  workloadSample,
} from '../builders.ts';

const reserved = pod({ name: 'reserved', annotatedMilli: 300 });
const missing = { missing: true } as const;

interface Case {
  readonly name: string;
  readonly node: NodeFacts;
  readonly forecastMilli: number;
}

const pair = [maturePod(400, { name: 'a' }), maturePod(500, { name: 'b' })];

/** Measured on other nodes: 1000m in all, of ten replicas. */
const busy = workload({ podCount: 10, samples: [workloadSample(1000)] });

const cases: readonly Case[] = [
  {
    name: 'overhead and measured pods',
    node: node({ metrics: metrics(1000, { podUsageMilli: 900 }), pods: pair }),
    forecastMilli: 1000,
  },
  {
    name: 'a reservation on top',
    node: node({ metrics: metrics(1000, { podUsageMilli: 900 }), pods: [...pair, reserved] }),
    forecastMilli: 1300,
  },
  {
    name: 'a pod that became ready within the window counts by its estimate',
    node: node({
      metrics: metrics(2600, { podUsageMilli: 2500 }),
      pods: [
        maturePod(2400, { name: 'old' }),
        pod({
          name: 'young',
          annotatedMilli: 400,
          readyAtMs: NOW_MS - WINDOW_MS / 2,
          usage: sample(100),
        }),
      ],
    }),
    forecastMilli: 2900,
  },
  {
    name: 'a measured pod that has gone since',
    node: node({ metrics: metrics(3000, { podUsageMilli: 3000 }), pods: [maturePod(2200)] }),
    forecastMilli: 2200,
  },
  {
    name: 'no pod metrics: the part of the window that a pod missed is still to come',
    node: node({
      metrics: metrics(2000, { podUsageMilli: undefined }),
      pods: [pod({ annotatedMilli: 300, startedAtMs: NOW_MS - 5000 })],
    }),
    forecastMilli: 2200,
  },
  {
    name: 'no pod metrics: what the pods used that have gone is given back',
    node: node({ metrics: metrics(2000, { podUsageMilli: undefined, goneUsageMilli: 700 }) }),
    forecastMilli: 1300,
  },
  {
    name: 'no pod metrics: a pod that ran all along is in the usage, one not yet started is not',
    node: node({
      metrics: metrics(2000, { podUsageMilli: undefined }),
      pods: [pod({ name: 'old', annotatedMilli: 300, startedAtMs: NOW_MS - 60_000 }), reserved],
    }),
    forecastMilli: 2300,
  },
  {
    name: 'missing from the last scrapes: last values, or estimates where they are higher',
    node: node({
      metrics: metrics(3100, { podUsageMilli: 3100, ...missing }),
      pods: [maturePod(3000, { name: 'big' }), maturePod(100, { name: 'small', annotatedMilli: 300 })],
    }),
    forecastMilli: 3300,
  },
  {
    name: 'never seen in metrics: by requests, the default where there is none',
    node: node({
      metrics: undefined,
      pods: [pod({ name: 'a', requestMilli: 1400, annotatedMilli: 9 }), pod({ name: 'b' })],
    }),
    forecastMilli: 1500,
  },
  {
    name: 'never seen in metrics: an estimate above the request counts',
    node: node({
      metrics: undefined,
      pods: [pod({ name: 'a', requestMilli: 10, annotatedMilli: 150 })],
    }),
    forecastMilli: 150,
  },
  {
    name: 'never seen in metrics since a restart, and full: its replicas count what their siblings elsewhere use',
    node: node({
      metrics: undefined,
      pods: ['a', 'b', 'c'].map((name) => pod({ name, sharing: 'shared', workload: busy, requestMilli: 50 })),
    }),
    forecastMilli: 300,
  },
  {
    name: 'unknown for long: never emptier than it was last seen, however small its requests',
    node: node({
      metrics: metrics(3100, { podUsageMilli: 3100, advancedAtMs: NOW_MS - 600_000 }),
      pods: [maturePod(3100, { requestMilli: 10 })],
    }),
    forecastMilli: 3100,
  },
];

describe('forecast of an edge node', () => {
  it.each(cases)('$name', ({ node: facts, forecastMilli }) => {
    expect(forecastNode(facts, SETTINGS, NOW_MS).milli).toBeCloseTo(forecastMilli, 6);
  });

  it.each([
    { unknownMetrics: 'treat-as-full', forecastMilli: 1000 },
    { unknownMetrics: 'treat-as-usable', forecastMilli: 200 },
    { unknownMetrics: 'pack-by-requests', forecastMilli: 1000 },
  ] as const)('a node never seen in metrics, $unknownMetrics', ({ unknownMetrics, forecastMilli }) => {
    const unseen = node({ metrics: undefined, pods: [pod({ requestMilli: 1000, annotatedMilli: 200 })] });
    expect(forecastNode(unseen, { ...SETTINGS, unknownMetrics }, NOW_MS).milli).toBe(forecastMilli);
  });
});
