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
  const scored = areDefaults ? feasible : feasible.filter((node) => !isIgnored(node));
  const counters = soft.flatMap((constraint) => createCounter(constraint, cycle, scored) ?? []);
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
    normalize: (scores, nodes) => normalize(scores, nodes, isIgnored),
  };
}

/** initPreScoreState and PreScore, for one constraint. Undefined: no node has the label, so it says nothing. */
function createCounter(
  constraint: SpreadConstraint,
  { pod, nodes }: Cycle,
  scored: readonly NodeInfo[],
): Counter | undefined {
  const { topologyKey, maxSkew, selector } = constraint;
  if (scored.every(({ state }) => state.labels[topologyKey] === undefined)) return undefined;
  const podsOn = podCounter(selector, pod.namespace);
  if (topologyKey === HOSTNAME) {
    return { topologyKey, maxSkew, weight: Math.log(scored.length + 2), pods: podsOn };
  }
  // Nodes without the label are a domain of their own, which is counted in the weight.
  const domainOf = ({ state }: NodeInfo) => state.labels[topologyKey] ?? '';
  const podsByDomain = new Map(scored.map((node) => [domainOf(node), 0]));
  for (const node of nodes) {
    const counted = podsByDomain.get(domainOf(node));
    if (counted === undefined || !countsFor(constraint, pod, node)) continue;
    podsByDomain.set(domainOf(node), counted + podsOn(node));
  }
  const weight = Math.log(podsByDomain.size + 2);
  return { topologyKey, maxSkew, weight, pods: (_node, domain) => podsByDomain.get(domain) ?? 0 };
}

function countsFor(constraint: SpreadConstraint, pod: Cycle['pod'], { state }: NodeInfo): boolean {
  const { soft, areDefaults } = pod.spread;
  return (areDefaults || hasAllKeys(state.labels, soft)) && isIncluded(constraint, pod, state);
}

/** NormalizeScore: the fewer pods, the better. */
function normalize(
  scores: number[],
  nodes: readonly NodeInfo[],
  isIgnored: (node: NodeInfo) => boolean,
): void {
  const ignored = nodes.map(isIgnored);
  let highest = 0;
  let lowest = Number.POSITIVE_INFINITY;
  for (let index = 0; index < scores.length; index += 1) {
    if (ignored[index] === true) continue;
    const score = scores[index] ?? 0;
    if (score > highest) highest = score;
    if (score < lowest) lowest = score;
  }
  for (let index = 0; index < scores.length; index += 1) {
    const score = scores[index] ?? 0;
    if (ignored[index] === true) scores[index] = 0;
    else if (highest === 0) scores[index] = MAX_NODE_SCORE;
    else scores[index] = Math.trunc((MAX_NODE_SCORE * (highest + lowest - score)) / highest);
  }
}
