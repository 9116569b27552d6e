import { describe, expect, it } from 'vitest';
import { podEstimate, podLoad, skewRatio } from '../../src/placement/load.ts';
import type { PodFacts, WorkloadFacts } from '../../src/placement/types.ts';
import { maturePod, NOW_MS, pod, SETTINGS, sample, workload, workloadSample } from '../builders.ts';

const { load: settings } = SETTINGS;
const ENDED_MS = NOW_MS - 10_000;
const last = workloadSample(600, { endMs: ENDED_MS });
const before = (totalMilli: number) => workloadSample(totalMilli, { endMs: ENDED_MS - 15_000 });

function replicas(over: Partial<WorkloadFacts>): WorkloadFacts {
  return workload({ podCount: 2, samples: [before(600), last], ...over });
}

function loadsOf(facts: WorkloadFacts, pods: readonly PodFacts[]): readonly number[] {
  return pods.map((each) => podLoad({ ...each, workload: facts }, settings, NOW_MS).milli);
}

const measured = (usageMilli: number, over: Partial<PodFacts> = {}) =>
  maturePod(usageMilli, { sharing: 'shared', usage: sample(usageMilli, { endMs: ENDED_MS }), ...over });
const newPod = (over: Partial<PodFacts> = {}) => pod({ sharing: 'shared', ...over });

// Two mature replicas, 300m each, of a sample that ended 10 s ago.
const cases: readonly {
  readonly name: string;
  readonly workload: WorkloadFacts;
  readonly pods: readonly PodFacts[];
  readonly loadsMilli: readonly number[];
}[] = [
  {
    name: 'annotated, not mature',
    workload: replicas({}),
    pods: [newPod({ annotatedMilli: 250 })],
    loadsMilli: [250],
  },
  {
    name: 'annotated and mature: the measured load counts',
    workload: replicas({ podCount: 5 }),
    pods: [measured(300, { annotatedMilli: 250 })],
    loadsMilli: [120],
  },
  {
    name: 'the ReplicaSet wants 5, one new pod exists so far: measured ones are relieved too',
    workload: replicas({ replicas: 5, podCount: 3 }),
    pods: [measured(300), measured(300), newPod()],
    loadsMilli: [120, 120, 120],
  },
  {
    name: 'the ReplicaSet still says 2, but 5 pods exist',
    workload: replicas({ replicas: 2, podCount: 5 }),
    pods: [measured(300), newPod()],
    loadsMilli: [120, 120],
  },
  {
    name: 'a rising load is followed to now and the lead: (600 + 10 × (7.5 + 10 + 15)) / 5',
    workload: replicas({ replicas: 5, samples: [before(450), last] }),
    pods: [measured(300), newPod()],
    loadsMilli: [185, 185],
  },
  {
    name: 'a steep rise is bounded: 2 × 600 / 5',
    workload: replicas({ replicas: 5, samples: [before(100), last] }),
    pods: [newPod()],
    loadsMilli: [240],
  },
  {
    name: 'a falling load is not followed',
    workload: replicas({ replicas: 5, samples: [before(900), last] }),
    pods: [newPod()],
    loadsMilli: [120],
  },
  {
    name: 'replicas keep their skew: one measured at 200m, the other at 400m',
    workload: replicas({ replicas: 5 }),
    pods: [measured(200), measured(400), newPod()],
    loadsMilli: [80, 160, 120],
  },
  {
    name: 'a saturated node hides demand: at least the request',
    workload: replicas({ replicas: 10, saturated: true }),
    pods: [measured(300, { requestMilli: 130 }), newPod({ requestMilli: 130 })],
    loadsMilli: [130, 130],
  },
  {
    name: 'own load: the mean of mature siblings',
    workload: workload({ samples: [workloadSample(800)] }),
    pods: [pod()],
    loadsMilli: [400],
  },
  {
    name: 'own load: what it uses so far, when that is more',
    workload: workload({ samples: [workloadSample(800)] }),
    pods: [pod({ readyAtMs: NOW_MS - 5000, usage: sample(450) })],
    loadsMilli: [450],
  },
  {
    name: 'own load, mature: as measured',
    workload: workload({ samples: [workloadSample(800)] }),
    pods: [maturePod(30, { requestMilli: 500 })],
    loadsMilli: [30],
  },
  {
    name: 'no measured sibling: the request, or the default',
    workload: workload(),
    pods: [newPod({ requestMilli: 200 }), newPod(), pod({ requestMilli: 200 }), pod()],
    loadsMilli: [200, 100, 200, 100],
  },
];

describe('load of a pod', () => {
  it.each(cases)('$name', ({ workload: facts, pods, loadsMilli }) => {
    const loads = loadsOf(facts, pods);
    expect(loads).toHaveLength(loadsMilli.length);
    loads.forEach((milli, index) => void expect(milli).toBeCloseTo(loadsMilli[index] ?? Number.NaN, 6));
  });

  it('a rise is no fall, seen by a clock that was set back an hour', () => {
    const rising = newPod({ workload: replicas({ replicas: 5, samples: [before(450), last] }) });
    expect(podLoad(rising, settings, NOW_MS - 3_600_000).milli).toBe(120);
  });

  it.each([
    { usageMilli: 30, skew: 0.5 },
    { usageMilli: 150, skew: 0.5 },
    { usageMilli: 450, skew: 1.5 },
    { usageMilli: 6000, skew: 2 },
  ])('skew of a replica at $usageMilli m among siblings of 300m is $skew', ({ usageMilli, skew }) => {
    expect(skewRatio(measured(usageMilli, { workload: replicas({}) }))).toBe(skew);
  });

  it.each([
    { name: 'annotated', pod: newPod({ annotatedMilli: 70 }), source: 'annotated', milli: 70 },
    {
      name: 'annotated though mature',
      pod: measured(9, { annotatedMilli: 70 }),
      source: 'annotated',
      milli: 70,
    },
    { name: 'shared', pod: newPod({ workload: replicas({ replicas: 5 }) }), source: 'shared', milli: 120 },
    { name: 'siblings', pod: pod({ workload: replicas({}) }), source: 'siblings', milli: 300 },
    { name: 'request', pod: newPod({ requestMilli: 10 }), source: 'request', milli: 10 },
    { name: 'default', pod: pod(), source: 'default', milli: 100 },
  ])('estimate of a pod like it: $name', ({ pod: facts, source, milli }) => {
    expect(podEstimate(facts, settings, NOW_MS)).toEqual({ source, milli });
  });
});
