import { describe, expect, it } from 'vitest';
import { policyName } from '../../src/trace/policy.ts';
import { checkTrace, formatTraceProblems } from '../../src/trace/read.ts';
import { traceDocument, traceOf } from '../simulator/traces.ts';

describe('the policy of a trace', () => {
  it.each([
    { scheduler: {}, policy: 'spillway' },
    { scheduler: { extender: 'none' }, policy: 'default' },
    { scheduler: { extender: 'none', policy: 'trimaran' }, policy: 'trimaran' },
    { scheduler: { policy: 'random' }, policy: 'random' },
  ])('$scheduler: $policy', async ({ scheduler, policy }) => {
    expect(policyName(await traceOf(traceDocument({ scheduler })))).toBe(policy);
  });

  it.each([
    { scheduler: { policy: 'koordinater' }, problem: 'scheduler.policy: found "koordinater"' },
    {
      scheduler: { extender: 'none', policy: 'spillway' },
      problem: 'scheduler.policy: found "spillway", allowed: not spillway with extender none',
    },
  ])('$scheduler is refused', async ({ scheduler, problem }) => {
    const read = await checkTrace(traceDocument({ scheduler }));
    expect(read.ok ? '' : formatTraceProblems(read.problems)).toContain(problem);
  });
});
