import { describe, expect, it } from 'vitest';
import type { ContainerObject } from '../../../../src/picture/objects.ts';
import { estimatePod } from '../../../../src/simulator/policies/koordinator/estimate.ts';
import {
  type Amount,
  type AssignedPod,
  estimatedUsed,
  LOAD_AWARE_ARGS,
  leastUsedScore,
  type NodeReport,
  usageRefusal,
} from '../../../../src/simulator/policies/koordinator/load-aware.ts';

const GI = 1024 ** 3;
const SCALING = LOAD_AWARE_ARGS.estimatedScalingPercents;
const INTERVAL_MS = 60_000;
const NOW_MS = 1_000_000;

/** CPU in whole CPUs, memory in Gi, as the published cases write them. */
function amount(cpus: number, gi: number): Amount {
  return { cpuMilli: cpus * 1000, memoryBytes: gi * GI };
}

type Quantities = Readonly<Record<string, string>>;
const container = (requests: Quantities, limits: Quantities = {}) => ({ resources: { requests, limits } });
const guaranteed = (cpu: string, memory: string) => container({ cpu, memory }, { cpu, memory });
const podOf = (only: ContainerObject) => estimatePod({ containers: [only] }, SCALING);

/** The nodes of the published cases: 96 CPU, 512 Gi. */
const ALLOCATABLE = amount(96, 512);
const POD = podOf(guaranteed('16', '32Gi'));

function report(node: Amount, pods: Readonly<Record<string, Amount>> = {}, atMs = NOW_MS): NodeReport {
  return { atMs, node, pods: new Map(Object.entries(pods)) };
}

function assigned(key: string, sinceMs: number): AssignedPod {
  return { key, assignedAtMs: NOW_MS - sinceMs, estimate: POD };
}

// koordinator-sh/koordinator v1.6.0, loadaware/estimator/default_estimator_test.go, TestDefaultEstimatorEstimatePod.
describe('what a pod is estimated to use, as published', () => {
  it.each([
    { name: 'empty pod', container: {}, cpuMilli: 250, memoryBytes: 209_715_200 },
    {
      name: 'guaranteed pod',
      container: guaranteed('4', '8Gi'),
      cpuMilli: 3400,
      memoryBytes: 6_012_954_214,
    },
    {
      name: 'burstable pod',
      container: container({ cpu: '4', memory: '8Gi' }, { cpu: '8', memory: '8Gi' }),
      cpuMilli: 6800,
      memoryBytes: 6_012_954_214,
    },
    {
      name: 'zoomed CPU, capped by the limit',
      container: guaranteed('4', '8Gi'),
      scaling: { cpuMilli: 110 },
      cpuMilli: 4000,
      memoryBytes: 6_012_954_214,
    },
    {
      name: 'zoomed memory, capped by the limit',
      container: guaranteed('4', '8Gi'),
      scaling: { memoryBytes: 110 },
      cpuMilli: 3400,
      memoryBytes: 8_589_934_592,
    },
    {
      name: 'requests only',
      container: container({ cpu: '4', memory: '8Gi' }),
      scaling: { cpuMilli: 80, memoryBytes: 80 },
      cpuMilli: 3200,
      memoryBytes: 6_871_947_674,
    },
  ])('$name', ({ container: only, scaling = {}, cpuMilli, memoryBytes }) => {
    expect(estimatePod({ containers: [only] }, { ...SCALING, ...scaling })).toEqual({
      cpuMilli,
      memoryBytes,
    });
  });

  it('takes a limit for a missing request, the largest init container, and adds the overhead', () => {
    const spec = {
      containers: [{ resources: { limits: { cpu: '1' } } }],
      initContainers: [container({ cpu: '2' })],
      overhead: { cpu: '100m' },
    };
    expect(estimatePod(spec, { cpuMilli: 50, memoryBytes: 50 }).cpuMilli).toBe(1050);
  });
});

// koordinator-sh/koordinator v1.6.0, loadaware/load_aware_test.go, TestScore.
describe('the score of a node, as published', () => {
  const nothing = report(amount(0, 0));
  const busy = report(amount(32, 10));
  it.each([
    { name: 'empty node', node: nothing, pod: POD, score: 90 },
    { name: 'loaded node', node: busy, pod: POD, score: 72 },
    { name: 'just assigned pod', node: busy, pod: POD, pods: [assigned('default/a', 0)], score: 63 },
    {
      name: 'assigned after the report',
      node: report(amount(32, 10), {}, NOW_MS - 10_000),
      pod: POD,
      pods: [assigned('default/a', 0)],
      score: 63,
    },
    {
      name: 'assigned within the interval before the report',
      node: busy,
      pod: POD,
      pods: [assigned('default/a', 10_000)],
      score: 63,
    },
    {
      name: 'request less than limit',
      node: nothing,
      pod: podOf(container({ cpu: '8', memory: '16Gi' }, { cpu: '16', memory: '32Gi' })),
      score: 90,
    },
    { name: 'empty pod', node: nothing, pod: podOf(container({})), score: 99 },
  ])('$name: $score', ({ node, pod, pods = [], score }) => {
    const used = estimatedUsed(node, pods, pod, INTERVAL_MS);
    expect(leastUsedScore(used, ALLOCATABLE, LOAD_AWARE_ARGS.weights)).toBe(score);
  });

  it('is 0 for a resource that is exceeded, or that the node does not have', () => {
    expect(leastUsedScore(amount(97, 0), ALLOCATABLE, { cpuMilli: 1, memoryBytes: 0 })).toBe(0);
    const none = { cpuMilli: 96_000, memoryBytes: Number.POSITIVE_INFINITY };
    expect(leastUsedScore(amount(0, 1), none, LOAD_AWARE_ARGS.weights)).toBe(50);
  });
});

// koordinator-sh/koordinator v1.6.0, loadaware/load_aware_test.go, TestFilterUsage, whose pod is empty there.
describe('what refuses a node, as published', () => {
  it.each([
    { name: 'normal usage', node: amount(60, 256), refusal: undefined },
    { name: 'CPU exceeded', node: amount(70, 256), refusal: 'node(s) cpu usage exceed threshold' },
    { name: 'memory exceeded', node: amount(30, 500), refusal: 'node(s) memory usage exceed threshold' },
    {
      name: 'memory exceeded by a lower threshold',
      node: amount(30, 316),
      thresholds: { cpuMilli: 65, memoryBytes: 60 },
      refusal: 'node(s) memory usage exceed threshold',
    },
    {
      name: 'memory of no interest',
      node: amount(30, 500),
      thresholds: { cpuMilli: 65, memoryBytes: 0 },
      refusal: undefined,
    },
  ])('$name', ({ node, thresholds = LOAD_AWARE_ARGS.usageThresholdPercents, refusal }) => {
    const used = estimatedUsed(report(node), [], podOf(container({})), INTERVAL_MS);
    expect(usageRefusal(used, ALLOCATABLE, thresholds)).toBe(refusal);
  });

  it('is rounded to whole percents: 65.4 % is not above 65', () => {
    const thresholds = LOAD_AWARE_ARGS.usageThresholdPercents;
    expect(usageRefusal(amount(62.8, 0), ALLOCATABLE, thresholds)).toBe(undefined);
    expect(usageRefusal(amount(62.9, 0), ALLOCATABLE, thresholds)).toBe('node(s) cpu usage exceed threshold');
  });
});

describe('what a node is estimated to use', () => {
  const settledMs = 10 * INTERVAL_MS;
  it.each([
    { name: 'a settled pod is in the usage of the node', since: settledMs, usage: 20, node: 30, cpus: 30 },
    { name: 'a new pod counts with its estimate', since: 0.5, usage: 1, node: 30, cpus: 30 - 1 + 13.6 },
    { name: 'or with its usage where that is more', since: 0.5, usage: 20, node: 30, cpus: 30 },
    { name: 'a pod without usage with its estimate', since: settledMs, node: 30, cpus: 30 + 13.6 },
    { name: 'usage is not taken off a smaller one', since: 0.5, usage: 20, node: 10, cpus: 10 + 20 },
    { name: 'a pod of the very moment of the report is settled', since: 0, usage: 20, node: 30, cpus: 30 },
  ])('$name', ({ since, usage, node, cpus }) => {
    const pods = usage === undefined ? {} : { 'fn/a': amount(usage, 0) };
    const used = estimatedUsed(
      report(amount(node, 0), pods),
      [assigned('fn/a', since)],
      amount(0, 0),
      INTERVAL_MS,
    );
    expect(used.cpuMilli).toBeCloseTo(cpus * 1000, 6);
  });
});
