import { describe, expect, it } from 'vitest';
import { groupPods, type PodGroups } from '../../../src/simulator/autoscaler/groups.ts';
import { DEFAULT_FLAGS } from '../../../src/simulator/autoscaler/settings.ts';
import type { AutoscaledPod } from '../../../src/simulator/autoscaler/types.ts';
import type { PodUsage } from '../../../src/simulator/autoscaler/usage.ts';
import { NOW_MS, podOf } from './questions.ts';

const UPSTREAM_FLAGS = {
  ...DEFAULT_FLAGS,
  cpuInitializationPeriodMs: 120_000,
  initialReadinessDelayMs: 10_000,
};

interface Case {
  readonly name: string;
  readonly phase?: AutoscaledPod['phase'];
  readonly deleted?: true;
  /** Seconds before now. */
  readonly started?: number;
  readonly ready?: readonly [status: 'True' | 'False' | 'Unknown', secondsBeforeNow: number];
  /** Seconds before now at which the sample ends, and its window. */
  readonly sample?: readonly [ended: number, windowSeconds: number] | undefined;
  readonly group: keyof PodGroups;
}

const OLD_SAMPLE = [1000, 0] as const;

// TestGroupPods of replica_calculator_test.go in 1.36: its pods are Succeeded, which is as good as Running.
const upstream: readonly Case[] = [
  { name: 'no ready condition', started: 0, sample: OLD_SAMPLE, group: 'unready' },
  {
    name: 'fresh metrics while it starts',
    started: 60,
    ready: ['True', 30],
    sample: [0, 30],
    group: 'ready',
  },
  { name: 'no fresh metrics then', started: 60, ready: ['True', 30], sample: [0, 60], group: 'unready' },
  { name: 'never ready, 6 s', started: 600, ready: ['False', 594], sample: OLD_SAMPLE, group: 'unready' },
  { name: 'no fresh metrics later', started: 180, ready: ['True', 180], sample: [120, 60], group: 'ready' },
  { name: 'was ready before', started: 600, ready: ['False', 540], sample: OLD_SAMPLE, group: 'ready' },
  { name: 'unready since 10 s', started: 600, ready: ['False', 590], sample: OLD_SAMPLE, group: 'ready' },
  { name: 'without metrics', started: 180, sample: undefined, group: 'missing' },
  { name: 'pending', phase: 'Pending', sample: undefined, group: 'unready' },
  { name: 'deleted, and pending', phase: 'Pending', deleted: true, sample: OLD_SAMPLE, group: 'ignored' },
  { name: 'failed', phase: 'Failed', sample: OLD_SAMPLE, group: 'ignored' },
];

// With the default flags.
const further: readonly Case[] = [
  { name: 'pending, though it has metrics', phase: 'Pending', sample: [0, 15], group: 'unready' },
  { name: 'failed, without metrics', phase: 'Failed', sample: undefined, group: 'ignored' },
  { name: 'never started', phase: 'Running', ready: ['True', 10], sample: [0, 5], group: 'unready' },
  {
    name: 'a window that began before',
    started: 60,
    ready: ['True', 30],
    sample: [10, 21],
    group: 'unready',
  },
  { name: 'a window that began with it', started: 60, ready: ['True', 30], sample: [10, 20], group: 'ready' },
  { name: 'unready while it starts', started: 60, ready: ['False', 50], sample: [0, 15], group: 'unready' },
  { name: 'unknown while it starts', started: 60, ready: ['Unknown', 50], sample: [0, 15], group: 'ready' },
  { name: 'unknown since its start', started: 600, ready: ['Unknown', 600], sample: [0, 15], group: 'ready' },
  { name: 'at 299 s', started: 299, ready: ['True', 10], sample: [0, 15], group: 'unready' },
  { name: 'at 300 s', started: 300, ready: ['True', 10], sample: [0, 15], group: 'ready' },
  { name: 'unready since 29 s', started: 600, ready: ['False', 571], sample: [0, 15], group: 'unready' },
  { name: 'unready since 30 s', started: 600, ready: ['False', 570], sample: [0, 15], group: 'ready' },
];

function groupOf({ phase, deleted, started, ready, sample }: Case, flags: typeof DEFAULT_FLAGS) {
  const before = (seconds: number) => NOW_MS - seconds * 1000;
  const pod: AutoscaledPod = {
    ...podOf('pod', 'ready', 1000),
    phase: phase ?? 'Succeeded',
    deleted: deleted ?? false,
    ready: ready && { status: ready[0], lastTransitionMs: before(ready[1]) },
    startTimeMs: started === undefined ? undefined : before(started),
  };
  const usages = new Map<string, PodUsage>();
  if (sample !== undefined) {
    usages.set('pod', { milli: 1, timestampMs: before(sample[0]), windowMs: sample[1] * 1000 });
  }
  const groups = groupPods([pod], usages, NOW_MS, flags);
  return (['ready', 'unready', 'missing', 'ignored'] as const).filter((name) => groups[name].length > 0);
}

describe('a pod belongs to one group', () => {
  it.each(upstream)('$name: $group', (one) => expect(groupOf(one, UPSTREAM_FLAGS)).toEqual([one.group]));
  it.each(further)('$name: $group', (one) => expect(groupOf(one, DEFAULT_FLAGS)).toEqual([one.group]));
});
