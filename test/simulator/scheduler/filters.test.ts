import { describe, expect, it } from 'vitest';
import { FILTERS } from '../../../src/simulator/scheduler/filters.ts';
import { addPod, createNodeInfo } from '../../../src/simulator/scheduler/books.ts';
import { simNode, simPod } from '../model/pods.ts';

type Spec = ReturnType<typeof simPod>['spec'];
type Tolerations = NonNullable<Spec['tolerations']>;

function refusalOf(
  spec: Partial<Spec>,
  node = simNode('node-1'),
  requests = { cpuMilli: 100, memoryBytes: 0 },
) {
  const info = createNodeInfo(node);
  const pod = simPod('new', { spec: { containers: [{}], ...spec }, requests });
  return FILTERS.map(({ refusal }) => refusal(pod, info)).find((reason) => reason !== undefined);
}

function tainted(taint: {
  key: string;
  value?: string;
  effect: 'NoSchedule' | 'NoExecute' | 'PreferNoSchedule';
}) {
  const { object } = simNode('node-1');
  return simNode('node-1', { object: { ...object, spec: { taints: [taint] } } });
}

const EDGE = { key: 'node-role.kubernetes.io/edge', effect: 'NoSchedule' } as const;
const GPU = { key: 'gpu', value: 'a100', effect: 'NoSchedule' } as const;

describe('taints and tolerations (core/v1 Toleration.ToleratesTaint)', () => {
  const UNTOLERATED = 'node(s) had untolerated taint(s)';
  it.each<{ taint: Parameters<typeof tainted>[0]; tolerations: Tolerations; reason: string | undefined }>([
    { taint: EDGE, tolerations: [], reason: UNTOLERATED },
    { taint: EDGE, tolerations: [{ key: EDGE.key, operator: 'Exists' }], reason: undefined },
    {
      taint: EDGE,
      tolerations: [{ key: EDGE.key, operator: 'Exists', effect: 'NoSchedule' }],
      reason: undefined,
    },
    {
      taint: EDGE,
      tolerations: [{ key: EDGE.key, operator: 'Exists', effect: 'NoExecute' }],
      reason: UNTOLERATED,
    },
    { taint: EDGE, tolerations: [{ operator: 'Exists' }], reason: undefined },
    { taint: EDGE, tolerations: [{ key: 'other', operator: 'Exists' }], reason: UNTOLERATED },
    { taint: EDGE, tolerations: [{ key: EDGE.key }], reason: undefined },
    { taint: GPU, tolerations: [{ key: 'gpu', value: 'a100' }], reason: undefined },
    { taint: GPU, tolerations: [{ key: 'gpu', operator: 'Equal', value: 'h100' }], reason: UNTOLERATED },
    { taint: { ...GPU, effect: 'PreferNoSchedule' }, tolerations: [], reason: undefined },
    { taint: { ...GPU, effect: 'NoExecute' }, tolerations: [], reason: UNTOLERATED },
  ])('$taint.key $taint.effect, tolerations $tolerations: $reason', ({ taint, tolerations, reason }) => {
    expect(refusalOf({ tolerations }, tainted(taint))).toBe(reason);
  });

  it('a node that is not ready counts as tainted', () => {
    const { object } = simNode('node-1');
    const status = { ...object.status, conditions: [{ type: 'Ready', status: 'False' }] };
    expect(refusalOf({}, simNode('node-1', { object: { ...object, status } }))).toBe(UNTOLERATED);
  });
});

describe('cordon and selector', () => {
  it('leave a node out', () => {
    expect(refusalOf({}, simNode('node-1', { unschedulable: true }))).toBe('node(s) were unschedulable');
    expect(refusalOf({ nodeSelector: { disk: 'ssd' } })).toBe(
      "node(s) didn't match Pod's node affinity/selector",
    );
    expect(refusalOf({})).toBeUndefined();
  });
});

describe('NodeResourcesFit (fit.go: by requests)', () => {
  const node = () => simNode('node-1', { allocatable: { cpuMilli: 1000, memoryBytes: 1000, pods: 3 } });
  it.each([
    { what: 'exactly what is left', cpuMilli: 900, memoryBytes: 1000, reason: undefined },
    { what: 'a little more CPU', cpuMilli: 901, memoryBytes: 0, reason: 'Insufficient cpu' },
    { what: 'a little more memory', cpuMilli: 0, memoryBytes: 1001, reason: 'Insufficient memory' },
    { what: 'nothing', cpuMilli: 0, memoryBytes: 0, reason: undefined },
  ])('$what: $reason', ({ cpuMilli, memoryBytes, reason }) => {
    const there = node();
    there.pods.add(simPod('there'));
    expect(refusalOf({}, there, { cpuMilli, memoryBytes })).toBe(reason);
  });

  it('counts pods, also those that are only assumed', () => {
    const info = createNodeInfo(node());
    for (const name of ['a', 'b', 'c'])
      addPod(info, simPod(name, { requests: { cpuMilli: 0, memoryBytes: 0 } }));
    const pod = simPod('new', { requests: { cpuMilli: 0, memoryBytes: 0 } });
    expect(FILTERS.map(({ refusal }) => refusal(pod, info))).toContain('Too many pods');
  });
});
