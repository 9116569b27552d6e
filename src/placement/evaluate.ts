import { type Candidate, type EdgeCandidate, judgeCloud, judgeEdge } from './admission.ts';
import { compareNames, type Question } from './decision.ts';
import type { PlacementSettings } from './types.ts';

/** The candidates judged one by one, before any is preferred to another. In the question's order. */
export interface Evaluation {
  readonly edge: readonly EdgeCandidate[];
  readonly cloud: readonly Candidate[];
}

export function evaluate(question: Question, estimateMilli: number, settings: PlacementSettings): Evaluation {
  const edge: EdgeCandidate[] = [];
  const cloud: Candidate[] = [];
  const { policy, held, doubted, nowMs } = question;
  for (const node of question.candidates) {
    if (node.tier === 'edge') {
      const ask = {
        estimateMilli,
        ownThresholdRatio: policy.thresholdRatio,
        held: node.name === held,
        doubted,
      };
      edge.push(judgeEdge(node, ask, settings, nowMs));
    } else {
      cloud.push(judgeCloud(node, estimateMilli, settings, nowMs));
    }
  }
  return { edge, cloud };
}

/** Best fit: the least room left below the threshold, so that large holes stay for large pods. */
export function byBestFit(left: EdgeCandidate, right: EdgeCandidate): number {
  return thresholdRoomMilli(left) - thresholdRoomMilli(right) || compareNames(left.node, right.node);
}

export function byRoomBelowLimit(left: EdgeCandidate, right: EdgeCandidate): number {
  return limitRoomMilli(right) - limitRoomMilli(left) || compareNames(left.node, right.node);
}

/** The idlest first, by the share of its CPU that it will use. */
export function byIdleness(left: Candidate, right: Candidate): number {
  return utilisationRatio(left) - utilisationRatio(right) || compareNames(left.node, right.node);
}

/** The first in an order, without sorting the rest: a list of none or one. */
export function best<T>(items: readonly T[], order: (left: T, right: T) => number): readonly T[] {
  let [first] = items;
  if (first === undefined) return [];
  for (const item of items) if (order(item, first) < 0) first = item;
  return [first];
}

export function utilisationRatio({ allocatableMilli, forecastMilli }: Candidate): number {
  return allocatableMilli > 0 ? forecastMilli / allocatableMilli : 1;
}

function thresholdRoomMilli({ thresholdMilli, forecastMilli }: EdgeCandidate): number {
  return thresholdMilli - forecastMilli;
}

function limitRoomMilli({ limitMilli, forecastMilli }: EdgeCandidate): number {
  return limitMilli - forecastMilli;
}
