import { type Admission, admit, stateRefusal } from './admission.ts';
import type { CandidateVerdict, Question } from './decision.ts';
import { compareNames } from './decision.ts';
import { forecastNode } from './forecast.ts';
import type { Freshness } from './freshness.ts';
import type { Reason } from './reasons.ts';
import type { NodeFacts, PlacementSettings } from './types.ts';

export interface CloudCandidate {
  readonly node: NodeFacts;
  readonly freshness: Freshness;
  readonly forecastMilli: number;
  /** Undefined: it can take the pod. A cloud node has no threshold; the scheduler saw to its requests. */
  readonly refusal?: Reason | undefined;
}

/** The candidates judged one by one, before any is preferred to another. Sorted by name. */
export interface Evaluation {
  readonly edge: readonly Admission[];
  readonly cloud: readonly CloudCandidate[];
}

export function evaluate(question: Question, estimateMilli: number, settings: PlacementSettings): Evaluation {
  const edge: Admission[] = [];
  const cloud: CloudCandidate[] = [];
  const { policy, held, nowMs } = question;
  for (const node of question.candidates) {
    if (node.tier === 'edge') {
      edge.push(admit(node, estimateMilli, policy.thresholdRatio, settings, nowMs, node.name === held));
    } else {
      const { milli, freshness } = forecastNode(node, settings, nowMs);
      cloud.push({ node, freshness, forecastMilli: milli, refusal: stateRefusal(node) });
    }
  }
  return { edge, cloud };
}

/** Best fit: the least room left below the threshold, so that large holes stay for large pods. */
export function byBestFit(left: Admission, right: Admission): number {
  return (
    thresholdRoomMilli(left) - thresholdRoomMilli(right) || compareNames(left.node.name, right.node.name)
  );
}

export function byRoomBelowLimit(left: Admission, right: Admission): number {
  return limitRoomMilli(right) - limitRoomMilli(left) || compareNames(left.node.name, right.node.name);
}

/** The idlest first, by the share of its CPU that it will use. */
export function byIdleness(left: CloudCandidate, right: CloudCandidate): number {
  return utilisationRatio(left) - utilisationRatio(right) || compareNames(left.node.name, right.node.name);
}

export function utilisationRatio({ node, forecastMilli }: CloudCandidate): number {
  return node.allocatableMilli > 0 ? forecastMilli / node.allocatableMilli : 1;
}

// Verdicts are written out and not spread: at thousands of candidates a decision, spreading them took most
// of its time.

export function edgeVerdict(
  admission: Admission,
  estimateMilli: number,
  verdict: CandidateVerdict['verdict'],
  reason: Reason,
): CandidateVerdict {
  const { node } = admission;
  return {
    node: node.name,
    tier: node.tier,
    site: node.site,
    freshness: admission.freshness,
    usageMilli: node.metrics?.usageMilli,
    forecastMilli: admission.forecastMilli,
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
  { node, freshness, forecastMilli }: CloudCandidate,
  estimateMilli: number,
  verdict: CandidateVerdict['verdict'],
  reason: Reason,
): CandidateVerdict {
  return {
    node: node.name,
    tier: node.tier,
    site: node.site,
    freshness,
    usageMilli: node.metrics?.usageMilli,
    forecastMilli,
    estimateMilli,
    allocatableMilli: node.allocatableMilli,
    verdict,
    reason,
  };
}

function thresholdRoomMilli({ thresholdMilli, forecastMilli }: Admission): number {
  return thresholdMilli - forecastMilli;
}

function limitRoomMilli({ limitMilli, forecastMilli }: Admission): number {
  return limitMilli - forecastMilli;
}
