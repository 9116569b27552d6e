import { checkExpectations, type Run } from '../simulator/expect/check.ts';
import { POLICIES, policyName } from '../simulator/policies/policy.ts';
import type { ExpectationResult } from '../simulator/result.ts';
import type { Expectation } from '../simulator/trace/expectations.ts';
import type { Trace } from '../simulator/trace/schema.ts';

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
