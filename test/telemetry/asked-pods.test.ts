import { describe, expect, it } from 'vitest';
import { createAskedPods } from '../../src/telemetry/asked-pods.ts';

const NOW_MS = 1_000_000;
const pod = (uid: string, schedulerName = 'default-scheduler') => ({ uid, schedulerName });

describe('a pod that was bound', () => {
  it.each([
    { what: 'asked about here', bound: pod('a'), afterMs: 0, unasked: false },
    { what: 'not asked about, of a scheduler that asks here', bound: pod('b'), afterMs: 0, unasked: true },
    { what: 'of a scheduler that never asked', bound: pod('b', 'other'), afterMs: 0, unasked: false },
    { what: 'of a scheduler that asks no more', bound: pod('b'), afterMs: 600_001, unasked: false },
  ])('$what', ({ bound, afterMs, unasked }) => {
    const pods = createAskedPods();
    pods.asked(pod('a'), NOW_MS);
    expect(pods.isUnasked(bound, NOW_MS + afterMs)).toBe(unasked);
  });
});
