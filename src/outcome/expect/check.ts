import type { Expectation } from '../../trace/expectations.ts';
import { policyName } from '../../trace/policy.ts';
import type { Trace } from '../../trace/schema.ts';
import type { Responses } from '../responses.ts';
import type { ExpectationResult, SimulationResult } from '../result.ts';
import { checkCloudWhileEdgeFits, checkEdgeFirst, checkPlaced } from './placement.ts';
import { checkPeakReplicas, checkPods } from './pods.ts';
import { checkFailedRequests, checkResponseTime } from './responses.ts';
import { checkFlapping, checkSizes } from './sizes.ts';
import { checkEdgeBelowThreshold } from './threshold.ts';
import { checkPending } from './waiting.ts';

export interface Run extends Omit<SimulationResult, 'expectations' | 'expectationsOfOtherPolicies'> {
  /** Every answer by itself, by workload: too many for the result. */
  readonly responses?: ReadonlyMap<string, Responses> | undefined;
}

/** What a check says; the type and note of the expectation come from the trace. */
export type Outcome = Omit<ExpectationResult, 'type' | 'note'>;

/** Holds a run against what its trace expects of it under the policy of the run. */
export function checkExpectations(trace: Trace, run: Run): readonly ExpectationResult[] {
  const name = policyName(trace);
  const applying = trace.expect.filter(
    ({ policy }) => policy === undefined || [policy].flat().includes(name),
  );
  return applying.map((expectation) => ({
    type: expectation.type,
    note: expectation.note,
    ...check(expectation, run),
  }));
}

function check(expectation: Expectation, run: Run): Outcome {
  switch (expectation.type) {
    case 'pods':
      return checkPods(expectation, run);
    case 'peakReplicas':
      return checkPeakReplicas(expectation, run);
    case 'placed':
      return checkPlaced(expectation, run);
    case 'edgeFirst':
      return checkEdgeFirst(expectation, run);
    case 'noCloudWhileEdgeFits':
      return checkCloudWhileEdgeFits(expectation, run);
    case 'edgeBelowThreshold':
      return checkEdgeBelowThreshold(expectation, run);
    case 'pendingAtMost':
      return checkPending(expectation, run);
    case 'sizes':
      return checkSizes(expectation, run);
    case 'noFlapping':
      return checkFlapping(expectation, run);
    case 'responseTime':
      return checkResponseTime(expectation, run);
    case 'failedRequests':
      return checkFailedRequests(expectation, run);
  }
}
