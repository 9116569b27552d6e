import { describe, expect, it } from 'vitest';
import { canTake, isBelowLimit, judgeEdge } from '../../src/placement/admission.ts';
import type { NodeFacts } from '../../src/placement/types.ts';
import { maturePod, metrics, NOW_MS, node, pod, SETTINGS } from '../builders.ts';

/** With no other pod on it, its forecast is what was measured. */
const using = (milli: number, closed = false) => node({ closed, metrics: metrics(milli) });

/** Why the node by itself does not take a pod of 300m; undefined: it takes it. */
function refusalOf(facts: NodeFacts, ownThresholdRatio?: number, settings = SETTINGS) {
  const candidate = judgeEdge(facts, { estimateMilli: 300, ownThresholdRatio }, settings, NOW_MS);
  return canTake(candidate) ? undefined : candidate.reason;
}

// An edge node of 4000m: threshold 3200m, resume 2800m, limit 3800m. The pod asked about is of 300m.
describe('admission to an edge node', () => {
  it.each([
    { name: 'room below the threshold', facts: using(1000), refusal: undefined },
    { name: 'the threshold itself is allowed', facts: using(2900), refusal: undefined },
    {
      name: 'too little room below the threshold',
      facts: using(2950),
      refusal: 'edge-above-threshold',
    },
    {
      name: 'a gate that shut at the threshold stays shut above resume',
      facts: using(2900, true),
      refusal: 'edge-not-resumed',
    },
    { name: 'a gate at resume itself stays shut', facts: using(2800, true), refusal: 'edge-not-resumed' },
    { name: 'a gate opens below resume', facts: using(2799, true), refusal: undefined },
    {
      name: 'missing from the last scrapes: not idle, but what its pods used last',
      facts: node({
        metrics: metrics(3100, { podUsageMilli: 3100, missing: true }),
        pods: [maturePod(3000, { name: 'big' }), maturePod(100, { name: 'small', annotatedMilli: 300 })],
      }),
      refusal: 'edge-above-threshold',
    },
    {
      name: 'unknown for long: not below what it was last seen at, however small its requests',
      facts: node({
        metrics: metrics(3100, { podUsageMilli: 3100, advancedAtMs: NOW_MS - 600_000 }),
        pods: [maturePod(3100, { requestMilli: 10 })],
      }),
      refusal: 'edge-above-threshold',
    },
  ])('$name', ({ facts, refusal }) => {
    expect(refusalOf(facts)).toBe(refusal);
  });

  it.each([
    { unknownMetrics: 'treat-as-full', refusal: 'edge-metrics-unknown' },
    { unknownMetrics: 'treat-as-usable', refusal: undefined },
    { unknownMetrics: 'pack-by-requests', refusal: undefined },
  ] as const)('a node never seen in metrics, $unknownMetrics', ({ unknownMetrics, refusal }) => {
    const unseen = node({ metrics: undefined, pods: [pod({ requestMilli: 1000, annotatedMilli: 200 })] });
    expect(refusalOf(unseen, undefined, { ...SETTINGS, unknownMetrics })).toBe(refusal);
  });

  it.each([
    { state: { ready: false }, refusal: 'node-not-ready' },
    { state: { schedulable: false }, refusal: 'node-cordoned' },
  ])('$refusal: left out, also below the limit', ({ state, refusal }) => {
    expect(refusalOf(node(state))).toBe(refusal);
    expect(isBelowLimit(judgeEdge(node(state), { estimateMilli: 300 }, SETTINGS, NOW_MS))).toBe(false);
  });

  it("a pod's own threshold replaces the node's, and its gate", () => {
    const closed = using(2900, true);
    expect(refusalOf(closed, 0.9)).toBeUndefined();
    expect(refusalOf(closed, 0.75)).toBe('edge-above-threshold');
  });

  it.each([
    { forecastMilli: 3199, closed: false },
    { forecastMilli: 3200, closed: true },
  ])('the gate is shut at the threshold: $forecastMilli', ({ forecastMilli, closed }) => {
    expect(judgeEdge(using(forecastMilli), { estimateMilli: 1 }, SETTINGS, NOW_MS).closed).toBe(closed);
  });
});
