import { type Candidate, canTake, type EdgeCandidate, isAway } from './admission.ts';
import type { Question } from './decision.ts';
import { best, byBestFit, byIdleness, byRoomBelowLimit, evaluate, utilisationRatio } from './evaluate.ts';
import { type Load, podEstimate } from './load.ts';
import type { PlacementSettings } from './types.ts';

/** kube-scheduler takes whole numbers from 0 to this and multiplies them by the extender's weight times 10. */
export const MAX_SCORE = 10;

export interface Score {
  readonly node: string;
  readonly score: number;
}

export interface Ranking {
  readonly estimate: Load;
  /** One for every node asked about, in no particular order. */
  readonly scores: readonly Score[];
  /** The node with the highest score; undefined when the pod is not managed or no node can take it. */
  readonly first?: string | undefined;
}

/**
 * Scores for prioritize, which kube-scheduler calls only when filter left it more than one node: cloud nodes
 * by how idle they will be; edge nodes (`edgeCandidates: all`) by best fit. Only the first edge node gets the
 * full score: with a weight above the other plugins' sum (about 1200) it is the one that the scheduler takes.
 */
export function rank(question: Question, settings: PlacementSettings): Ranking {
  const { pod, policy, nowMs } = question;
  const estimate = podEstimate(pod, settings.load, nowMs);
  if (policy.placement === 'off') {
    return { estimate, scores: asked(question).map((node) => ({ node, score: 0 })) };
  }
  const { edge, cloud } = evaluate(question, estimate.milli, settings);
  const admitting = edge.filter(canTake).sort(byBestFit);
  const usable = cloud.filter(canTake);
  const cloudFirst = policy.placement === 'cloud-first' || policy.placement === 'cloud-only';
  // Filter has let these nodes pass, so the pod goes to one of them even if none would admit it any more.
  const edges = admitting.length > 0 ? admitting : edge.filter(isUp).sort(byRoomBelowLimit);
  const toCloud = usable.length > 0 && (cloudFirst || admitting.length === 0);
  const [first] = toCloud ? best(usable, byIdleness) : edges;
  const scoreOf = toCloud ? idlenessScore : bestFitScores(edges);
  const judged = [...edge, ...cloud].map((each) => ({ node: each.node, score: scoreOf(each) }));
  const unknown = question.unknownNodes.map((node) => ({ node, score: 0 }));
  return { estimate, scores: [...judged, ...unknown], first: first?.node };
}

type ScoreOf = (candidate: Candidate) => number;

function idlenessScore(candidate: Candidate): number {
  if (candidate.tier === 'edge' || !canTake(candidate)) return 0;
  const idleRatio = 1 - Math.min(1, Math.max(0, utilisationRatio(candidate)));
  return Math.round(idleRatio * MAX_SCORE);
}

/** @param edges best first */
function bestFitScores(edges: readonly Candidate[]): ScoreOf {
  const places = new Map(edges.map((candidate, index) => [candidate, index]));
  return (candidate) => {
    const index = places.get(candidate);
    if (index === undefined) return 0;
    return index === 0 ? MAX_SCORE : Math.max(1, MAX_SCORE - 1 - index);
  };
}

function isUp({ reason }: EdgeCandidate): boolean {
  return !isAway(reason);
}

function asked({ candidates, unknownNodes }: Question): readonly string[] {
  return [...candidates.map(({ name }) => name), ...unknownNodes];
}
