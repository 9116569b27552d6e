import type { NodeInfo } from './node-info.ts';
import type { Cycle, FilterPlugin, PreparedFilter } from './plugin.ts';

/** What the in-tree filters left. */
export interface Filtered {
  /** In the order in which they were found. */
  readonly feasible: readonly NodeInfo[];
  /** How many nodes were left out for each reason, as a pod's event has it. */
  readonly reasons: Map<string, number>;
  /** The plugins that refused a node: only what may help with one of them is worth a retry. */
  readonly rejectors: Set<string>;
  /** How many nodes were looked at: the next cycle begins behind them. */
  readonly processed: number;
}

interface Asked {
  readonly plugin: string;
  readonly filter: PreparedFilter['filter'];
}

type Prepared =
  | { readonly refused: false; readonly asked: readonly Asked[]; readonly named: Named | undefined }
  | { readonly refused: true; readonly plugins: readonly string[]; readonly reason: string };

/** The only nodes that the pod may go to, and the plugins that say so. */
interface Named {
  readonly names: ReadonlySet<string>;
  readonly plugins: readonly string[];
}

/**
 * findNodesThatFitPod without the extender (pkg/scheduler/schedule_one.go).
 *
 * @param startIndex nextStartNodeIndex: where the search begins
 */
export function filterNodes(
  cycle: Cycle,
  filters: readonly FilterPlugin[],
  percentageOfNodesToScore: number,
  startIndex: number,
): Filtered {
  const prepared = prepareAll(cycle, filters);
  if (prepared.refused) {
    const reasons = new Map([[prepared.reason, cycle.nodes.length]]);
    return { feasible: [], reasons, rejectors: new Set(prepared.plugins), processed: 0 };
  }
  const { asked, named } = prepared;
  const nodes =
    named === undefined ? cycle.nodes : cycle.nodes.filter(({ state }) => named.names.has(state.name));
  const found = search(nodes, asked, feasibleNodesToFind(percentageOfNodesToScore, nodes.length), startIndex);
  if (named === undefined) return found;
  for (const plugin of named.plugins) found.rejectors.add(plugin);
  const unnamed = cycle.nodes.length - nodes.length;
  if (unnamed > 0)
    found.reasons.set(`node(s) didn't satisfy plugin(s) [${named.plugins.join(' ')}]`, unnamed);
  return found;
}

/** RunPreFilterPlugins (pkg/scheduler/framework/runtime/framework.go). */
function prepareAll(cycle: Cycle, filters: readonly FilterPlugin[]): Prepared {
  const asked: Asked[] = [];
  let named: Named | undefined;
  for (const { plugin, prepare } of filters) {
    const prepared = prepare(cycle);
    if (prepared === undefined) continue;
    const { filter, refusesAll, nodeNames } = prepared;
    if (refusesAll !== undefined) return { refused: true, plugins: [plugin], reason: refusesAll };
    asked.push({ plugin, filter });
    if (nodeNames === undefined) continue;
    named = restrict(named, plugin, nodeNames);
    if (named.names.size === 0) return { refused: true, plugins: named.plugins, reason: noneNamed(named) };
  }
  return { refused: false, asked, named };
}

function restrict(named: Named | undefined, plugin: string, names: ReadonlySet<string>): Named {
  if (named === undefined) return { names, plugins: [plugin] };
  const both = new Set(Array.from(named.names).filter((name) => names.has(name)));
  return { names: both, plugins: [...named.plugins, plugin].sort() };
}

function noneNamed({ plugins }: Named): string {
  return plugins.length === 1
    ? `node(s) didn't satisfy plugin ${plugins[0]}`
    : `node(s) didn't satisfy plugin(s) [${plugins.join(' ')}] simultaneously`;
}

/**
 * findNodesThatPassFilters, as one worker would: it stops at the first node that passes after enough have been
 * found. The real one has 16 workers, so that it may have looked at some more.
 */
function search(
  nodes: readonly NodeInfo[],
  asked: readonly Asked[],
  enough: number,
  startIndex: number,
): Filtered {
  const feasible: NodeInfo[] = [];
  const reasons = new Map<string, number>();
  const rejectors = new Set<string>();
  let refused = 0;
  for (let offset = 0; offset < nodes.length; offset += 1) {
    const node = nodes[(startIndex + offset) % nodes.length];
    if (node === undefined) break;
    if (passes(node, asked, reasons, rejectors)) {
      if (feasible.length === enough) break;
      feasible.push(node);
    } else refused += 1;
  }
  return { feasible, reasons, rejectors, processed: feasible.length + refused };
}

/** RunFilterPlugins: the first to refuse has the say, with all its reasons (framework/types.go, FitError). */
function passes(
  node: NodeInfo,
  asked: readonly Asked[],
  reasons: Map<string, number>,
  rejectors: Set<string>,
): boolean {
  for (const { plugin, filter } of asked) {
    const refusal = filter(node);
    if (refusal === undefined) continue;
    for (const reason of refusal) reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
    rejectors.add(plugin);
    return false;
  }
  return true;
}

/** minFeasibleNodesToFind and minFeasibleNodesPercentageToFind. */
const LEAST_NODES = 100;
const LEAST_PERCENT = 5;

/** numFeasibleNodesToFind: 0 percent means a share that shrinks as the cluster grows. */
export function feasibleNodesToFind(percentageOfNodesToScore: number, nodes: number): number {
  if (nodes < LEAST_NODES) return nodes;
  const percentage =
    percentageOfNodesToScore === 0
      ? Math.max(LEAST_PERCENT, 50 - Math.trunc(nodes / 125))
      : percentageOfNodesToScore;
  return Math.max(LEAST_NODES, Math.trunc((nodes * percentage) / 100));
}
