import { describe, expect, it } from 'vitest';
import { encodeDecision, encodeScores } from '../../src/extender/encode.ts';
import { NO_ANNOTATION_PROBLEMS } from '../../src/placement/annotations.ts';
import type { CandidateVerdict, Decision } from '../../src/placement/decision.ts';
import { REASONS, type Reason, reasonText } from '../../src/placement/reasons.ts';
import { policy } from '../builders.ts';
import { podObject } from './scene.ts';

function pending(candidates: readonly CandidateVerdict[]): Decision {
  return {
    pod: { uid: 'uid', namespace: 'default', name: 'web-1' },
    atMs: 0,
    policy: policy(),
    estimate: { milli: 100, source: 'default' },
    result: 'pending',
    reason: 'no-candidate',
    nodes: [],
    candidates,
  };
}

describe('reasons', () => {
  const resolvable: readonly Reason[] = ['edge-above-threshold', 'edge-above-limit', 'edge-not-resumed'];
  const reasons = Object.keys(REASONS) as readonly Reason[];

  it.each(reasons)('%s: preemption looks at the node only if evicting pods can help', (reason) => {
    const question = { pod: podObject(), names: ['n'], nodes: undefined };
    const text = encodeDecision(
      pending([{ node: 'n', verdict: 'refused', reason }]),
      question,
      NO_ANNOTATION_PROBLEMS,
    );
    const { FailedNodes: failed, FailedAndUnresolvableNodes: unresolvable } = JSON.parse(text);
    const expected = { n: reasonText(reason) };
    expect([failed, unresolvable]).toEqual(resolvable.includes(reason) ? [expected, {}] : [{}, expected]);
  });

  it('reach a node of any name', () => {
    const question = { pod: podObject(), names: ['__proto__'], nodes: undefined };
    const candidates = [{ node: '__proto__', verdict: 'refused', reason: 'node-unknown' }] as const;
    expect(encodeDecision(pending(candidates), question, NO_ANNOTATION_PROBLEMS)).toBe(
      '{"NodeNames":[],"FailedNodes":{},"FailedAndUnresolvableNodes":{"__proto__":"node not seen yet"}}',
    );
  });
});

describe('scores', () => {
  it.each([
    [7, 7],
    [6.5, 7],
    [-3, 0],
    [11, 10],
    [Number.NaN, 0],
    [Number.POSITIVE_INFINITY, 0],
  ])('are whole numbers from 0 to 10, since Go refuses the whole answer otherwise: %d', (score, expected) => {
    expect(JSON.parse(encodeScores([{ node: 'n', score }]))).toEqual([{ Host: 'n', Score: expected }]);
  });
});
