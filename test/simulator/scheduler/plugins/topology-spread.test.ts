import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { NodeInfo } from '../../../../src/simulator/scheduler/node-info.ts';
import { topologySpreadFilter } from '../../../../src/simulator/scheduler/plugins/topology-spread.ts';
import { topologySpreadScorer } from '../../../../src/simulator/scheduler/plugins/topology-spread-score.ts';
import type { TraceSpreadConstraint } from '../../../../src/trace/affinity.ts';
import { nodeInfo, type PodOptions, passing, podInfo, refusals, scoresOf } from '../builders.ts';

const ZONE = 'topology.kubernetes.io/zone';
const HOSTNAME = 'kubernetes.io/hostname';
const FOO = { labels: { foo: '' } };
const SELECTOR = { matchExpressions: [{ key: 'foo', operator: 'Exists' as const }] };

function constraint(over: Partial<TraceSpreadConstraint> = {}): TraceSpreadConstraint {
  return {
    maxSkew: 1,
    topologyKey: HOSTNAME,
    whenUnsatisfiable: 'DoNotSchedule',
    labelSelector: SELECTOR,
    ...over,
  };
}

/** Nodes with so many pods that match. */
function nodesWith(
  pods: Readonly<Record<string, number>>,
  zones: Readonly<Record<string, string>> = {},
  pod: PodOptions = FOO,
): readonly NodeInfo[] {
  return Object.entries(pods).map(([name, count]) => {
    const zone = zones[name];
    const there = Array.from({ length: count }, (_, index) => podInfo(`${name}-${index}`, pod));
    return nodeInfo(name, { labels: zone === undefined ? {} : { [ZONE]: zone } }, there);
  });
}

const ZONES = { a: 'zone1', b: 'zone1', x: 'zone2', y: 'zone2' };

describe('PodTopologySpread, Filter (filtering_test.go)', () => {
  it.each<{
    what: string;
    pods: Record<string, number>;
    over: Partial<TraceSpreadConstraint>;
    pod?: PodOptions;
    fits: string[];
  }>([
    {
      what: 'no existing pods',
      pods: { a: 0, b: 0, x: 0, y: 0 },
      over: { topologyKey: ZONE },
      fits: ['a', 'b', 'x', 'y'],
    },
    {
      what: 'pods spread across zones as 3/3, all nodes fit',
      pods: { a: 2, b: 1, x: 0, y: 3 },
      over: { topologyKey: ZONE },
      fits: ['a', 'b', 'x', 'y'],
    },
    {
      what: 'pods spread across zones as 0/2',
      pods: { a: 0, b: 0, x: 1, y: 1 },
      over: { topologyKey: ZONE },
      fits: ['a', 'b'],
    },
    {
      what: 'pods spread across nodes as 2/1/0/3, only node-x fits',
      pods: { a: 2, b: 1, x: 0, y: 3 },
      over: {},
      fits: ['x'],
    },
    {
      what: '… maxSkew is 2, node-b and node-x fit',
      pods: { a: 2, b: 1, x: 0, y: 3 },
      over: { maxSkew: 2 },
      fits: ['b', 'x'],
    },
    {
      what: '… but pod doesn’t match itself',
      pods: { a: 2, b: 1, x: 0, y: 3 },
      over: {},
      pod: { labels: { bar: '' } },
      fits: ['b', 'x'],
    },
    {
      what: 'pods do not match a null selector',
      pods: { a: 2, x: 0 },
      over: { labelSelector: undefined },
      fits: ['a', 'x'],
    },
    {
      what: 'an empty selector counts no pod, but matches the new one',
      pods: { a: 2, x: 0 },
      over: { labelSelector: {} },
      fits: ['a', 'x'],
    },
    {
      what: 'fewer domains than minDomains: the least is taken as 0',
      pods: { a: 1, b: 1 },
      over: { minDomains: 3 },
      fits: [],
    },
    {
      what: 'as many domains as minDomains',
      pods: { a: 1, b: 1 },
      over: { minDomains: 2 },
      fits: ['a', 'b'],
    },
  ])('$what: $fits', ({ pods, over, pod = FOO, fits }) => {
    const nodes = nodesWith(pods, ZONES);
    const spread = podInfo('new', { ...pod, topologySpreadConstraints: [constraint(over)] });
    expect(passing(topologySpreadFilter, spread, nodes)).toEqual(fits);
  });

  it('says which nodes lack the label, and does not count their pods', () => {
    const nodes = nodesWith({ a: 1, b: 1, x: 1, y: 1 }, { a: 'zone1', x: 'zone2', y: 'zone2' });
    const pod = podInfo('new', { ...FOO, topologySpreadConstraints: [constraint({ topologyKey: ZONE })] });
    const reason = "node(s) didn't match pod topology spread constraints";
    expect(refusals(topologySpreadFilter, pod, nodes)).toEqual([
      undefined,
      [`${reason} (missing required label)`],
      [reason],
      [reason],
    ]);
  });

  it('does not count pods of other namespaces', () => {
    const nodes = nodesWith({ a: 0, b: 1 });
    const other = nodesWith({ b: 5 }, {}, { ...FOO, namespace: 'other' });
    const pod = podInfo('new', { ...FOO, topologySpreadConstraints: [constraint()] });
    expect(passing(topologySpreadFilter, pod, nodes)).toEqual(['a']);
    expect(passing(topologySpreadFilter, pod, [nodes[0] as NodeInfo, other[0] as NodeInfo])).toEqual([
      'a',
      'b',
    ]);
  });

  // a: 0 pods, not selected; b: 1; c: 2; d: 0, tainted. The least of those that are counted decides.
  it.each<{ what: string; over: Partial<TraceSpreadConstraint>; fits: string[] }>([
    { what: 'by default its selector counts, taints do not', over: {}, fits: ['d'] },
    { what: 'nodeTaintsPolicy: Honor', over: { nodeTaintsPolicy: 'Honor' }, fits: ['b', 'd'] },
    {
      what: 'nodeAffinityPolicy: Ignore',
      over: { nodeTaintsPolicy: 'Honor', nodeAffinityPolicy: 'Ignore' },
      fits: ['d'],
    },
  ])('nodes that the pod may not go to: $what: $fits', ({ over, fits }) => {
    const labels = { disk: 'ssd' };
    const taints = [{ key: 'edge', effect: 'NoSchedule' }];
    const pods = ['b', 'c', 'c2'].map((name) => podInfo(name, FOO));
    const nodes = [
      nodeInfo('a'),
      nodeInfo('b', { labels }, pods.slice(0, 1)),
      nodeInfo('c', { labels }, pods.slice(1)),
      nodeInfo('d', { labels, taints }),
    ];
    const pod = podInfo('new', {
      ...FOO,
      nodeSelector: labels,
      topologySpreadConstraints: [constraint(over)],
    });
    expect(passing(topologySpreadFilter, pod, nodes).filter((name) => name !== 'a')).toEqual(fits);
  });

  it('matchLabelKeys narrow the selector to the pod’s own values', () => {
    const old = (name: string) => podInfo(name, { labels: { foo: '', rev: '1' } });
    const nodes = [nodeInfo('a', {}, [old('1'), old('2')]), nodeInfo('b')];
    const pod = (over: Partial<TraceSpreadConstraint>) =>
      podInfo('new', { labels: { foo: '', rev: '2' }, topologySpreadConstraints: [constraint(over)] });
    expect(passing(topologySpreadFilter, pod({}), nodes)).toEqual(['b']);
    expect(passing(topologySpreadFilter, pod({ matchLabelKeys: ['rev'] }), nodes)).toEqual(['a', 'b']);
  });

  it('the system’s defaults do not filter', () => {
    const pod = podInfo('new', { ...FOO, selector: SELECTOR });
    expect(topologySpreadFilter.prepare({ pod, nodes: nodesWith({ a: 9, b: 0 }), nowMs: 0 })).toBeUndefined();
  });
});

describe('PodTopologySpread, Score (scoring_test.go, TestPodTopologySpreadScore)', () => {
  const soft = (over: Partial<TraceSpreadConstraint> = {}): TraceSpreadConstraint =>
    constraint({ whenUnsatisfiable: 'ScheduleAnyway', ...over });

  it.each<{
    what: string;
    pods: Record<string, number>;
    over?: Partial<TraceSpreadConstraint>;
    scores: number[];
    candidates?: number;
  }>([
    { what: 'one constraint on node, no existing pods', pods: { a: 0, b: 0 }, scores: [100, 100] },
    {
      what: 'one constraint on node, all 4 nodes are candidates',
      pods: { a: 2, b: 1, c: 0, d: 3 },
      scores: [20, 60, 100, 0],
    },
    {
      what: 'one constraint on node, null selector',
      pods: { a: 2, b: 1, c: 0, d: 3 },
      over: { labelSelector: undefined },
      scores: [100, 100, 100, 100],
    },
    {
      what: '… maxSkew=2',
      pods: { a: 2, b: 1, c: 0, d: 3 },
      over: { maxSkew: 2 },
      scores: [33, 66, 100, 16],
    },
    {
      what: '… maxSkew=3',
      pods: { a: 4, b: 3, c: 2, d: 1 },
      over: { maxSkew: 3 },
      scores: [44, 66, 77, 100],
    },
    {
      what: 'one constraint on node, 3 out of 4 nodes are candidates',
      pods: { a: 4, b: 2, x: 1, y: 3 },
      candidates: 3,
      scores: [33, 83, 100],
    },
    {
      what: 'one constraint on zone, 3 out of 4 nodes are candidates',
      pods: { a: 4, b: 2, x: 1, y: 3 },
      over: { topologyKey: ZONE },
      candidates: 3,
      scores: [75, 75, 100],
    },
  ])('$what: $scores', ({ pods, over, candidates, scores }) => {
    const nodes = nodesWith(pods, ZONES);
    const pod = podInfo('new', { ...FOO, topologySpreadConstraints: [soft(over)] });
    expect(scoresOf(topologySpreadScorer, pod, nodes, nodes.slice(0, candidates))).toEqual(scores);
  });

  it('system defaulting, nodes don’t have zone, pods match service', () => {
    const nodes = nodesWith({ a: 4, b: 3, c: 2, d: 1 });
    const pod = podInfo('new', { ...FOO, selector: SELECTOR });
    expect(scoresOf(topologySpreadScorer, pod, nodes)).toEqual([44, 66, 77, 100]);
  });

  it('a node without the label of a constraint of its own gets nothing', () => {
    const nodes = nodesWith({ a: 4, b: 2, x: 1, y: 3 }, { a: 'zone1', x: 'zone2', y: 'zone2' });
    const pod = podInfo('new', { ...FOO, topologySpreadConstraints: [soft({ topologyKey: ZONE })] });
    expect(scoresOf(topologySpreadScorer, pod, nodes, nodes.slice(0, 3))).toEqual([100, 0, 100]);
  });

  it('skips a pod that nothing selects, and one with hard constraints only', () => {
    const nodes = nodesWith({ a: 4, b: 0 });
    expect(scoresOf(topologySpreadScorer, podInfo('new', FOO), nodes)).toBeUndefined();
    expect(scoresOf(topologySpreadScorer, podInfo('new', { ...FOO, selector: {} }), nodes)).toBeUndefined();
    const hard = podInfo('new', { ...FOO, selector: SELECTOR, topologySpreadConstraints: [constraint()] });
    expect(scoresOf(topologySpreadScorer, hard, nodes)).toBeUndefined();
  });

  it('never prefers the node with more pods', () => {
    const counts = fc.array(fc.nat({ max: 30 }), { minLength: 2, maxLength: 12 });
    fc.assert(
      fc.property(counts, fc.integer({ min: 1, max: 5 }), (pods, maxSkew) => {
        const nodes = nodesWith(Object.fromEntries(pods.map((count, index) => [`n${index}`, count])));
        const pod = podInfo('new', { ...FOO, topologySpreadConstraints: [soft({ maxSkew })] });
        const scores = scoresOf(topologySpreadScorer, pod, nodes) ?? [];
        const pairs = pods.flatMap((first, left) =>
          pods.map((second, right) => ({ first, left, second, right })),
        );
        for (const { left, right } of pairs.filter(({ first, second }) => first < second)) {
          expect(scores[left]).toBeGreaterThanOrEqual(scores[right] ?? 0);
        }
        for (const score of scores) expect(score).toSatisfy((value: number) => value >= 0 && value <= 100);
      }),
      { numRuns: 50 },
    );
  });
});
