import type { Policy } from './annotations.ts';
import type { Freshness } from './freshness.ts';
import type { Load } from './load.ts';
import type { Reason } from './reasons.ts';
import type { NodeFacts, PodFacts, Tier } from './types.ts';

/** What is asked: where may this pod go, of these nodes, now. */
export interface Question {
  readonly pod: PodFacts;
  readonly policy: Policy;
  /** The nodes that the scheduler found feasible and that the picture knows. Their order is of no account. */
  readonly candidates: readonly NodeFacts[];
  /** Names that were asked for and are not in the picture (yet). */
  readonly unknownNodes: readonly string[];
  /** How the workload's other pods are spread; needed when the policy has `edgeShareRatio` or `cloudMinPods`. */
  readonly siblings?: { readonly edgePods: number; readonly cloudPods: number } | undefined;
  /**
   * The scheduler asks about the one node that preemption chose for the pod. A refusal makes it look at
   * all nodes, so nothing is gained by going above the threshold here.
   */
  readonly nominated?: boolean | undefined;
  /**
   * The node that was reserved for this pod until now. Its gate does not hold the pod up: it may have been
   * this very reservation that shut it, and a retry would lose the place that the pod already had.
   */
  readonly held?: string | undefined;
  /**
   * No watch has shown the pod, and of others like it too many never came to be: whoever reaches the port may
   * ask about pods that do not exist. No edge node takes it until the watch shows it.
   */
  readonly doubted?: boolean | undefined;
  readonly nowMs: number;
}

/**
 * `passed`: not managed, answered as asked. `edge`: on an edge node that admits it. `overflow`: wanted the
 * edge, goes to the cloud. `cloud`: asked for the cloud. `overload`: on an edge node above its threshold and
 * below its limit, for want of a cloud node. `pending`: nowhere.
 */
export type DecisionResult = 'passed' | 'edge' | 'overflow' | 'cloud' | 'overload' | 'pending';

export interface CandidateVerdict {
  readonly node: string;
  /** Undefined: the node was not in the picture. */
  readonly tier?: Tier | undefined;
  readonly site?: string | undefined;
  readonly freshness?: Freshness | undefined;
  readonly usageMilli?: number | undefined;
  readonly forecastMilli?: number | undefined;
  readonly estimateMilli?: number | undefined;
  readonly allocatableMilli?: number | undefined;
  /** Of edge nodes only: a cloud node has no threshold. */
  readonly thresholdMilli?: number | undefined;
  readonly limitMilli?: number | undefined;
  /** Whether the gate is shut at this moment; see `NodeFacts.closed`. */
  readonly closed?: boolean | undefined;
  readonly verdict: 'answered' | 'refused';
  readonly reason: Reason;
}

type FieldKind<T> = [Exclude<T, undefined>] extends [number] ? 'number' : 'word';

/**
 * Every field of a candidate, in the order that decisions have them; the compiler holds it to the type. What keeps
 * candidates in another form keeps all of these, and the test of each such store goes by this table.
 */
export const CANDIDATE_FIELDS = {
  node: 'word',
  tier: 'word',
  site: 'word',
  freshness: 'word',
  usageMilli: 'number',
  forecastMilli: 'number',
  estimateMilli: 'number',
  allocatableMilli: 'number',
  thresholdMilli: 'number',
  limitMilli: 'number',
  closed: 'word',
  verdict: 'word',
  reason: 'word',
} as const satisfies { readonly [F in keyof CandidateVerdict]-?: FieldKind<CandidateVerdict[F]> };

/** All there is to know about one decision. Logs, metrics, explanations and the simulator read this. */
export interface Decision {
  readonly pod: { readonly uid: string; readonly namespace: string; readonly name: string };
  readonly atMs: number;
  readonly policy: Policy;
  readonly estimate: Load;
  readonly result: DecisionResult;
  /** The reason of the result; for an overflow, why the edge did not take the pod. */
  readonly reason: Reason;
  /** The nodes answered, best first. A subset of those asked. */
  readonly nodes: readonly string[];
  /** Where nodes were judged: those of the edge, those of the cloud, each in the question's order, the unknown. */
  readonly candidates: readonly CandidateVerdict[];
}

/** Names compare by code unit, not by locale: the same order on every machine. */
export function compareNames(left: string, right: string): number {
  if (left < right) return -1;
  return left > right ? 1 : 0;
}
