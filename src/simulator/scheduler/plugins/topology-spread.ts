import { type NodeInfo, type NodeState, podCounter } from '../node-info.ts';
import type { FilterPlugin } from '../plugin.ts';
import type { PodInfo } from '../pod-info.ts';
import type { Labels } from '../selectors.ts';
import type { SpreadConstraint } from '../spread-constraints.ts';
import { hasUntoleratedTaint } from '../tolerations.ts';

export const POD_TOPOLOGY_SPREAD = 'PodTopologySpread';

const NOT_MATCHING = "node(s) didn't match pod topology spread constraints";
const TOO_SKEWED = [NOT_MATCHING];
const LABEL_MISSING = [`${NOT_MATCHING} (missing required label)`];

/** plugins/podtopologyspread/filtering.go: constraints that say DoNotSchedule. The defaults do not. */
export const topologySpreadFilter: FilterPlugin = {
  plugin: POD_TOPOLOGY_SPREAD,
  prepare: ({ pod, nodes }) => {
    const constraints = pod.spread.hard;
    if (constraints.length === 0) return undefined;
    const spreads = constraints.map((constraint) => countDomains(constraint, constraints, pod, nodes));
    return {
      filter: ({ state }) => {
        for (const spread of spreads) {
          const domain = state.labels[spread.topologyKey];
          if (domain === undefined) return LABEL_MISSING;
          const skew = (spread.podsByDomain.get(domain) ?? 0) + spread.self - spread.least;
          if (skew > spread.maxSkew) return TOO_SKEWED;
        }
        return undefined;
      },
    };
  },
  mayHelp: (pod, event) => {
    const constraints = pod.spread.hard;
    switch (event.type) {
      case 'assignedPodAdded':
      case 'assignedPodDeleted':
        return (
          event.pod.namespace === pod.namespace &&
          constraints.some(({ selector }) => selector.matches(event.pod.labels))
        );
      case 'nodeAdded':
        return hasAllKeys(event.node.labels, constraints);
      case 'nodeDeleted':
        return hasAllKeys(event.before.labels, constraints);
      case 'nodeUpdated':
        return mayChangeSpread(constraints, event.before, event.node);
      default:
        return false;
    }
  },
};

interface Spread {
  readonly topologyKey: string;
  readonly maxSkew: number;
  readonly podsByDomain: ReadonlyMap<string, number>;
  /** 1 when the pod counts itself. */
  readonly self: 0 | 1;
  /** The fewest pods in a domain; 0 when there are fewer than `minDomains`. */
  readonly least: number;
}

/** calPreFilterState: only nodes that have the labels of all constraints are counted. */
function countDomains(
  constraint: SpreadConstraint,
  all: readonly SpreadConstraint[],
  pod: PodInfo,
  nodes: readonly NodeInfo[],
): Spread {
  const { topologyKey, maxSkew, minDomains, selector } = constraint;
  const podsOn = podCounter(selector, pod.namespace);
  const podsByDomain = new Map<string, number>();
  for (const node of nodes) {
    const domain = node.state.labels[topologyKey];
    if (domain === undefined || !hasAllKeys(node.state.labels, all)) continue;
    if (!isIncluded(constraint, pod, node.state)) continue;
    podsByDomain.set(domain, (podsByDomain.get(domain) ?? 0) + podsOn(node));
  }
  // criticalPaths begins with the largest int32: without a domain no skew is too large.
  const least = Math.min(2 ** 31 - 1, ...podsByDomain.values());
  return {
    topologyKey,
    maxSkew,
    podsByDomain,
    self: selector.matches(pod.labels) ? 1 : 0,
    least: podsByDomain.size < minDomains ? 0 : least,
  };
}

/** nodeLabelsMatchSpreadConstraints. */
export function hasAllKeys(labels: Labels, constraints: readonly SpreadConstraint[]): boolean {
  return constraints.every(({ topologyKey }) => labels[topologyKey] !== undefined);
}

/** common.go, matchNodeInclusionPolicies. */
export function isIncluded(
  { honorsAffinity, honorsTaints }: SpreadConstraint,
  { nodeAffinity, tolerations }: PodInfo,
  state: NodeState,
): boolean {
  if (honorsAffinity && nodeAffinity !== undefined && !nodeAffinity(state)) return false;
  return !(honorsTaints && hasUntoleratedTaint(state.taints, tolerations));
}

/** isSchedulableAfterNodeChange, of an update. */
function mayChangeSpread(
  constraints: readonly SpreadConstraint[],
  before: NodeState,
  after: NodeState,
): boolean {
  const matches = hasAllKeys(after.labels, constraints);
  if (hasAllKeys(before.labels, constraints) !== matches) return true;
  const moved = constraints.some(
    ({ topologyKey }) => before.labels[topologyKey] !== after.labels[topologyKey],
  );
  return matches && (moved || JSON.stringify(before.taints) !== JSON.stringify(after.taints));
}
