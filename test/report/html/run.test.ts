import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { timeAxis } from '../../../src/report/html/axis.ts';
import { groupNodes } from '../../../src/report/html/figures/many-nodes.ts';
import {
  destinations,
  highestBetween,
  msAboveThreshold,
  rowMoments,
  sumReal,
  sumSteps,
} from '../../../src/report/html/run.ts';
import { valueAt } from '../../../src/report/html/series.ts';
import { shownDecisions } from '../../../src/report/html/shown.ts';
import { decisionOf, nodeOf, podOf, resultOf, START_MS } from './results.ts';

function stretch(from: number, to: number, fromMilli: number, toMilli: number) {
  return { fromMs: START_MS + from, toMs: START_MS + to, fromMilli, toMilli };
}

describe('time above the threshold of 800m', () => {
  it.each([
    { real: [stretch(0, 1000, 700, 800)], ms: 0 },
    { real: [stretch(0, 1000, 900, 900)], ms: 1000 },
    { real: [stretch(0, 1000, 700, 900)], ms: 500 },
    { real: [stretch(0, 1000, 900, 700), stretch(1000, 1500, 850, 850)], ms: 1000 },
    { real: [], ms: 0 },
  ])('is $ms ms', ({ real, ms }) => {
    expect(msAboveThreshold(nodeOf('edge-1', 'edge', { real }))).toBe(ms);
  });

  it('is none of a cloud node, which has no threshold', () => {
    expect(msAboveThreshold(nodeOf('cloud-1', 'cloud', { real: [stretch(0, 1000, 4000, 4000)] }))).toBe(0);
  });
});

describe('the sum of nodes', () => {
  const axis = timeAxis(600_000);

  it('is at each moment the sum of what each used', () => {
    const node = fc
      .array(fc.tuple(fc.integer({ min: 1, max: 1000 }), fc.nat(500), fc.nat(500)), {
        minLength: 1,
        maxLength: 6,
      })
      .map((parts) => {
        let at = 0;
        const real = parts.map(([length, from, to]) => {
          at += length;
          return stretch(at - length, at, from, to);
        });
        return nodeOf('cloud', 'cloud', { real });
      });
    fc.assert(
      fc.property(
        fc.array(node, { minLength: 1, maxLength: 4 }),
        fc.double({ min: 0, max: 0.999, noNaN: true }),
        (nodes, share) => {
          const shortest = Math.min(...nodes.map(({ real }) => (real.at(-1)?.toMs ?? 0) - START_MS));
          const ms = share * shortest;
          const one = (index: number) =>
            valueAt(sumReal(resultOf(), nodes.slice(index, index + 1), axis), ms) ?? 0;
          const sum = nodes.reduce((total, _, index) => total + one(index), 0);
          expect(valueAt(sumReal(resultOf(), nodes, axis), ms)).toBeCloseTo(sum, 3);
        },
      ),
    );
  });

  it('of steps changes where one of them does', () => {
    const first = [
      { ms: 0, value: 1 },
      { ms: 20, value: 3 },
    ];
    expect(sumSteps([first, [{ ms: 10, value: 5 }]])).toEqual([
      { ms: 0, value: 1 },
      { ms: 10, value: 6 },
      { ms: 20, value: 8 },
    ]);
    expect(sumSteps([])).toEqual([]);
  });
});

describe('the rows of a table', () => {
  it('begin at the start and are at the ticks', () => {
    expect(rowMoments(timeAxis(600_000)).slice(0, 3)).toEqual([0, 30_000, 60_000]);
  });

  it('have the highest of a line that rises through them', () => {
    const line = [
      { ms: 0, value: 0 },
      { ms: 100, value: 100 },
    ];
    expect(highestBetween(line, 20, 40)).toBe(40);
    expect(highestBetween(line, 80, 120)).toBe(100);
    expect(highestBetween([], 0, 10)).toBeUndefined();
  });
});

describe('the figures of nodes', () => {
  const nodesOf = (edge: number, cloud: number) => [
    ...Array.from({ length: cloud }, (_, index) => nodeOf(`cloud-${index}`, 'cloud')),
    ...Array.from({ length: edge }, (_, index) =>
      nodeOf(`edge-${index}`, 'edge', { real: [stretch(0, 1000, index * 10, index * 10)] }),
    ),
  ];

  it.each([
    { edge: 1, cloud: 2, single: 3, summed: [] },
    { edge: 2, cloud: 10, single: 12, summed: [] },
    { edge: 2, cloud: 11, single: 2, summed: [{ tier: 'cloud', nodes: 11 }] },
    {
      edge: 20,
      cloud: 3,
      single: 12,
      summed: [
        { tier: 'edge', nodes: 8 },
        { tier: 'cloud', nodes: 3 },
      ],
    },
  ])('of $edge edge and $cloud cloud nodes are $single, edge first', ({ edge, cloud, single, summed }) => {
    const groups = groupNodes(nodesOf(edge, cloud));
    expect(groups.single).toHaveLength(single);
    expect(groups.single[0]?.tier).toBe('edge');
    expect(groups.summed.map(({ tier, nodes }) => ({ tier, nodes: nodes.length }))).toEqual(summed);
  });

  it('show of many edge nodes those that were fullest', () => {
    const names = groupNodes(nodesOf(20, 0)).single.map(({ name }) => name);
    expect(names).toContain('edge-19');
    expect(names).not.toContain('edge-7');
  });
});

describe('the decisions that are shown', () => {
  const many = Array.from({ length: 2000 }, (_, index) =>
    decisionOf(index, index * 100, { result: index % 2 === 0 ? 'edge' : 'overflow' }),
  ).with(1001, decisionOf(1001, 1001 * 100, { result: 'pending' }));

  it('are all of them where there are few', () => {
    expect([...shownDecisions(resultOf({ decisions: many.slice(0, 3) }))]).toEqual([0, 1, 2]);
  });

  it('are of many a fair share, with the rare ones and those with which an expectation failed', () => {
    const expectation = { type: 'placed', expected: '', held: false, found: '' };
    const expectations = [{ ...expectation, diverged: { atMs: START_MS, what: '', decision: 1777 } }];
    const shown = [...shownDecisions(resultOf({ decisions: many, expectations }), 100)];
    expect(shown).toHaveLength(100);
    expect(shown).toEqual([...shown].sort((left, right) => left - right));
    expect(shown).toContain(1001);
    expect(shown).toContain(1777);
    const edge = shown.filter((index) => many[index]?.result === 'edge');
    expect(edge.length).toBeGreaterThanOrEqual(48);
    expect(Math.max(...edge)).toBeGreaterThan(1900);
  });
});

describe('where the pod of a decision went', () => {
  it('is told by the attempt that found a node', () => {
    const attempt = { atMs: START_MS, scores: [], reasons: {} };
    const pods = [
      podOf(1, {
        node: 'cloud-1',
        tier: 'cloud',
        attempts: [
          { ...attempt, result: 'unschedulable', decision: 0 },
          { ...attempt, result: 'assumed', decision: 3 },
        ],
      }),
    ];
    expect([...destinations(resultOf({ pods }))]).toEqual([[3, { node: 'cloud-1', tier: 'cloud' }]]);
  });
});
