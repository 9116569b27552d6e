import { type NodeInfo, podCounter } from '../node-info.ts';
import { type Cycle, MAX_NODE_SCORE, type PreparedScorer, type ScorePlugin } from '../plugin.ts';
import { HOSTNAME, type SpreadConstraint } from '../spread-constraints.ts';
import { hasAllKeys, isIncluded, POD_TOPOLOGY_SPREAD } from './topology-spread.ts';

/** plugins/podtopologyspread/scoring.go: constraints that say ScheduleAnyway, or the system's defaults. */
export const topologySpreadScorer: ScorePlugin = {
  plugin: POD_TOPOLOGY_SPREAD,
  weight: 2,
  prepare: (cycle, feasible) =>
    cycle.pod.spread.soft.length === 0 ? undefined : prepareScorer(cycle, feasible),
};

/** Counts the pods that a node's domain has of those that are to be spread. */
interface Counter {
  readonly topologyKey: string;
  readonly maxSkew: number;
  /** So that many small domains weigh no less than few large ones. */
  readonly weight: number;
  readonly pods: (node: NodeInfo, domain: string) => number;
}

function prepareScorer(cycle: Cycle, feasible: readonly NodeInfo[]): PreparedScorer {
  const { soft, areDefaults } = cycle.pod.spread;
  // With the defaults a node without a zone is still spread by its hostname.
  const isIgnored = ({ state }: NodeInfo) => !areDefaults && !hasAllKeys(state.labels, soft);
  const scored = feasible.filter((node) => !isIgnored(node));
  const counters = soft.map((constraint) => createCounter(constraint, cycle, scored));
  return {
    score: (node) => {
      if (isIgnored(node)) return 0;
      let score = 0;
      for (const { topologyKey, maxSkew, weight, pods } of counters) {
        const domain = node.state.labels[topologyKey];
        // scoreForCount
        if (domain !== undefined) score += pods(node, domain) * weight + (maxSkew - 1);
      }
      return Math.round(score);
    },
    normalize: (scores, nodes) =>
      normalize(
        scores,
        nodes.map((node) => isIgnored(node)),
      ),
  };
}

/** initPreScoreState and PreScore, for one constraint. */
function createCounter(
  constraint: SpreadConstraint,
  { pod, nodes }: Cycle,
  scored: readonly NodeInfo[],
): Counter {
  const { topologyKey, maxSkew, selector } = constraint;
  const podsOn = podCounter(selector, pod.namespace);
  if (topologyKey === HOSTNAME) {
    return { topologyKey, maxSkew, weight: Math.log(scored.length + 2), pods: podsOn };
  }
  // Nodes without the label are a domain of their own, which is counted in the weight.
  const domainOf = ({ state }: NodeInfo) => state.labels[topologyKey] ?? '';
  const podsByDomain = new Map(scored.map((node) => [domainOf(node), 0]));
  const weight = Math.log(podsByDomain.size + 2);
  if (scored.some(({ state }) => state.labels[topologyKey] !== undefined)) {
    for (const node of nodes) {
      const domain = domainOf(node);
      const counted = podsByDomain.get(domain);
      if (counted === undefined || !countsFor(constraint, pod, node)) continue;
      podsByDomain.set(domain, counted + podsOn(node));
    }
  }
  return { topologyKey, maxSkew, weight, pods: (_node, domain) => podsByDomain.get(domain) ?? 0 };
}

function countsFor(constraint: SpreadConstraint, pod: Cycle['pod'], { state }: NodeInfo): boolean {
  const { soft, areDefaults } = pod.spread;
  return (areDefaults || hasAllKeys(state.labels, soft)) && isIncluded(constraint, pod, state);
}

/** NormalizeScore: the fewer pods, the better. */
function normalize(scores: number[], ignored: readonly boolean[]): void {
  const counted = scores.filter((_, index) => ignored[index] !== true);
  const highest = Math.max(0, ...counted);
  const lowest = Math.min(...counted);
  for (const [index, score] of scores.entries()) {
    if (ignored[index] === true) scores[index] = 0;
    else if (highest === 0) scores[index] = MAX_NODE_SCORE;
    else scores[index] = Math.trunc((MAX_NODE_SCORE * (highest + lowest - score)) / highest);
  }
}
