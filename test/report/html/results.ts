import type {
  NodeResult,
  PodResult,
  ResponseBucket,
  SimulationResult,
  WorkloadResult,
} from '../../../src/outcome/result.ts';
import type { CandidateVerdict, Decision, DecisionResult } from '../../../src/placement/decision.ts';
import type { Reason } from '../../../src/placement/reasons.ts';
import type { Tier } from '../../../src/placement/types.ts';
import { emptyResult, START_MS } from '../../outcome/results.ts';

export { START_MS };

/** A run of ten minutes in which nothing happened. */
export function resultOf(over: Partial<SimulationResult> = {}): SimulationResult {
  return emptyResult({
    endMs: START_MS + 600_000,
    nodes: [nodeOf('edge-1', 'edge'), nodeOf('cloud-1', 'cloud')],
    ...over,
  });
}

/** Idle at 100m, for ten minutes. */
export function nodeOf(name: string, tier: Tier, over: Partial<NodeResult> = {}): NodeResult {
  return {
    name,
    tier,
    allocatableMilli: tier === 'edge' ? 1000 : 4000,
    ...(tier === 'edge' ? { thresholdMilli: 800 } : {}),
    real: [{ fromMs: START_MS, toMs: START_MS + 600_000, fromMilli: 100, toMilli: 100 }],
    measured: [{ atMs: START_MS + 15_000, milli: 100, sampleEndMs: START_MS + 14_000, windowMs: 15_000 }],
    forecast: [{ atMs: START_MS + 15_000, milli: 100 }],
    ...over,
  };
}

const REASON_OF = {
  edge: 'edge-fits',
  overflow: 'edge-above-threshold',
  cloud: 'cloud-wanted',
  overload: 'soft-overload',
  pending: 'edge-only',
  passed: 'unmanaged',
} as const satisfies Readonly<Record<DecisionResult, Reason>>;

/** A decision about pod `web-N` between edge-1 and cloud-1. */
export function decisionOf(number: number, afterMs: number, over: Partial<Decision> = {}): Decision {
  const { result = 'edge' } = over;
  const forecastMilli = result === 'edge' ? 500 : 750;
  const node =
    result === 'pending' ? [] : [result === 'edge' || result === 'overload' ? 'edge-1' : 'cloud-1'];
  return {
    pod: { uid: `uid-${number}`, namespace: 'fn', name: `web-${number}` },
    atMs: START_MS + afterMs,
    policy: { placement: 'edge-first', sharing: 'shared' },
    estimate: { milli: 100, source: 'request' },
    result,
    reason: REASON_OF[result],
    nodes: node,
    candidates: [
      candidateOf('edge-1', 'edge', {
        forecastMilli,
        verdict: node[0] === 'edge-1' ? 'answered' : 'refused',
      }),
      candidateOf('cloud-1', 'cloud', { verdict: node[0] === 'cloud-1' ? 'answered' : 'refused' }),
    ],
    ...over,
  };
}

export function candidateOf(
  node: string,
  tier: Tier,
  over: Partial<CandidateVerdict> = {},
): CandidateVerdict {
  const { verdict = 'refused' } = over;
  const reasons = {
    edge: { answered: 'edge-fits', refused: 'edge-above-threshold' },
    cloud: { answered: 'overflow', refused: 'edge-preferred' },
  } as const;
  return {
    node,
    tier,
    freshness: 'fresh',
    usageMilli: 400,
    forecastMilli: 400,
    estimateMilli: 100,
    allocatableMilli: tier === 'edge' ? 1000 : 4000,
    ...(tier === 'edge' ? { thresholdMilli: 800, limitMilli: 950 } : {}),
    verdict,
    reason: reasons[tier][verdict],
    ...over,
  };
}

export function podOf(number: number, over: Partial<PodResult> = {}): PodResult {
  return {
    uid: `uid-${number}`,
    namespace: 'fn',
    name: `web-${number}`,
    workload: 'fn/web',
    createdAtMs: START_MS,
    restarts: 0,
    attempts: [],
    ...over,
  };
}

/** Answers of one second, the quantiles in a fixed proportion to their median. */
export function bucketOf(
  second: number,
  tier: Tier | undefined,
  p50Ms: number,
  over: Partial<ResponseBucket> = {},
): ResponseBucket {
  return {
    fromMs: START_MS + second * 1000,
    toMs: START_MS + (second + 1) * 1000,
    tier,
    succeeded: 20,
    failed: 0,
    meanMs: p50Ms * 1.1,
    p50Ms,
    p90Ms: p50Ms * 1.3,
    p95Ms: p50Ms * 1.5,
    p99Ms: p50Ms * 2,
    maxMs: p50Ms * 3,
    ...over,
  };
}

/** A ramp of virtual users whose answers come faster from the edge than from the cloud. */
export function rampOf(seconds: number): WorkloadResult {
  const responses: ResponseBucket[] = [];
  for (let second = 0; second < seconds; second += 1) {
    const wave = Math.round(8 * Math.sin(second) + 5 * Math.sin(second * 2.7));
    responses.push(bucketOf(second, 'edge', 62 + wave + Math.round(second / 12)));
    if (second > 105) {
      responses.push(bucketOf(second, 'cloud', 168 + 2 * wave, { failed: second % 41 === 0 ? 3 : 0 }));
    }
  }
  const users = Array.from({ length: 20 }, (_, step) => ({
    atMs: START_MS + step * 6000,
    users: step + 1,
  }));
  const [summary] = responses;
  return {
    workload: 'openfaas-fn/nodeinfo',
    users: [...users, { atMs: START_MS + seconds * 1000, users: 0 }],
    responses,
    summary: summary === undefined ? undefined : { ...summary, succeeded: responses.length * 20, failed: 12 },
  };
}
