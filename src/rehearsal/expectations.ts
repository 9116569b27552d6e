import { checkExpectations, type Run } from '../outcome/expect/check.ts';
import type { ExpectationResult } from '../outcome/result.ts';
import { POLICIES } from '../simulator/policies/policy.ts';
import type { Expectation } from '../trace/expectations.ts';
import { policyName } from '../trace/policy.ts';
import type { Trace } from '../trace/schema.ts';

const NOT_KNOWN = "not known without Spillway's decisions: --spillway says where they are read";

/**
 * Holds a rehearsal against what its trace expects. An expectation that is judged by decisions does not hold when
 * nobody told of them: that none was wrong would be no news.
 *
 * @param isTold whether Spillway's decisions were read
 */
export function checkRehearsal(trace: Trace, run: Run, isTold: boolean): readonly ExpectationResult[] {
  const isBlind = !isTold && POLICIES[policyName(trace)].asksSpillway;
  return trace.expect.flatMap((expectation) =>
    checkExpectations({ ...trace, expect: [expectation] }, run).map((result) => {
      if (!isBlind || !isJudgedByDecisions(expectation)) return result;
      const { type, note, expected } = result;
      return { type, note, expected, held: false, found: NOT_KNOWN };
    }),
  );
}

function isJudgedByDecisions(expectation: Expectation): boolean {
  if (expectation.type === 'noCloudWhileEdgeFits') return true;
  // Absent: all measures.
  return expectation.type === 'edgeBelowThreshold' && expectation.of?.includes('planned') !== false;
}
