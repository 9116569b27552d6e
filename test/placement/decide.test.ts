import { describe, expect, it } from 'vitest';
import { decide } from '../../src/placement/decide.ts';
import type { Decision, Question } from '../../src/placement/decision.ts';
import type { PlacementSettings } from '../../src/placement/types.ts';
import { cloudNode, metrics, NOW_MS, node, policy, question, SETTINGS, workload } from '../builders.ts';

/** An edge node whose forecast is this; threshold 3200m, limit 3800m. */
const edge = (name: string, forecastMilli: number, over: Parameters<typeof node>[0] = {}) =>
  node({ name, metrics: metrics(forecastMilli), ...over });
const cloud = (name: string, forecastMilli = 0, over: Parameters<typeof node>[0] = {}) =>
  cloudNode({ name, metrics: metrics(forecastMilli), ...over });
const full = 3100;
const overLimit = 3600;

interface Case {
  readonly name: string;
  readonly ask: Partial<Question>;
  readonly settings?: Partial<PlacementSettings>;
  readonly result: Decision['result'];
  readonly reason: Decision['reason'];
  readonly nodes: readonly string[];
}

const placed = { result: 'edge', reason: 'edge-fits' } as const;
const overflow = { result: 'overflow', reason: 'edge-above-threshold' } as const;

const cases: readonly Case[] = [
  {
    name: 'edge first: the fullest that still fits',
    ask: { candidates: [edge('a', 100), edge('b', 2900), edge('c', full), cloud('x')] },
    ...placed,
    nodes: ['b'],
  },
  {
    name: 'best fit counts room, not share: the small node before the large one',
    ask: { candidates: [edge('large', 2000), edge('small', 100, { allocatableMilli: 1000 })] },
    ...placed,
    nodes: ['small'],
  },
  { name: 'ties go by name', ask: { candidates: [edge('b', 500), edge('a', 500)] }, ...placed, nodes: ['a'] },
  {
    name: 'edgeCandidates all: every node that admits, best fit first',
    ask: { candidates: [edge('a', 100), edge('b', 2900), edge('c', full), cloud('x')] },
    settings: { edgeCandidates: 'all' },
    ...placed,
    nodes: ['b', 'a'],
  },
  {
    name: "the pod's own site first",
    ask: {
      policy: policy({ site: 'north' }),
      candidates: [edge('a', 2900, { site: 'south' }), edge('b', 100, { site: 'north' })],
    },
    ...placed,
    nodes: ['b'],
  },
  {
    name: 'another site before the cloud',
    ask: {
      policy: policy({ site: 'north' }),
      candidates: [edge('a', 100, { site: 'south' }), edge('b', full, { site: 'north' }), cloud('x')],
    },
    ...placed,
    nodes: ['a'],
  },
  {
    name: 'none admits: every cloud candidate, the idlest first',
    ask: { candidates: [edge('a', full), cloud('x', 9000), cloud('y', 300), cloud('z', 300)] },
    ...overflow,
    nodes: ['y', 'z', 'x'],
  },
  {
    name: 'no edge node among the candidates',
    ask: { candidates: [cloud('x')] },
    result: 'overflow',
    reason: 'no-edge-candidate',
    nodes: ['x'],
  },
  {
    name: 'a cloud node that is not ready or cordoned is left out',
    ask: {
      candidates: [
        edge('a', full),
        cloud('x', 0, { ready: false }),
        cloud('y', 0, { schedulable: false }),
        cloud('z'),
      ],
    },
    ...overflow,
    nodes: ['z'],
  },
  {
    name: 'no cloud node: the edge node with the most room below the limit',
    ask: { candidates: [edge('a', full), edge('b', 3000), edge('c', overLimit)] },
    result: 'overload',
    reason: 'soft-overload',
    nodes: ['b'],
  },
  {
    name: 'no cloud node and none below the limit',
    ask: { candidates: [edge('a', overLimit), edge('b', 3501)] },
    result: 'pending',
    reason: 'edge-above-limit',
    nodes: [],
  },
  {
    name: 'preemption chose this node and it is above its threshold: the scheduler looks at all nodes then',
    ask: { candidates: [edge('a', full)], nominated: true },
    result: 'pending',
    reason: 'edge-above-threshold',
    nodes: [],
  },
  {
    name: 'edge-only never goes to the cloud',
    ask: { policy: policy({ placement: 'edge-only' }), candidates: [edge('a', overLimit), cloud('x')] },
    result: 'pending',
    reason: 'edge-above-limit',
    nodes: [],
  },
  {
    name: 'edge-only above the threshold: below the limit',
    ask: { policy: policy({ placement: 'edge-only' }), candidates: [edge('a', full), cloud('x')] },
    result: 'overload',
    reason: 'soft-overload',
    nodes: ['a'],
  },
  {
    name: 'cloud-only',
    ask: { policy: policy({ placement: 'cloud-only' }), candidates: [edge('a', 0), cloud('x')] },
    result: 'cloud',
    reason: 'cloud-only',
    nodes: ['x'],
  },
  {
    name: 'cloud-only without a cloud node',
    ask: { policy: policy({ placement: 'cloud-only' }), candidates: [edge('a', 0)] },
    result: 'pending',
    reason: 'cloud-only',
    nodes: [],
  },
  {
    name: 'cloud-first',
    ask: { policy: policy({ placement: 'cloud-first' }), candidates: [edge('a', 0), cloud('x')] },
    result: 'cloud',
    reason: 'cloud-wanted',
    nodes: ['x'],
  },
  {
    name: 'cloud-first without a cloud node',
    ask: { policy: policy({ placement: 'cloud-first' }), candidates: [edge('a', 0)] },
    ...placed,
    nodes: ['a'],
  },
  {
    name: 'edge-share reached: 8 of 10 at the edge already',
    ask: {
      policy: policy({ edgeShareRatio: 0.8 }),
      pod: { ...question().pod, workload: workload({ podCount: 9, replicas: 10 }) },
      siblings: { edgePods: 8, cloudPods: 0 },
    },
    result: 'cloud',
    reason: 'edge-share',
    nodes: ['cloud-1'],
  },
  {
    name: 'edge-share not reached: the eighth of 10',
    ask: {
      policy: policy({ edgeShareRatio: 0.8 }),
      pod: { ...question().pod, workload: workload({ podCount: 9, replicas: 10 }) },
      siblings: { edgePods: 7, cloudPods: 1 },
    },
    ...placed,
    nodes: ['edge-1'],
  },
  {
    name: 'cloud-min: the first goes to the cloud',
    ask: { policy: policy({ cloudMinPods: 1 }), siblings: { edgePods: 0, cloudPods: 0 } },
    result: 'cloud',
    reason: 'cloud-min',
    nodes: ['cloud-1'],
  },
  {
    name: 'cloud-min reached',
    ask: { policy: policy({ cloudMinPods: 1 }), siblings: { edgePods: 0, cloudPods: 1 } },
    ...placed,
    nodes: ['edge-1'],
  },
  {
    name: 'not managed: as asked, unknown nodes too',
    ask: { policy: policy({ placement: 'off' }), candidates: [edge('a', overLimit)], unknownNodes: ['new'] },
    result: 'passed',
    reason: 'unmanaged',
    nodes: ['a', 'new'],
  },
  {
    name: 'a node that is not in the picture is not answered',
    ask: { candidates: [cloud('x')], unknownNodes: ['new'] },
    result: 'overflow',
    reason: 'no-edge-candidate',
    nodes: ['x'],
  },
  {
    name: 'nothing to choose from',
    ask: { candidates: [], unknownNodes: ['new'] },
    result: 'pending',
    reason: 'no-candidate',
    nodes: [],
  },
];

describe('where a pod of 300m may go', () => {
  it.each(cases)('$name', ({ ask, settings, result, reason, nodes }) => {
    const decision = decide(question(ask), { ...SETTINGS, ...settings });
    expect(decision).toMatchObject({ result, reason });
    expect(decision.nodes).toEqual(nodes);
  });

  it('tells of every candidate what it was judged by', () => {
    const candidates = [edge('a', 2000), edge('b', full), edge('c', 100), cloud('x', 640)];
    const decision = decide(question({ candidates, unknownNodes: ['new'] }), SETTINGS);
    const told = decision.candidates.map(({ node: name, verdict, reason, forecastMilli }) => [
      name,
      verdict,
      reason,
      forecastMilli,
    ]);
    expect(told).toEqual([
      ['a', 'answered', 'edge-fits', 2000],
      ['b', 'refused', 'edge-above-threshold', 3100],
      ['c', 'refused', 'better-edge-fit', 100],
      ['x', 'refused', 'edge-preferred', 640],
      ['new', 'refused', 'node-unknown', undefined],
    ]);
    expect(decision.candidates[0]).toEqual({
      node: 'a',
      tier: 'edge',
      site: undefined,
      freshness: 'fresh',
      usageMilli: 2000,
      forecastMilli: 2000,
      estimateMilli: 300,
      allocatableMilli: 4000,
      thresholdMilli: 3200,
      limitMilli: 3800,
      closed: false,
      verdict: 'answered',
      reason: 'edge-fits',
    });
    expect(decision).toMatchObject({ atMs: NOW_MS, estimate: { milli: 300, source: 'annotated' } });
  });

  it.each([
    { placement: 'cloud-only', edgeReason: 'cloud-only', cloudReason: 'cloud-wanted' },
    { placement: 'edge-only', edgeReason: 'edge-fits', cloudReason: 'edge-only' },
    { placement: 'cloud-first', edgeReason: 'cloud-preferred', cloudReason: 'cloud-wanted' },
  ] as const)(
    'says why the other tier was left out: $placement',
    ({ placement, edgeReason, cloudReason }) => {
      const { candidates } = decide(question({ policy: policy({ placement }) }), SETTINGS);
      expect(candidates.map(({ reason }) => reason)).toEqual([edgeReason, cloudReason]);
    },
  );
});
