import { describe, expect, it } from 'vitest';
import { decide } from '../../src/placement/decide.ts';
import { explainDecision, summariseDecision } from '../../src/placement/explain.ts';
import { freshnessOf } from '../../src/placement/freshness.ts';
import { nodesAfterPreemption } from '../../src/placement/preempt.ts';
import { parseCpuMilli } from '../../src/placement/quantity.ts';
import { rank } from '../../src/placement/rank.ts';
import { REASONS } from '../../src/placement/reasons.ts';
import { type LabelSelector, matchesSelector } from '../../src/placement/selector.ts';
import { cloudNode, maturePod, metrics, NOW_MS, node, policy, question, SETTINGS } from '../builders.ts';

describe('CPU quantities', () => {
  it.each([
    ['706808951n', 706.808951],
    ['1522u', 1.522],
    ['250m', 250],
    ['2', 2000],
    ['0', 0],
    ['0.1', 100],
    ['.5', 500],
    ['5.', 5000],
    ['1k', 1_000_000],
    ['1e3', 1_000_000],
    ['12E-1', 1200],
    ['1Ki', 1_024_000],
    ['-1', -1000],
    ['+1', 1000],
  ])('%s is %d millicores', (text, milli) => {
    expect(parseCpuMilli(text)).toBe(milli);
  });

  it.each(['', 'm', '1 m', '1mm', '1x', 'NaN', '1e', '1.2.3', '0x10'])('%j is none', (text) => {
    expect(parseCpuMilli(text)).toBeUndefined();
  });
});

describe('label selectors', () => {
  const labels = { role: 'edge', empty: '' };
  const exists = (key: string): LabelSelector => ({ matchExpressions: [{ key, operator: 'Exists' }] });
  it.each<{ selector: LabelSelector; matches: boolean }>([
    { selector: {}, matches: true },
    { selector: { matchLabels: { role: 'edge' } }, matches: true },
    { selector: { matchLabels: { role: 'edge', empty: 'x' } }, matches: false },
    { selector: exists('empty'), matches: true },
    { selector: exists('toString'), matches: false },
    {
      selector: { matchExpressions: [{ key: 'role', operator: 'In', values: ['a', 'edge'] }] },
      matches: true,
    },
    { selector: { matchExpressions: [{ key: 'none', operator: 'In', values: ['a'] }] }, matches: false },
    {
      selector: { matchExpressions: [{ key: 'role', operator: 'NotIn', values: ['edge'] }] },
      matches: false,
    },
    { selector: { matchExpressions: [{ key: 'none', operator: 'NotIn', values: ['a'] }] }, matches: true },
    { selector: { matchExpressions: [{ key: 'role', operator: 'DoesNotExist' }] }, matches: false },
  ])('$selector: $matches', ({ selector, matches }) => {
    expect(matchesSelector(labels, selector)).toBe(matches);
  });
});

describe('freshness of metrics', () => {
  it.each([
    { name: 'never seen', metrics: undefined, freshness: 'unknown' },
    { name: 'just advanced', metrics: metrics(1), freshness: 'fresh' },
    { name: 'at the bound', metrics: metrics(1, { advancedAtMs: NOW_MS - 45_000 }), freshness: 'fresh' },
    { name: 'did not advance', metrics: metrics(1, { advancedAtMs: NOW_MS - 45_001 }), freshness: 'ageing' },
    { name: 'missing from one look', metrics: metrics(1, { missing: true }), freshness: 'ageing' },
    { name: 'for long', metrics: metrics(1, { advancedAtMs: NOW_MS - 180_001 }), freshness: 'unknown' },
    {
      name: 'the clock of the node is no matter',
      metrics: metrics(1, { endMs: 5, advancedAtMs: NOW_MS }),
      freshness: 'fresh',
    },
  ])('$name: $freshness', ({ metrics: measured, freshness }) => {
    expect(freshnessOf(measured, SETTINGS.freshness, NOW_MS)).toBe(freshness);
  });
});

describe('ranking for prioritize', () => {
  const scoresOf = (candidates: readonly ReturnType<typeof node>[], over = {}) =>
    Object.fromEntries(
      rank(question({ candidates, ...over }), SETTINGS).scores.map(({ node: name, score }) => [name, score]),
    );
  const edge = (name: string, usageMilli: number) => node({ name, metrics: metrics(usageMilli) });
  const cloud = (name: string, usageMilli: number) => cloudNode({ name, metrics: metrics(usageMilli) });

  it.each([
    {
      name: 'cloud nodes by how idle they are',
      candidates: [cloud('x', 0), cloud('y', 16_000), cloud('z', 40_000)],
      scores: { x: 10, y: 5, z: 0 },
    },
    {
      name: 'edge nodes by best fit, only the first with the full score',
      candidates: [edge('a', 100), edge('b', 2000), edge('c', 3100)],
      scores: { a: 8, b: 10, c: 0 },
    },
    {
      name: 'an edge node before the cloud',
      candidates: [edge('a', 0), cloud('x', 0)],
      scores: { a: 10, x: 0 },
    },
    {
      name: 'an unmanaged pod: all alike',
      candidates: [edge('a', 0), cloud('x', 0)],
      over: { policy: policy({ placement: 'off' }) },
      scores: { a: 0, x: 0 },
    },
    {
      name: 'a pod for the cloud',
      candidates: [edge('a', 0), cloud('x', 0)],
      over: { policy: policy({ placement: 'cloud-first' }) },
      scores: { a: 0, x: 10 },
    },
  ])('$name', ({ candidates, over, scores }) => {
    expect(scoresOf(candidates, over)).toEqual(scores);
  });
});

describe('preemption', () => {
  const victim = maturePod(1000, { uid: 'victim' });
  const busy = (name: string, over = {}) =>
    node({ name, metrics: metrics(3700, { podUsageMilli: 1000 }), pods: [victim], ...over });
  it.each([
    { name: 'room comes when the victim goes', node: busy('a'), victims: ['victim'], kept: true },
    { name: 'no room comes', node: busy('a'), victims: [], kept: false },
    {
      name: 'an empty list of victims where there is room',
      node: node({ name: 'a' }),
      victims: [],
      kept: true,
    },
    { name: 'not ready', node: busy('a', { ready: false }), victims: ['victim'], kept: false },
    { name: 'a cloud node', node: cloudNode({ name: 'a' }), victims: [], kept: true },
    {
      name: 'a cloud node for an edge-only pod',
      node: cloudNode({ name: 'a' }),
      over: { policy: policy({ placement: 'edge-only' }) },
      victims: [],
      kept: false,
    },
    {
      name: 'an edge node for a cloud-only pod',
      node: node({ name: 'a' }),
      over: { policy: policy({ placement: 'cloud-only' }) },
      victims: [],
      kept: false,
    },
    {
      name: 'an unmanaged pod',
      node: busy('a'),
      over: { policy: policy({ placement: 'off' }) },
      victims: [],
      kept: true,
    },
  ])('$name: kept $kept', ({ node: candidate, over, victims, kept }) => {
    const ask = question({ candidates: [candidate], ...over });
    const nodes = nodesAfterPreemption(ask, new Map([['a', new Set(victims)]]), SETTINGS);
    expect(nodes).toEqual(kept ? ['a'] : []);
  });
});

describe('explanations', () => {
  it('name the numbers that each verdict rests on', () => {
    const full = node({ name: 'edge-2', metrics: metrics(3100.25) });
    const decision = decide(question({ candidates: [node(), full, cloudNode()] }), SETTINGS);
    expect(explainDecision(decision)).toEqual([
      'default/pod: edge, edge-1; estimate 300m (annotated); edge node fits the pod below its threshold',
      '  edge-1 (edge, metrics fresh): answered, edge node fits the pod below its threshold; usage 0m, forecast 0m, estimate 300m, threshold 3200m',
      '  edge-2 (edge, metrics fresh): refused, edge CPU above threshold; usage 3100.3m, forecast 3100.3m, estimate 300m, threshold 3200m',
      '  cloud-1 (cloud, metrics fresh): refused, an edge node admits the pod; usage 0m, forecast 0m, estimate 300m',
    ]);
    const nowhere = decide(question({ candidates: [] }), SETTINGS);
    expect(summariseDecision(nowhere)).toContain('pending, nowhere');
  });

  it('reasons are constant texts without numbers, so that the scheduler merges them in its events', () => {
    for (const text of Object.values(REASONS)) expect(text).toMatch(/^[^\d]+$/);
    expect(new Set(Object.values(REASONS)).size).toBe(Object.keys(REASONS).length);
  });
});
