import type { ExpectationOf } from '../../trace/expectations.ts';
import type { PodResult } from '../result.ts';
import type { Outcome, Run } from './check.ts';
import { podsOf } from './select.ts';

export function checkPending(expectation: ExpectationOf<'pendingAtMost'>, run: Run): Outcome {
  const limitMs = expectation.duration;
  const waits = podsOf(run, expectation.workload).map((pod) => ({ pod, ms: waitedMs(pod, run.endMs) }));
  const longest = waits.reduce((most, { ms }) => Math.max(most, ms), 0);
  const base = {
    expected: `no pod waits for a node for longer than ${limitMs / 1000} s`,
    found: `${waits.length} pods, the longest waited ${Math.round(longest) / 1000} s`,
  };
  const late = waits.find(({ ms }) => ms > limitMs);
  if (late === undefined) return { ...base, held: true };
  const { pod } = late;
  const first = pod.attempts[0];
  const reasons = Object.entries(first?.reasons ?? {}).map(
    ([reason, nodes]) => `${nodes} node(s): ${reason}`,
  );
  return {
    ...base,
    held: false,
    diverged: {
      atMs: first?.atMs ?? pod.createdAtMs,
      what: `${pod.namespace}/${pod.name} was not placed at once; ${reasons.join(', ') || 'no attempt was made'}`,
      decision: first?.decision,
    },
  };
}

function waitedMs({ createdAtMs, boundAtMs, terminatingAtMs }: PodResult, endMs: number): number {
  return (boundAtMs ?? terminatingAtMs ?? endMs) - createdAtMs;
}
