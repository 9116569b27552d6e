import { describe, expect, it } from 'vitest';
import { proposeReplicas } from '../../../src/simulator/autoscaler/calculator.ts';
import { settingsOf } from '../../../src/simulator/autoscaler/settings.ts';
import { questionOf, type Situation } from './questions.ts';

type Row = readonly [
  name: string,
  current: number,
  targetMilli: number,
  usage: Situation['usage'],
  replicas: number,
  averageMilli: number,
  over?: Partial<Situation>,
];

// calcPlainMetricReplicas in replica_calculator.go of 1.36. Usage is of each of two containers. The first and
// the fifth are numbers of replica_calculator_test.go, where the metric is another than CPU.
const rows: readonly Row[] = [
  ['ScaleUpCM: the mean of the pods', 3, 15_000, [10_000, 5000, 15_000], 4, 20_000],
  ['missing pods are on target when scaling down', 5, 1000, [100, 100, 100], 3, 200],
  ['missing pods are idle when scaling up', 3, 1000, [1000, 1000], 4, 2000],
  ['missing pods take the sense out of a step', 3, 1000, [700, 700], 3, 1400],
  ['PlainMetricReplicaCalcMissingMetricsNoChangeEq', 5, 20_000, [10_000, 9500, 10_500], 5, 20_000],
  ['unready pods are idle when scaling up', 3, 1000, [300, 1000, 1000], 4, 2000, { states: ['unready'] }],
  ['unready pods are left out when scaling down', 3, 1000, [5, 100, 100], 1, 200, { states: ['unready'] }],
  ['a request is not needed', 1, 100, [200], 4, 400, { request: 'none' }],
  [
    'the mean is cut',
    2,
    100,
    [
      [50, 51],
      [50, 50],
    ],
    2,
    100,
    { tolerances: [0, 0] },
  ],
  [
    'one container',
    2,
    100,
    [
      [900, 200],
      [900, 200],
    ],
    4,
    200,
    { container: 'second' },
  ],
  ['metrics of pods that are gone count', 1, 1000, [500, 1500], 2, 2000],
];

const cases = rows.map(([name, current, targetMilli, usage, replicas, averageMilli, over]) => ({
  name,
  question: questionOf({ current, target: { averageMilli: targetMilli }, usage, ...over }),
  proposal: { replicas, averageMilli },
}));

describe('replicas for an average value', () => {
  it.each(cases)('$name', ({ question, proposal }) => {
    expect(proposeReplicas(question)).toEqual({ ok: true, value: proposal });
  });
});

describe('no proposal', () => {
  const all = { current: 1, target: 100, usage: [200] } as const;
  const inContainer = { ...all, container: 'third' };
  it.each([
    {
      name: 'DisjointResourcesMetrics: only of pods that are gone',
      question: { ...questionOf(all), pods: questionOf({ ...all, current: 2 }).pods.slice(1) },
      error: 'no metrics returned matched known pods',
    },
    {
      name: 'EmptyMetrics',
      question: questionOf({ ...all, usage: [] }),
      error: 'unable to get metrics for resource cpu: no metrics returned from resource metrics API',
    },
    {
      name: 'EmptyCPURequest',
      question: questionOf({ ...all, request: 'none' }),
      error: 'missing request for cpu in container first of Pod pod-0',
    },
    {
      name: 'a deleted pod without request',
      question: questionOf({ ...all, request: [1000], states: ['ready', 'deleted'] }),
      error: 'missing request for cpu in container first of Pod pod-1',
    },
    {
      name: 'no pods',
      question: questionOf({ ...all, current: 0 }),
      error: 'no pods returned by selector while calculating replica count',
    },
    {
      name: 'all pods unready',
      question: questionOf({ ...all, states: ['unready'] }),
      error: 'did not receive metrics for targeted pods (pods might be unready)',
    },
    {
      name: 'the metrics API is down',
      question: { ...questionOf(all), samples: { ok: false, error: 'no server' } as const },
      error:
        'unable to get metrics for resource cpu: unable to fetch metrics from resource metrics API: no server',
    },
    {
      name: 'a container that no pod has',
      question: questionOf(inContainer),
      error: 'did not receive metrics for targeted pods (pods might be unready)',
    },
    {
      name: 'a container that only the metrics have',
      question: {
        ...questionOf({ ...all, container: 'second' }),
        pods: questionOf(all).pods.map((pod) => ({ ...pod, containers: pod.containers.slice(0, 1) })),
      },
      error: 'container second not found in Pod pod-0',
    },
    {
      name: 'a container that no pod has, before 1.33',
      question: questionOf({ ...inContainer, settings: settingsOf('1.32') }),
      error:
        'unable to get metrics for resource cpu: failed to get container metrics: container third not present in metrics for pod fn/pod-0',
    },
  ])('$name', ({ question, error }) => {
    expect(proposeReplicas(question)).toEqual({ ok: false, error });
  });
});
