import type { Outcome, Run } from '../../../src/outcome/expect/check.ts';
import { checkExpectations } from '../../../src/outcome/expect/check.ts';
import type { NodeResult, PodResult } from '../../../src/outcome/result.ts';
import type { CandidateVerdict, Decision } from '../../../src/placement/decision.ts';
import { traceDocument, traceOf } from '../../simulator/traces.ts';
import { emptyResult, START_MS } from '../results.ts';

/** Runs written by hand: what an expectation says is checked against numbers, not against the simulator. */

export { START_MS };

export function podResult(name: string, over: Partial<PodResult> = {}): PodResult {
  return {
    uid: name,
    namespace: 'fn',
    name,
    workload: 'fn/web',
    tier: tierOf(over.node),
    createdAtMs: START_MS,
    restarts: 0,
    attempts: [],
    ...over,
  };
}

function tierOf(node: string | undefined): PodResult['tier'] {
  if (node === undefined) return undefined;
  return node.startsWith('edge') ? 'edge' : 'cloud';
}

/** Bound at so many seconds by the decision of that index. */
export function boundPod(name: string, node: string, atSeconds: number, decision?: number): PodResult {
  const atMs = START_MS + atSeconds * 1000;
  return podResult(name, {
    node,
    createdAtMs: atMs,
    boundAtMs: atMs,
    attempts: [{ atMs, result: 'assumed', decision, scores: [], reasons: {} }],
  });
}

export function edgeNode(over: Partial<NodeResult> = {}): NodeResult {
  return {
    name: 'edge-1',
    tier: 'edge',
    allocatableMilli: 1000,
    thresholdMilli: 800,
    real: [],
    measured: [],
    forecast: [],
    ...over,
  };
}

export function candidate(over: Partial<CandidateVerdict> = {}): CandidateVerdict {
  return {
    node: 'edge-1',
    tier: 'edge',
    forecastMilli: 500,
    estimateMilli: 100,
    thresholdMilli: 800,
    closed: false,
    verdict: 'refused',
    reason: 'edge-above-threshold',
    ...over,
  };
}

export function decision(candidates: readonly CandidateVerdict[], over: Partial<Decision> = {}): Decision {
  return {
    pod: { uid: 'web-1', namespace: 'fn', name: 'web-1' },
    atMs: START_MS,
    policy: { placement: 'edge-first', sharing: 'shared' },
    estimate: { milli: 100, source: 'shared' },
    result: 'overflow',
    reason: 'edge-above-threshold',
    nodes: [],
    candidates,
    ...over,
  };
}

export async function outcomeOf(expectation: unknown, run: Partial<Run>): Promise<Outcome> {
  const trace = await traceOf({ ...traceDocument(), expect: [expectation] });
  const [outcome] = checkExpectations(trace, { ...emptyResult(), ...run });
  if (outcome === undefined) throw new Error('no outcome');
  return outcome;
}
