import { type Admission, admit } from './admission.ts';
import type { CandidateVerdict, Question } from './decision.ts';
import { compareNames } from './decision.ts';
import { type Forecast, forecastNode } from './forecast.ts';
import type { Reason } from './reasons.ts';
import type { NodeFacts, PlacementSettings } from './types.ts';

export interface EdgeCandidate {
  readonly node: NodeFacts;
  readonly admission: Admission;
}

export interface CloudCandidate {
  readonly node: NodeFacts;
  readonly forecast: Forecast;
  /** Undefined: it can take the pod. A cloud node has no threshold; the scheduler saw to its requests. */
  readonly refusal?: Reason | undefined;
}

/** The candidates judged one by one, before any is preferred to another. Sorted by name. */
export interface Evaluation {
  readonly edge: readonly EdgeCandidate[];
  readonly cloud: readonly CloudCandidate[];
}

export function evaluate(question: Question, estimateMilli: number, settings: PlacementSettings): Evaluation {
  const edge: EdgeCandidate[] = [];
  const cloud: CloudCandidate[] = [];
  for (const node of question.candidates) {
    if (node.tier === 'edge') {
      const ownRatio = question.policy.thresholdRatio;
      edge.push({ node, admission: admit(node, estimateMilli, ownRatio, settings, question.nowMs) });
    } else {
      const refusal = node.ready ? (node.schedulable ? undefined : 'node-cordoned') : 'node-not-ready';
      cloud.push({ node, forecast: forecastNode(node, settings, question.nowMs), refusal });
    }
  }
  return { edge, cloud };
}

/** Best fit: the least room left below the threshold, so that large holes stay for large pods. */
export function byBestFit(left: EdgeCandidate, right: EdgeCandidate): number {
  return (
    thresholdRoomMilli(left) - thresholdRoomMilli(right) || compareNames(left.node.name, right.node.name)
  );
}

export function byRoomBelowLimit(left: EdgeCandidate, right: EdgeCandidate): number {
  return limitRoomMilli(right) - limitRoomMilli(left) || compareNames(left.node.name, right.node.name);
}

/** The idlest first, by the share of its CPU that it will use. */
export function byIdleness(left: CloudCandidate, right: CloudCandidate): number {
  return utilisationRatio(left) - utilisationRatio(right) || compareNames(left.node.name, right.node.name);
}

export function utilisationRatio({ node, forecast }: CloudCandidate): number {
  return node.allocatableMilli > 0 ? forecast.milli / node.allocatableMilli : 1;
}

// Verdicts are written out and not spread: at thousands of candidates a decision, spreading them took most
// of its time.

export function edgeVerdict(
  { node, admission }: EdgeCandidate,
  estimateMilli: number,
  verdict: CandidateVerdict['verdict'],
  reason: Reason,
): CandidateVerdict {
  return {
    node: node.name,
    tier: node.tier,
    site: node.site,
    freshness: admission.forecast.freshness,
    usageMilli: node.metrics?.usageMilli,
    forecastMilli: admission.forecast.milli,
    estimateMilli,
    allocatableMilli: node.allocatableMilli,
    thresholdMilli: admission.thresholdMilli,
    limitMilli: admission.limitMilli,
    closed: admission.closed,
    verdict,
    reason,
  };
}

export function cloudVerdict(
  { node, forecast }: CloudCandidate,
  estimateMilli: number,
  verdict: CandidateVerdict['verdict'],
  reason: Reason,
): CandidateVerdict {
  return {
    node: node.name,
    tier: node.tier,
    site: node.site,
    freshness: forecast.freshness,
    usageMilli: node.metrics?.usageMilli,
    forecastMilli: forecast.milli,
    estimateMilli,
    allocatableMilli: node.allocatableMilli,
    verdict,
    reason,
  };
}

function thresholdRoomMilli({ admission }: EdgeCandidate): number {
  return admission.thresholdMilli - admission.forecast.milli;
}

function limitRoomMilli({ admission }: EdgeCandidate): number {
  return admission.limitMilli - admission.forecast.milli;
}
