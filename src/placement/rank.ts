import type { Question } from './decision.ts';
import { byBestFit, byIdleness, evaluate, utilisationRatio } from './evaluate.ts';
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
  const admitting = edge.filter(({ refusal }) => refusal === undefined).sort(byBestFit);
  const usable = cloud.filter(({ refusal }) => refusal === undefined).sort(byIdleness);
  const cloudFirst = policy.placement === 'cloud-first' || policy.placement === 'cloud-only';
  const wanted = cloudFirst || admitting.length === 0 ? usable : admitting;
  const scores = new Map<string, number>(asked(question).map((node) => [node, 0]));
  if (wanted === admitting) {
    admitting.forEach(({ node }, index) => {
      scores.set(node.name, index === 0 ? MAX_SCORE : Math.max(1, MAX_SCORE - 1 - index));
    });
  } else {
    for (const candidate of usable) scores.set(candidate.node.name, idlenessScore(candidate));
  }
  return {
    estimate,
    scores: Array.from(scores, ([node, score]) => ({ node, score })),
    first: wanted[0]?.node.name,
  };
}

function idlenessScore(candidate: Parameters<typeof utilisationRatio>[0]): number {
  const idleRatio = 1 - Math.min(1, Math.max(0, utilisationRatio(candidate)));
  return Math.round(idleRatio * MAX_SCORE);
}

function asked({ candidates, unknownNodes }: Question): readonly string[] {
  return [...candidates.map(({ name }) => name), ...unknownNodes];
}
