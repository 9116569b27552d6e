import type { AffinityTerm } from '../affinity-terms.ts';
import { type ClusterEvent, taintsChanged } from '../events.ts';
import type { NodeInfo, NodeState } from '../node-info.ts';
import type { Cycle, FilterPlugin, PreparedFilter } from '../plugin.ts';
import type { PodInfo } from '../pod-info.ts';
import { createTally, type Tally } from './topology-tally.ts';

export const INTER_POD_AFFINITY = 'InterPodAffinity';

const AFFINITY = ["node(s) didn't match pod affinity rules"];
const ANTI_AFFINITY = ["node(s) didn't match pod anti-affinity rules"];
const OTHERS_ANTI_AFFINITY = ["node(s) didn't satisfy existing pods anti-affinity rules"];

/** plugins/interpodaffinity/filtering.go: what is required, by the pod of others and by others of the pod. */
export const podAffinityFilter: FilterPlugin = {
  plugin: INTER_POD_AFFINITY,
  prepare,
  mayHelp,
};

/** PreFilter. */
function prepare({ pod, nodes }: Cycle): PreparedFilter | undefined {
  const affinity = pod.affinity.required;
  const antiAffinity = pod.antiAffinity.required;
  const refusedBy = tallyRefusals(pod, nodes);
  if (refusedBy.isEmpty() && affinity.length === 0 && antiAffinity.length === 0) return undefined;
  const liked = tallyLiked(affinity, nodes);
  const disliked = tallyDisliked(antiAffinity, nodes);
  // The first of a group of pods that want to be together may go anywhere.
  const mayBeFirst = liked.isEmpty() && matchesAll(affinity, pod);
  return {
    filter: ({ state }) => {
      if (!likes(state, affinity, liked, mayBeFirst)) return AFFINITY;
      if (antiAffinity.some((term) => disliked.at(state, term) > 0)) return ANTI_AFFINITY;
      return refusedBy.hasAnyAt(state) ? OTHERS_ANTI_AFFINITY : undefined;
    },
  };
}

/** getExistingAntiAffinityCounts. */
function tallyRefusals(pod: PodInfo, nodes: readonly NodeInfo[]): Tally {
  const refusals = createTally();
  for (const { state, podsWithAffinity } of nodes) {
    for (const other of podsWithAffinity) {
      for (const term of other.antiAffinity.required) if (term.matches(pod)) refusals.add(state, term, 1);
    }
  }
  return refusals;
}

/** getIncomingAffinityAntiAffinityCounts, of the affinity. */
function tallyLiked(affinity: readonly AffinityTerm[], nodes: readonly NodeInfo[]): Tally {
  const liked = createTally();
  if (affinity.length === 0) return liked;
  for (const { state, pods } of nodes) {
    for (const other of pods) {
      if (matchesAll(affinity, other)) for (const term of affinity) liked.add(state, term, 1);
    }
  }
  return liked;
}

/** getIncomingAffinityAntiAffinityCounts, of the anti-affinity. */
function tallyDisliked(antiAffinity: readonly AffinityTerm[], nodes: readonly NodeInfo[]): Tally {
  const disliked = createTally();
  if (antiAffinity.length === 0) return disliked;
  for (const { state, pods } of nodes) {
    for (const other of pods) {
      for (const term of antiAffinity) if (term.matches(other)) disliked.add(state, term, 1);
    }
  }
  return disliked;
}

/** satisfyPodAffinity. */
function likes(
  state: NodeState,
  affinity: readonly AffinityTerm[],
  liked: Tally,
  mayBeFirst: boolean,
): boolean {
  if (affinity.some(({ topologyKey }) => state.labels[topologyKey] === undefined)) return false;
  return affinity.every((term) => liked.at(state, term) > 0) || mayBeFirst;
}

/** podMatchesAllAffinityTerms: without a term, none. */
function matchesAll(terms: readonly AffinityTerm[], pod: PodInfo): boolean {
  return terms.length > 0 && terms.every((term) => term.matches(pod));
}

/** plugins/interpodaffinity/plugin.go, isSchedulableAfterPodChange and isSchedulableAfterNodeChange. */
function mayHelp(pod: PodInfo, event: ClusterEvent): boolean {
  const affinity = pod.affinity.required;
  const antiAffinity = pod.antiAffinity.required;
  switch (event.type) {
    case 'assignedPodAdded':
      return matchesAll(affinity, event.pod);
    case 'assignedPodDeleted':
      return matchesAll(antiAffinity, event.pod) || matchesAll(event.pod.antiAffinity.required, pod);
    case 'nodeAdded':
      return (
        antiAffinity.length > 0 ||
        affinity.some(({ topologyKey }) => event.node.labels[topologyKey] !== undefined)
      );
    case 'nodeUpdated':
      return taintsChanged(event.before, event.node) || movesDomain(pod, event.before, event.node);
    default:
      return false;
  }
}

function movesDomain(pod: PodInfo, before: NodeState, after: NodeState): boolean {
  const changed = ({ topologyKey }: AffinityTerm) => before.labels[topologyKey] !== after.labels[topologyKey];
  return (
    pod.affinity.required.some((term) => changed(term) && after.labels[term.topologyKey] !== undefined) ||
    pod.antiAffinity.required.some((term) => changed(term) && before.labels[term.topologyKey] !== undefined)
  );
}
