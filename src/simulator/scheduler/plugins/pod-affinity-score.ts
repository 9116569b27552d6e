import type { WeightedAffinityTerm } from '../affinity-terms.ts';
import type { NodeInfo } from '../node-info.ts';
import { type Cycle, MAX_NODE_SCORE, type ScorePlugin } from '../plugin.ts';
import type { PodInfo } from '../pod-info.ts';
import { INTER_POD_AFFINITY } from './pod-affinity.ts';
import { createTally, type Tally } from './topology-tally.ts';

/** InterPodAffinityArgs.hardPodAffinityWeight, by default. */
const HARD_AFFINITY_WEIGHT = 1;

/** plugins/interpodaffinity/scoring.go: what is preferred, by the pod of others and by others of the pod. */
export const podAffinityScorer: ScorePlugin = {
  plugin: INTER_POD_AFFINITY,
  weight: 2,
  prepare: (cycle) => {
    const tally = tallyPreferences(cycle);
    if (tally.isEmpty()) return undefined;
    return { score: ({ state }) => tally.sumAt(state), normalize };
  },
};

/** PreScore: all pods matter when the pod has preferences, else those that have affinity themselves. */
function tallyPreferences({ pod, nodes }: Cycle): Tally {
  const tally = createTally();
  const hasPreferences = pod.affinity.preferred.length > 0 || pod.antiAffinity.preferred.length > 0;
  for (const node of nodes) {
    for (const other of hasPreferences ? node.pods : node.podsWithAffinity) note(tally, pod, other, node);
  }
  return tally;
}

/** processExistingPod. */
function note(tally: Tally, pod: PodInfo, other: PodInfo, { state }: NodeInfo): void {
  const add = (terms: readonly WeightedAffinityTerm[], target: PodInfo, sign: 1 | -1) => {
    for (const term of terms) if (term.matches(target)) tally.add(state, term, sign * term.weight);
  };
  add(pod.affinity.preferred, other, 1);
  add(pod.antiAffinity.preferred, other, -1);
  for (const term of other.affinity.required) {
    if (term.matches(pod)) tally.add(state, term, HARD_AFFINITY_WEIGHT);
  }
  add(other.affinity.preferred, pod, 1);
  add(other.antiAffinity.preferred, pod, -1);
}

/** NormalizeScore: the lowest becomes 0, the highest 100. */
function normalize(scores: number[]): void {
  const lowest = Math.min(...scores);
  const range = Math.max(...scores) - lowest;
  for (const [index, score] of scores.entries()) {
    scores[index] = range > 0 ? Math.trunc(MAX_NODE_SCORE * ((score - lowest) / range)) : 0;
  }
}
