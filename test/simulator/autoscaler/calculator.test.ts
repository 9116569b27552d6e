import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { proposeReplicas } from '../../../src/simulator/autoscaler/calculator.ts';
import { type PodState, questionOf, type Situation } from './questions.ts';

type Row = readonly [
  name: string,
  current: number,
  target: number,
  usage: Situation['usage'],
  replicas: number,
  percent: number,
  over?: Partial<Situation>,
];

const two = (state: PodState): readonly PodState[] => ['ready', 'ready', state, state];
const lastTwo = (state: PodState): readonly PodState[] => ['ready', 'ready', 'ready', state, state];
const FIVE = [100, 300, 500, 250, 250];
const MIXED = [900, 1000, 1100];

// pkg/controller/podautoscaler/replica_calculator_test.go of 1.36, by the names of its tests.
const rows: readonly Row[] = [
  ['ScaleUp', 3, 30, [300, 500, 700], 5, 50],
  ['ScaleUpUnreadyLessScale', 3, 30, [300, 500, 700], 4, 60, { states: ['unready'] }],
  ['ScaleUpHotCpuLessScale', 3, 30, [300, 500, 700], 4, 60, { states: ['hot'] }],
  ['ScaleUpUnreadyNoScale', 3, 30, [400, 500, 700], 3, 40, { states: ['ready', 'unready', 'unready'] }],
  ['ScaleUpIgnoresFailedPods', 2, 30, [500, 700], 4, 60, { states: two('failed') }],
  ['ScaleUpIgnoresDeletionPods', 2, 30, [500, 700], 4, 60, { states: two('deleted') }],
  ['ScaleDown', 5, 50, FIVE, 3, 28],
  ['ScaleDownExcludeUnreadyPods', 5, 50, FIVE, 2, 30, { states: lastTwo('unready') }],
  ['ScaleDownExcludeUnscheduledPods', 5, 50, [100], 1, 10, { states: ['ready', ...pending(4)] }],
  ['ScaleDownIgnoreHotCpuPods', 5, 50, FIVE, 2, 30, { states: lastTwo('hot') }],
  ['ScaleDownIgnoresFailedPods', 5, 50, FIVE, 3, 28, { states: [...ready(5), 'failed', 'failed'] }],
  ['ScaleDownIgnoresDeletionPods', 5, 50, FIVE, 3, 28, { states: [...ready(5), 'deleted', 'deleted'] }],
  ['Tolerance', 3, 100, [1010, 1030, 1020], 3, 102, { request: MIXED }],
  ['SuperfluousMetrics', 4, 100, [4000, 9500, 3000, 7000, 3200, 2000], 24, 587],
  ['MissingMetrics', 4, 100, [400, 95], 3, 24],
  ['MissingMetricsNoChangeEq', 2, 100, [1000], 2, 100],
  ['MissingMetricsNoChangeGt', 2, 100, [1900], 2, 190],
  ['MissingMetricsNoChangeLt', 2, 100, [600], 2, 60],
  ['MissingMetricsUnreadyChange', 3, 50, [100, 450], 3, 45, { states: ['unready'] }],
  ['MissingMetricsHotCpuNoChange', 3, 50, [100, 450], 3, 45, { states: ['hot'] }],
  ['MissingMetricsUnreadyScaleUp', 3, 50, [100, 2000], 4, 200, { states: ['unready'] }],
  ['MissingMetricsHotCpuScaleUp', 3, 50, [100, 2000], 4, 200, { states: ['hot'] }],
  ['MissingMetricsUnreadyScaleDown', 4, 50, [100, 100, 100], 3, 10, { states: ['unready'] }],
  [
    'MissingMetricsScaleDownTargetOver100',
    ...([4, 300, [200, 100, 100], 2, 6] as const),
    { states: ['unready'], request: [1000, 1000, 2000, 2000] },
  ],
  ['DuringRollingUpdateWithMaxSurge', 2, 50, [100, 100], 2, 10, { states: ready(3) }],
  ['0 % tolerance', 3, 100, [909, 1010, 1111], 4, 101, { request: MIXED, tolerances: [0, 0] }],
  ['200 % up', 3, 100, [1890, 1910, 1900], 3, 190, { request: MIXED, tolerances: [0.1, 2] }],
  ['8 % up, 200 % down', 3, 100, [1100, 1080, 1090], 4, 109, { request: MIXED, tolerances: [2, 0.08] }],
  ['36 % down', 3, 100, [660, 640, 650], 3, 65, { request: MIXED, tolerances: [0.36, 0.1] }],
  ['34 % down', 3, 100, [660, 640, 650], 2, 65, { request: MIXED, tolerances: [0.34, 0.1] }],
];

const withFirst = (first: number, seconds: readonly number[]) => seconds.map((second) => [first, second]);
const second = { container: 'second' } as const;

// The same file, its tests with a container.
const containerRows: readonly Row[] = [
  ['ContainerScaleUp', 3, 30, withFirst(1000, [300, 500, 700]), 5, 50, second],
  [
    'ScaleUpContainerHotCpuLessScale',
    ...([3, 30, withFirst(0, [300, 500, 700]), 4, 60] as const),
    { ...second, states: ['hot'] },
  ],
  [
    'MissingContainerMetricScaleUpIgnoresFailedPods',
    ...([2, 30, [[1000, 500], [9000, 700], [1000], [9000]], 4, 60] as const),
    { ...second, states: two('failed') },
  ],
  ['ContainerScaleDown', 5, 50, withFirst(1000, FIVE), 3, 28, second],
  [
    'ScaleDownContainerExcludeUnscheduledPods',
    ...([5, 50, withFirst(1000, FIVE), 1, 10] as const),
    { ...second, states: ['ready', ...pending(4)] },
  ],
];

function ready(count: number): readonly PodState[] {
  return Array<PodState>(count).fill('ready');
}

function pending(count: number): readonly PodState[] {
  return Array<PodState>(count).fill('pending');
}

const cases = [...rows, ...containerRows].map(
  ([name, current, target, usage, replicas, utilizationPercent, over]) => ({
    name,
    question: questionOf({ current, target, usage, ...over }),
    proposal: { replicas, utilizationPercent },
  }),
);

describe('replicas for a utilization', () => {
  it.each(cases)('$name', ({ question, proposal }) => {
    expect(proposeReplicas(question)).toMatchObject({ ok: true, value: proposal });
  });

  it.each([
    { name: 'all pods', situation: { usage: FIVE }, averageMilli: 560 },
    { name: 'ready pods only', situation: { usage: FIVE, states: lastTwo('hot') }, averageMilli: 600 },
    { name: 'one container', situation: { usage: withFirst(1000, FIVE), ...second }, averageMilli: 280 },
    { name: 'cut to whole millicores', situation: { usage: [400, 95, 0.1] }, averageMilli: 330 },
  ])('the average value beside it: $name', ({ situation, averageMilli }) => {
    const proposal = proposeReplicas(questionOf({ current: 5, target: 50, ...situation }));
    expect(proposal).toMatchObject({ value: { averageMilli } });
  });
});

describe('rounding', () => {
  it.each([
    { name: 'usage goes up to whole millicores, container by container', usage: [[0.1, 0.1]], percent: 100 },
    { name: 'whole numbers stay', usage: [[1, 1]], percent: 100 },
    { name: 'the percentage is cut', usage: [[2, 1]], percent: 150 },
  ])('$name', ({ usage, percent }) => {
    const proposal = proposeReplicas(questionOf({ current: 1, target: 100, request: 0.3, usage }));
    expect(proposal).toMatchObject({ value: { utilizationPercent: percent } });
  });

  it('99.9 % is 99 %', () => {
    const question = questionOf({ current: 1, target: 99, request: 500, usage: [[499, 500]] });
    expect(proposeReplicas(question)).toMatchObject({ value: { utilizationPercent: 99, replicas: 1 } });
  });
});

describe('a proposal', () => {
  const situations = fc.record({
    current: fc.integer({ min: 1, max: 12 }),
    target: fc.integer({ min: 1, max: 300 }),
    usage: fc.array(fc.integer({ min: 0, max: 3000 }), { minLength: 1, maxLength: 12 }),
    states: fc.array(fc.constantFrom<PodState>('ready', 'unready', 'hot', 'pending'), { maxLength: 12 }),
  });

  it('goes the way that usage points, or nowhere, when there are as many pods as replicas', () => {
    fc.assert(
      fc.property(situations, ({ current, ...situation }) => {
        const states = situation.states.slice(0, current);
        const usage = situation.usage.slice(0, current);
        const proposal = proposeReplicas(questionOf({ ...situation, current, states, usage }));
        if (!proposal.ok) return;
        const { replicas, utilizationPercent = 0 } = proposal.value;
        if (utilizationPercent >= situation.target) expect(replicas).toBeGreaterThanOrEqual(current);
        if (utilizationPercent <= situation.target) expect(replicas).toBeLessThanOrEqual(current);
      }),
    );
  });

  it('is what there is within the tolerance', () => {
    const ratios = fc.integer({ min: 91, max: 109 });
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 40 }),
        fc.integer({ min: 1, max: 3 }),
        ratios,
        (current, times, percent) => {
          const usage = Array<number>(current).fill(times * percent * 10);
          const proposal = proposeReplicas(questionOf({ current, target: times * 100, usage }));
          expect(proposal).toMatchObject({ value: { replicas: current } });
        },
      ),
    );
  });
});
