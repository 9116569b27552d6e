import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { TracePod } from '../../../src/trace/kubernetes.ts';
import { node } from './builders.ts';
import { scheduleOne } from './single.ts';

function pod(name: string, cpu: string, over: Partial<TracePod['spec']> = {}, labels = {}): TracePod {
  return {
    metadata: { name, namespace: 'fn', labels },
    spec: { containers: [{ resources: { requests: { cpu } } }], ...over },
  };
}

const NODES = [
  node('a').object,
  node('b', { taints: [{ key: 'edge', effect: 'NoSchedule' }] }).object,
  node('c').object,
  node('d', { allocatable: { cpu: '100m', memory: '1Gi', pods: '110' } }).object,
];

describe('one pod and a cluster as it stands', () => {
  it('says which nodes can take it, why the others can’t, what each plugin thinks, and who is best', () => {
    const pods = [pod('there', '2', { nodeName: 'a' })];
    expect(scheduleOne({ pod: pod('new', '1'), nodes: NODES, pods })).toEqual({
      feasible: ['a', 'c'],
      reasons: { b: ['node(s) had untolerated taint(s)'], d: ['Insufficient cpu'] },
      reasonCounts: { 'node(s) had untolerated taint(s)': 1, 'Insufficient cpu': 1 },
      scores: {
        TaintToleration: { a: 100, c: 100 },
        NodeResourcesFit: { a: 60, c: 86 },
        NodeResourcesBalancedAllocation: { a: 68, c: 68 },
      },
      totals: { a: 428, c: 454 },
      best: ['c'],
    });
  });

  it('has no scores where there is no choice', () => {
    const asked = { pod: pod('new', '1', { nodeName: 'c' }), nodes: NODES };
    expect(scheduleOne(asked)).toMatchObject({ feasible: ['c'], scores: {}, best: ['c'] });
    expect(scheduleOne({ pod: pod('new', '9'), nodes: NODES })).toMatchObject({ feasible: [], best: [] });
  });

  it('spreads by default what its controller selects, and not what is being deleted', () => {
    const labels = { app: 'web' };
    const there = pod('there', '0', { nodeName: 'a' }, labels);
    const ending = { ...there, metadata: { ...there.metadata, deletionTimestamp: '2026-01-01T00:00:00Z' } };
    const nodes = [NODES[0], NODES[2]].flatMap((object) => object ?? []);
    const asked = { pod: pod('new', '1', {}, labels), nodes };
    const spreadOf = (pods: readonly TracePod[], selector?: { matchLabels: Record<string, string> }) =>
      scheduleOne({ ...asked, pods, selector }).scores['PodTopologySpread'];
    expect(spreadOf([there], { matchLabels: labels })).toEqual({ a: 66, c: 100 });
    expect(spreadOf([ending], { matchLabels: labels })).toEqual({ a: 100, c: 100 });
    expect(spreadOf([there])).toBeUndefined();
  });

  it('every node is either feasible or has a reason, and scores of the feasible only are from 0 to 100', () => {
    const amounts = fc.constantFrom('0', '50m', '500m', '2', '5');
    const cluster = fc.array(
      fc.record({ cpu: amounts, tainted: fc.boolean(), pods: fc.array(amounts, { maxLength: 4 }) }),
      {
        minLength: 1,
        maxLength: 6,
      },
    );
    fc.assert(
      fc.property(cluster, amounts, (shapes, cpu) => {
        const nodes = shapes.map(
          ({ cpu: allocatable, tainted }, index) =>
            node(`n${index}`, {
              allocatable: { cpu: allocatable, memory: '1Gi', pods: '3' },
              taints: tainted ? [{ key: 'edge', effect: 'NoSchedule' }] : [],
            }).object,
        );
        const pods = shapes.flatMap(({ pods: there }, index) =>
          there.map((request, number) => pod(`p${index}-${number}`, request, { nodeName: `n${index}` })),
        );
        const { feasible, reasons, scores, best } = scheduleOne({ pod: pod('new', cpu), nodes, pods });
        expect([...feasible, ...Object.keys(reasons)].toSorted()).toEqual(
          nodes.map(({ metadata }) => metadata.name),
        );
        for (const byNode of Object.values(scores)) {
          expect(Object.keys(byNode)).toEqual(feasible);
          for (const score of Object.values(byNode))
            expect(score).toSatisfy((value: number) => value >= 0 && value <= 100);
        }
        for (const name of best) expect(feasible).toContain(name);
        expect(best.length > 0).toBe(feasible.length > 0);
      }),
      { numRuns: 60 },
    );
  });
});
