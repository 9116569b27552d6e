import { describe, expect, it } from 'vitest';
import {
  nodeAffinityFilter,
  nodeAffinityScorer,
} from '../../../../src/simulator/scheduler/plugins/node-affinity.ts';
import { nodeName } from '../../../../src/simulator/scheduler/plugins/node-name.ts';
import { nodeUnschedulable } from '../../../../src/simulator/scheduler/plugins/node-unschedulable.ts';
import {
  taintTolerationFilter,
  taintTolerationScorer,
} from '../../../../src/simulator/scheduler/plugins/taint-toleration.ts';
import type { TraceNodeSelectorTerm } from '../../../../src/trace/affinity.ts';
import { nodeInfo, type PodOptions, passing, podInfo, refusals, scoresOf } from '../builders.ts';

const EDGE = { key: 'node-role.kubernetes.io/edge', effect: 'NoSchedule' };
const GPU = { key: 'gpu', value: 'a100', effect: 'NoSchedule' };
type Tolerations = NonNullable<PodOptions['tolerations']>;

describe('TaintToleration, Filter (core/v1 Toleration.ToleratesTaint)', () => {
  const UNTOLERATED = ['node(s) had untolerated taint(s)'];
  it.each<{
    taint: typeof GPU | typeof EDGE;
    tolerations: Tolerations;
    reasons: readonly string[] | undefined;
  }>([
    { taint: EDGE, tolerations: [], reasons: UNTOLERATED },
    { taint: EDGE, tolerations: [{ key: EDGE.key, operator: 'Exists' }], reasons: undefined },
    {
      taint: EDGE,
      tolerations: [{ key: EDGE.key, operator: 'Exists', effect: 'NoSchedule' }],
      reasons: undefined,
    },
    {
      taint: EDGE,
      tolerations: [{ key: EDGE.key, operator: 'Exists', effect: 'NoExecute' }],
      reasons: UNTOLERATED,
    },
    { taint: EDGE, tolerations: [{ operator: 'Exists' }], reasons: undefined },
    { taint: EDGE, tolerations: [{ key: 'other', operator: 'Exists' }], reasons: UNTOLERATED },
    { taint: EDGE, tolerations: [{ key: EDGE.key }], reasons: undefined },
    // The API server refuses such a toleration; the function itself does not look at the key then.
    { taint: EDGE, tolerations: [{ operator: 'Equal' }], reasons: undefined },
    { taint: GPU, tolerations: [{ key: 'gpu', value: 'a100' }], reasons: undefined },
    { taint: GPU, tolerations: [{ key: 'gpu', operator: 'Equal', value: 'h100' }], reasons: UNTOLERATED },
    {
      taint: { ...GPU, value: '5' },
      tolerations: [{ key: 'gpu', operator: 'Lt', value: '9' }],
      reasons: UNTOLERATED,
    },
    { taint: { ...GPU, effect: 'PreferNoSchedule' }, tolerations: [], reasons: undefined },
    { taint: { ...GPU, effect: 'NoExecute' }, tolerations: [], reasons: UNTOLERATED },
  ])('$taint.key $taint.effect, tolerations $tolerations: $reasons', ({ taint, tolerations, reasons }) => {
    const info = nodeInfo('node-1', { taints: [taint] });
    expect(refusals(taintTolerationFilter, podInfo('new', { tolerations }), [info])).toEqual([reasons]);
  });
});

describe('TaintToleration, Score (taint_toleration_test.go, TestTaintTolerationScore)', () => {
  const prefer = (...keys: readonly string[]) => ({
    taints: keys.map((key) => ({ key, value: 'v', effect: 'PreferNoSchedule' })),
  });
  it.each<{
    what: string;
    tolerations: Tolerations;
    taints: readonly ReturnType<typeof prefer>[];
    scores: number[];
  }>([
    {
      what: 'node with taints tolerated by the pod, gets a higher score than those node with intolerable taints',
      tolerations: [{ key: 'foo', operator: 'Equal', value: 'v', effect: 'PreferNoSchedule' }],
      taints: [prefer('foo'), prefer('bar')],
      scores: [100, 0],
    },
    {
      what: 'the count of taints on a node that are not tolerated by pod, matters',
      tolerations: [{ key: 'cpu', value: 'v', effect: 'PreferNoSchedule' }],
      taints: [prefer(), prefer('cpu'), prefer('cpu', 'disk')],
      scores: [100, 100, 0],
    },
    {
      what: 'a toleration of every effect tolerates this one too; one of NoSchedule does not',
      tolerations: [
        { key: 'a', operator: 'Exists' },
        { key: 'b', operator: 'Exists', effect: 'NoSchedule' },
      ],
      taints: [prefer('a'), prefer('b'), prefer('b', 'c')],
      scores: [100, 50, 0],
    },
    {
      what: 'without taints all are equal',
      tolerations: [],
      taints: [prefer(), prefer()],
      scores: [100, 100],
    },
  ])('$what', ({ tolerations, taints, scores }) => {
    const nodes = taints.map((options, index) => nodeInfo(`node-${index}`, options));
    expect(scoresOf(taintTolerationScorer, podInfo('new', { tolerations }), nodes)).toEqual(scores);
  });
});

describe('NodeUnschedulable and NodeName', () => {
  it('a cordoned node takes only pods that tolerate the taint of cordoned nodes', () => {
    const cordoned = nodeInfo('node-1', { unschedulable: true });
    const tolerations = [{ key: 'node.kubernetes.io/unschedulable', operator: 'Exists' as const }];
    expect(refusals(nodeUnschedulable, podInfo('new'), [cordoned])).toEqual([['node(s) were unschedulable']]);
    expect(refusals(nodeUnschedulable, podInfo('new', { tolerations }), [cordoned])).toEqual([undefined]);
  });

  it('a pod that names a node goes nowhere else', () => {
    const nodes = [nodeInfo('node-1'), nodeInfo('node-2')];
    expect(refusals(nodeName, podInfo('new', { nodeName: 'node-2' }), nodes)).toEqual([
      ["node(s) didn't match the requested node name"],
      undefined,
    ]);
  });
});

describe('NodeAffinity, Filter (component-helpers nodeaffinity_test.go)', () => {
  const NODES = [
    nodeInfo('a', { labels: { disk: 'ssd', cores: '8' } }),
    nodeInfo('b', { labels: { disk: 'hdd', cores: '16' } }),
    nodeInfo('c', { labels: { cores: 'many' } }),
  ];
  const required = (...nodeSelectorTerms: readonly TraceNodeSelectorTerm[]): PodOptions => ({
    affinity: {
      nodeAffinity: {
        requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [...nodeSelectorTerms] },
      },
    },
  });
  const expression = (
    key: string,
    operator: 'In' | 'NotIn' | 'Exists' | 'DoesNotExist' | 'Gt' | 'Lt',
    ...values: string[]
  ) => ({
    key,
    operator,
    values,
  });
  const match = (...matchExpressions: ReturnType<typeof expression>[]) => ({ matchExpressions });
  const named = (operator: 'In' | 'NotIn', ...values: string[]) => ({
    matchFields: [{ key: 'metadata.name', operator, values }],
  });

  it.each<{ what: string; spec: PodOptions; nodes: readonly string[] }>([
    { what: 'a selector', spec: { nodeSelector: { disk: 'ssd' } }, nodes: ['a'] },
    { what: 'In', spec: required(match(expression('disk', 'In', 'ssd', 'hdd'))), nodes: ['a', 'b'] },
    {
      what: 'NotIn matches nodes without the label',
      spec: required(match(expression('disk', 'NotIn', 'ssd'))),
      nodes: ['b', 'c'],
    },
    { what: 'Exists', spec: required(match(expression('disk', 'Exists'))), nodes: ['a', 'b'] },
    { what: 'DoesNotExist', spec: required(match(expression('disk', 'DoesNotExist'))), nodes: ['c'] },
    {
      what: 'Gt, of whole numbers only',
      spec: required(match(expression('cores', 'Gt', '8'))),
      nodes: ['b'],
    },
    { what: 'Lt', spec: required(match(expression('cores', 'Lt', '16'))), nodes: ['a'] },
    {
      what: 'Gt compares numbers, not texts',
      spec: required(match(expression('cores', 'Gt', '9'))),
      nodes: ['b'],
    },
    { what: 'a bound that is no number', spec: required(match(expression('cores', 'Gt', 'x'))), nodes: [] },
    {
      what: 'a negative bound is no label value',
      spec: required(match(expression('cores', 'Gt', '-1'))),
      nodes: [],
    },
    {
      what: 'terms are alternatives',
      spec: required(match(expression('disk', 'In', 'ssd')), match(expression('cores', 'In', 'many'))),
      nodes: ['a', 'c'],
    },
    {
      what: 'requirements of a term all hold',
      spec: required(match(expression('disk', 'Exists'), expression('cores', 'Gt', '8'))),
      nodes: ['b'],
    },
    { what: 'an empty term matches nothing', spec: required({}), nodes: [] },
    {
      what: 'the selector and one of the terms',
      spec: { nodeSelector: { disk: 'ssd' }, ...required(match(expression('disk', 'In', 'hdd'))) },
      nodes: [],
    },
    { what: 'NotIn of the name', spec: required(named('NotIn', 'a')), nodes: ['b', 'c'] },
    {
      what: 'two names in one requirement can not be read',
      spec: required(named('In', 'a', 'b')),
      nodes: [],
    },
  ])('$what: $nodes', ({ spec, nodes }) => {
    expect(passing(nodeAffinityFilter, podInfo('new', spec), NODES)).toEqual(nodes);
  });

  it.each<{ what: string; spec: PodOptions; names: readonly string[] | undefined; conflict?: string }>([
    { what: 'each term names one', spec: required(named('In', 'a'), named('In', 'c')), names: ['a', 'c'] },
    {
      what: 'a term names none',
      spec: required(named('In', 'a'), match(expression('disk', 'Exists'))),
      names: undefined,
    },
    {
      what: 'names that exclude each other',
      spec: required({ matchFields: [...named('In', 'a').matchFields, ...named('In', 'b').matchFields] }),
      names: undefined,
      conflict: 'pod affinity terms conflict',
    },
  ])('PreFilter: only the named nodes are looked at, $what', ({ spec, names, conflict }) => {
    const prepared = nodeAffinityFilter.prepare({ pod: podInfo('new', spec), nodes: NODES, nowMs: 0 });
    expect(prepared?.nodeNames && Array.from(prepared.nodeNames)).toEqual(names);
    expect(prepared?.refusesAll).toBe(conflict);
  });

  it('a pod without either is not asked about', () => {
    expect(nodeAffinityFilter.prepare({ pod: podInfo('new'), nodes: NODES, nowMs: 0 })).toBeUndefined();
  });

  it('Score: the weights of the preferred terms, the highest sum is 100', () => {
    const preferred = (weight: number, term: TraceNodeSelectorTerm) => ({ weight, preference: term });
    const terms = [
      preferred(2, match(expression('disk', 'In', 'ssd', 'hdd'))),
      preferred(4, match(expression('cores', 'Gt', '8'))),
      preferred(1, {}),
    ];
    const affinity = { nodeAffinity: { preferredDuringSchedulingIgnoredDuringExecution: terms } };
    expect(scoresOf(nodeAffinityScorer, podInfo('new', { affinity }), NODES)).toEqual([33, 100, 0]);
    expect(scoresOf(nodeAffinityScorer, podInfo('new'), NODES)).toBeUndefined();
  });
});
