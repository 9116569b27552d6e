import { describe, expect, it } from 'vitest';
import { canTake, isBelowLimit, judgeEdge } from '../../src/placement/admission.ts';
import { forecastNode } from '../../src/placement/forecast.ts';
import type { NodeFacts } from '../../src/placement/types.ts';
import { maturePod, metrics, NOW_MS, node, pod, SETTINGS, sample, WINDOW_MS } from '../builders.ts';

const reserved = pod({ name: 'reserved', annotatedMilli: 300 });
const missing = { missing: true } as const;

interface Case {
  readonly name: string;
  readonly node: NodeFacts;
  readonly forecastMilli: number;
  readonly refusal?: string;
}

const pair = [maturePod(400, { name: 'a' }), maturePod(500, { name: 'b' })];

// An edge node of 4000m: threshold 3200m, resume 2800m, limit 3800m. The pod asked about is of 300m.
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
    name: 'too little room below the threshold',
    node: node({ metrics: metrics(2950, { podUsageMilli: 2900 }), pods: [maturePod(2900)] }),
    forecastMilli: 2950,
    refusal: 'edge-above-threshold',
  },
  {
    name: 'a pod that became ready within the window counts by its estimate; the threshold itself is allowed',
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
    name: 'a gate that shut at the threshold stays shut above resume',
    node: node({ closed: true, metrics: metrics(2900, { podUsageMilli: 2900 }), pods: [maturePod(2900)] }),
    forecastMilli: 2900,
    refusal: 'edge-not-resumed',
  },
  {
    name: 'a gate at resume itself stays shut',
    node: node({ closed: true, metrics: metrics(2800, { podUsageMilli: 2800 }), pods: [maturePod(2800)] }),
    forecastMilli: 2800,
    refusal: 'edge-not-resumed',
  },
  {
    name: 'a gate opens below resume',
    node: node({ closed: true, metrics: metrics(2799, { podUsageMilli: 2799 }), pods: [maturePod(2799)] }),
    forecastMilli: 2799,
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
    refusal: 'edge-above-threshold',
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
    name: 'unknown for long: never emptier than it was last seen, however small its requests',
    node: node({
      metrics: metrics(3100, { podUsageMilli: 3100, advancedAtMs: NOW_MS - 600_000 }),
      pods: [maturePod(3100, { requestMilli: 10 })],
    }),
    forecastMilli: 3100,
    refusal: 'edge-above-threshold',
  },
];

/** Why the node by itself does not take a pod of 300m; undefined: it takes it. */
function refusalOf(facts: NodeFacts, ownThresholdRatio?: number, settings = SETTINGS) {
  const candidate = judgeEdge(facts, { estimateMilli: 300, ownThresholdRatio }, settings, NOW_MS);
  return canTake(candidate) ? undefined : candidate.reason;
}

describe('forecast and admission of an edge node', () => {
  it.each(cases)('$name', ({ node: facts, forecastMilli, refusal }) => {
    expect(forecastNode(facts, SETTINGS, NOW_MS).milli).toBeCloseTo(forecastMilli, 6);
    expect(refusalOf(facts)).toBe(refusal);
  });

  it.each([
    { unknownMetrics: 'treat-as-full', refusal: 'edge-metrics-unknown', forecastMilli: 1000 },
    { unknownMetrics: 'treat-as-usable', refusal: undefined, forecastMilli: 200 },
    { unknownMetrics: 'pack-by-requests', refusal: undefined, forecastMilli: 1000 },
  ] as const)('a node never seen in metrics, $unknownMetrics', (row) => {
    const settings = { ...SETTINGS, unknownMetrics: row.unknownMetrics };
    const unseen = node({ metrics: undefined, pods: [pod({ requestMilli: 1000, annotatedMilli: 200 })] });
    expect(forecastNode(unseen, settings, NOW_MS).milli).toBe(row.forecastMilli);
    expect(refusalOf(unseen, undefined, settings)).toBe(row.refusal);
  });

  it.each([
    { state: { ready: false }, refusal: 'node-not-ready' },
    { state: { schedulable: false }, refusal: 'node-cordoned' },
  ])('$refusal: left out, also below the limit', ({ state, refusal }) => {
    expect(refusalOf(node(state))).toBe(refusal);
    expect(isBelowLimit(judgeEdge(node(state), { estimateMilli: 300 }, SETTINGS, NOW_MS))).toBe(false);
  });

  it("a pod's own threshold replaces the node's, and its gate", () => {
    const closed = node({ closed: true, metrics: metrics(2900) });
    expect(refusalOf(closed, 0.9)).toBeUndefined();
    expect(refusalOf(closed, 0.75)).toBe('edge-above-threshold');
  });

  it.each([
    { forecastMilli: 3199, closed: false },
    { forecastMilli: 3200, closed: true },
  ])('the gate is shut at the threshold: $forecastMilli', ({ forecastMilli, closed }) => {
    const at = node({ metrics: metrics(forecastMilli) });
    expect(judgeEdge(at, { estimateMilli: 1 }, SETTINGS, NOW_MS).closed).toBe(closed);
  });
});
