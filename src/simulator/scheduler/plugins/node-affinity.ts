import { taintsChanged } from '../events.ts';
import type { FilterPlugin, PreparedFilter, ScorePlugin } from '../plugin.ts';
import type { PodInfo } from '../pod-info.ts';
import { normalizeScores } from './normalize.ts';

const PLUGIN = 'NodeAffinity';
const REASONS = ["node(s) didn't match Pod's node affinity/selector"];

/** plugins/nodeaffinity/node_affinity.go, PreFilter, Filter and isSchedulableAfterNodeChange. */
export const nodeAffinityFilter: FilterPlugin = {
  plugin: PLUGIN,
  prepare: ({ pod }) => {
    const { nodeAffinity } = pod;
    if (nodeAffinity === undefined) return undefined;
    const prepared: PreparedFilter = { filter: ({ state }) => (nodeAffinity(state) ? undefined : REASONS) };
    const nodeNames = namedNodes(pod);
    if (nodeNames === undefined) return prepared;
    return nodeNames.size === 0
      ? { ...prepared, refusesAll: 'pod affinity terms conflict' }
      : { ...prepared, nodeNames };
  },
  mayHelp: ({ nodeAffinity }, event) => {
    const matches = nodeAffinity ?? (() => true);
    if (event.type === 'nodeAdded') return matches(event.node);
    if (event.type !== 'nodeUpdated') return false;
    return taintsChanged(event.before, event.node) || (matches(event.node) && !matches(event.before));
  },
};

/** Score: the weights of the preferred terms that the node matches. */
export const nodeAffinityScorer: ScorePlugin = {
  plugin: PLUGIN,
  weight: 2,
  prepare: ({ pod: { preferredNodes } }) =>
    preferredNodes && {
      score: ({ state }) =>
        preferredNodes.reduce((sum, { weight, matches }) => sum + (matches(state) ? weight : 0), 0),
      normalize: (scores) => normalizeScores(scores, 'ascending'),
    },
};

/**
 * The nodes that the required terms name by `metadata.name`, as those of a DaemonSet do. Undefined: at least
 * one term names none, so every node must be looked at.
 */
function namedNodes({ spec }: PodInfo): ReadonlySet<string> | undefined {
  const terms =
    spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms ?? [];
  if (terms.length === 0) return undefined;
  const names = new Set<string>();
  for (const { matchFields = [] } of terms) {
    const lists = matchFields
      .filter(({ key, operator }) => key === 'metadata.name' && operator === 'In')
      .map(({ values = [] }) => values);
    const [first] = lists;
    if (first === undefined) return undefined;
    for (const name of first) if (lists.every((values) => values.includes(name))) names.add(name);
  }
  return names;
}
