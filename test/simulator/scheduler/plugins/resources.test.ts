import { describe, expect, it } from 'vitest';
import {
  balancedAllocationScorer,
  resourcesFitScorer,
} from '../../../../src/simulator/scheduler/plugins/resource-scores.ts';
import { resourcesFitFilter } from '../../../../src/simulator/scheduler/plugins/resources-fit.ts';
import type { PodInfo } from '../../../../src/simulator/scheduler/pod-info.ts';
import { nodeInfo, podInfo, refusals, requesting, scoresOf } from '../builders.ts';

type Amounts = readonly [cpu: string, memory: string];
const pod = ([cpu, memory]: Amounts, name = 'new') => podInfo(name, requesting({ cpu, memory }));
const pods = (list: readonly Amounts[]): readonly PodInfo[] =>
  list.map((amounts, index) => pod(amounts, `p-${index}`));
const sized = ([cpu, memory]: Amounts, there: readonly Amounts[]) =>
  nodeInfo('node', { allocatable: { cpu, memory, pods: '110' } }, pods(there));

describe('NodeResourcesFit, Filter (fit.go: by requests)', () => {
  const there = () =>
    nodeInfo('node', { allocatable: { cpu: '1', memory: '1000', pods: '3', 'example.com/gpu': '2' } }, [
      podInfo('there', requesting({ cpu: '100m', 'example.com/gpu': '1' })),
    ]);
  it.each<{ what: string; requests: Record<string, string>; reasons: readonly string[] | undefined }>([
    { what: 'exactly what is left', requests: { cpu: '900m', memory: '1000' }, reasons: undefined },
    { what: 'a little more CPU', requests: { cpu: '901m' }, reasons: ['Insufficient cpu'] },
    {
      what: 'a part of a millicore more counts as one',
      requests: { cpu: '900001u' },
      reasons: ['Insufficient cpu'],
    },
    { what: 'a little more memory', requests: { memory: '1001' }, reasons: ['Insufficient memory'] },
    {
      what: 'all that lacks is named',
      requests: { cpu: '2', memory: '1Gi' },
      reasons: ['Insufficient cpu', 'Insufficient memory'],
    },
    {
      what: 'an extended resource',
      requests: { 'example.com/gpu': '2' },
      reasons: ['Insufficient example.com/gpu'],
    },
    {
      what: 'one that the node does not have',
      requests: { 'example.com/npu': '1' },
      reasons: ['Insufficient example.com/npu'],
    },
    {
      what: 'none of one that the node does not have',
      requests: { 'example.com/npu': '0' },
      reasons: undefined,
    },
    {
      what: 'ephemeral storage of a node that does not say (ours)',
      requests: { 'ephemeral-storage': '9Ti' },
      reasons: undefined,
    },
    { what: 'nothing', requests: {}, reasons: undefined },
  ])('$what: $reasons', ({ requests, reasons }) => {
    expect(refusals(resourcesFitFilter, podInfo('new', requesting(requests)), [there()])).toEqual([reasons]);
  });

  it('counts pods, also those that request nothing', () => {
    const full = nodeInfo('node', { allocatable: { cpu: '1', pods: '2' } }, [podInfo('a'), podInfo('b')]);
    expect(refusals(resourcesFitFilter, podInfo('new'), [full])).toEqual([['Too many pods']]);
  });
});

// Names and numbers of Kubernetes' own cases. Its pods without a container request nothing; ours ask for 0.
describe.each([
  {
    what: 'nothing scheduled, nothing requested',
    node: ['4', '10000'],
    there: [],
    requests: ['0', '0'],
    least: 100,
    most: 0,
  },
  {
    what: 'nothing scheduled, resources requested, differently sized nodes: node1',
    node: ['4', '10000'],
    there: [],
    requests: ['3', '5000'],
    least: 37,
    most: 62,
  },
  {
    what: 'nothing scheduled, resources requested, differently sized nodes: node2',
    node: ['6', '10000'],
    there: [],
    requests: ['3', '5000'],
    least: 50,
    most: 50,
  },
  {
    what: 'no resources requested, pods scheduled with resources: node1',
    node: ['10', '20000'],
    there: [
      ['3', '0'],
      ['3', '0'],
    ],
    requests: ['0', '0'],
    least: 70,
    most: 30,
  },
  {
    what: 'no resources requested, pods scheduled with resources: node2',
    node: ['10', '20000'],
    there: [
      ['3', '0'],
      ['3', '5000'],
    ],
    requests: ['0', '0'],
    least: 57,
    most: 42,
  },
  {
    what: 'resources requested, pods scheduled with resources: node2',
    node: ['10', '20000'],
    there: [['3', '5000']],
    requests: ['3', '5000'],
    least: 45,
    most: 55,
  },
  {
    what: 'requested resources exceed node capacity: node1',
    node: ['4', '10000'],
    there: [['3', '0']],
    requests: ['3', '0'],
    least: 50,
    most: 50,
  },
  {
    what: 'zero node resources, pods scheduled with resources: node1',
    node: ['0', '0'],
    there: [['3', '0']],
    requests: ['0', '0'],
    least: 0,
    most: 0,
  },
] as const)('NodeResourcesFit, Score: $what', ({ node, there, requests, least, most }) => {
  it(`least_allocated.go: ${least}`, () => {
    expect(scoresOf(resourcesFitScorer('LeastAllocated'), pod(requests), [sized(node, there)])).toEqual([
      least,
    ]);
  });
  it(`most_allocated.go: ${most}`, () => {
    expect(scoresOf(resourcesFitScorer('MostAllocated'), pod(requests), [sized(node, there)])).toEqual([
      most,
    ]);
  });
});

describe('NodeResourcesFit, Score', () => {
  it('a node that does not say its memory is judged by its CPU (ours)', () => {
    const node = nodeInfo('node', { allocatable: { cpu: '4' } });
    expect(scoresOf(resourcesFitScorer('LeastAllocated'), pod(['1', '1Gi']), [node])).toEqual([75]);
  });

  it('leaves out pod-level requests of the new pod, not of those that are there', () => {
    const podLevel = (name: string) =>
      podInfo(name, { containers: [{}], resources: { requests: { cpu: '1' } } });
    const node = nodeInfo('node', { allocatable: { cpu: '2' } }, [podLevel('there')]);
    expect(scoresOf(resourcesFitScorer('LeastAllocated'), podLevel('new'), [node])).toEqual([45]);
  });

  it('takes 100m and 200Mi for a container that does not say', () => {
    const node = nodeInfo('node', { allocatable: { cpu: '1', memory: '2000Mi' } }, [podInfo('there')]);
    expect(scoresOf(resourcesFitScorer('LeastAllocated'), podInfo('new'), [node])).toEqual([80]);
  });
});

describe('NodeResourcesBalancedAllocation (balanced_allocation_test.go)', () => {
  it.each<{ what: string; node: Amounts; there: readonly Amounts[]; score: number }>([
    { what: 'nothing scheduled, differently sized nodes: node1', node: ['4', '10000'], there: [], score: 68 },
    { what: 'nothing scheduled, differently sized nodes: node2', node: ['6', '10000'], there: [], score: 75 },
    { what: 'pods scheduled with resources: node1', node: ['10', '20000'], there: [['3', '0']], score: 73 },
    {
      what: 'pods scheduled with resources: node2',
      node: ['10', '20000'],
      there: [['3', '5000']],
      score: 74,
    },
    {
      what: 'a node that does not say its memory is balanced (ours)',
      node: ['10', '0'],
      there: [],
      score: 75,
    },
  ])('$what: $score', ({ node, there, score }) => {
    expect(scoresOf(balancedAllocationScorer, pod(['3', '5000']), [sized(node, there)])).toEqual([score]);
  });

  it('counts real requests: a pod that requests nothing is not scored', () => {
    expect(scoresOf(balancedAllocationScorer, podInfo('new'), [sized(['4', '10000'], [])])).toBeUndefined();
    const requested = podInfo('there');
    const node = nodeInfo('node', { allocatable: { cpu: '4', memory: '10000' } }, [requested]);
    expect(scoresOf(balancedAllocationScorer, pod(['3', '5000']), [node])).toEqual([68]);
  });
});
