import { below, type Random } from '../engine/random.ts';
import type { Extender, FilterAnswer } from './extender.ts';
import { type Filtered, filterNodes } from './filtering.ts';
import type { NodeInfo } from './node-info.ts';
import type { Cycle, Profile } from './plugin.ts';
import { addExtenderScores, scoreNodes } from './scoring.ts';

/** What one attempt to schedule a pod came to. */
export type Attempt = Assumed | Unschedulable;

interface Assumed extends Looked {
  readonly result: 'assumed';
  readonly info: NodeInfo;
  /** The nodes with the highest total, of which chance chose one. */
  readonly best: readonly NodeInfo[];
  readonly scores: readonly NodeScore[];
  /** By plugin, normalised and not weighted yet, in the order of `scores`. */
  readonly byPlugin: ReadonlyMap<string, readonly number[]>;
}

interface Unschedulable extends Looked {
  readonly result: 'unschedulable';
  /**
   * Who refused a node: plugins, and `Extender`. None: an error, after which the scheduler tries again without
   * waiting for anything to change.
   */
  readonly rejectors: ReadonlySet<string>;
}

interface Looked {
  /** How many nodes were left out for each reason, as a pod's event has it. */
  readonly reasons: ReadonlyMap<string, number>;
  /** How many nodes the plugins looked at. */
  readonly processed: number;
}

interface NodeScore {
  readonly node: string;
  readonly total: number;
}

export interface CycleSettings {
  readonly profile: Profile;
  readonly percentageOfNodesToScore: number;
  readonly extender: Extender | undefined;
  readonly extenderWeight: number;
  /** The extender's errors are skipped, not the pod's. */
  readonly ignorable: boolean;
  readonly random: Random;
}

export interface Asked extends Cycle {
  /** The pod as JSON, for the extender. */
  readonly podText: () => string;
  /** Where the search for nodes begins. */
  readonly startIndex: number;
}

/** framework/types.go, ExtenderName: the plugin that stands for the extender. */
export const EXTENDER = 'Extender';

/** ErrNoNodesAvailable. */
const NO_NODES = 'no nodes available to schedule pods';
/** What a connection that is refused looks like. */
const NOT_AVAILABLE = 'connection refused';

/**
 * One scheduling cycle (pkg/scheduler/schedule_one.go, schedulePod): in-tree filters, the extender's filter,
 * and where more than one node is left, scores.
 */
export function attempt(asked: Asked, settings: CycleSettings): Attempt {
  if (asked.nodes.length === 0) return failed(NO_NODES, 1, 0);
  const { profile, percentageOfNodesToScore, random } = settings;
  const filtered = filterNodes(asked, profile.filters, percentageOfNodesToScore, asked.startIndex);
  const { reasons, processed, rejectors } = filtered;
  const left = passExtender(asked, filtered, settings);
  if ('error' in left) return failed(left.error, filtered.feasible.length, processed);
  const { feasible } = left;
  const [only] = feasible;
  if (only === undefined) return { result: 'unschedulable', reasons, processed, rejectors };
  // Exactly one node left: neither scores nor the extender's prioritize are asked.
  if (feasible.length === 1) {
    return {
      result: 'assumed',
      info: only,
      best: [only],
      scores: [],
      byPlugin: new Map(),
      reasons,
      processed,
    };
  }
  const { totals, byPlugin } = scoreNodes(asked, profile.scorers, feasible);
  addExtenderScores(totals, feasible, asked.podText, settings);
  const highest = Math.max(...totals);
  const best = feasible.filter((_, index) => totals[index] === highest);
  const info = best[below(random, best.length)] ?? only;
  const scores = feasible.map(({ state }, index) => ({ node: state.name, total: totals[index] ?? 0 }));
  return { result: 'assumed', info, best, scores, byPlugin, reasons, processed };
}

function failed(error: string, nodes: number, processed: number): Unschedulable {
  return { result: 'unschedulable', reasons: new Map([[error, nodes]]), processed, rejectors: new Set() };
}

type Passed = { readonly feasible: readonly NodeInfo[] } | { readonly error: string };

/** findNodesThatPassExtenders. Notes the reasons, and that the extender is one of those who refused. */
function passExtender(
  { podText }: Asked,
  { feasible, reasons, rejectors }: Filtered,
  { extender, ignorable }: CycleSettings,
): Passed {
  if (extender === undefined || feasible.length === 0) return { feasible };
  const byName = new Map(feasible.map((node) => [node.state.name, node]));
  const answer: FilterAnswer = extender.available()
    ? extender.filter(podText(), Array.from(byName.keys()))
    : { names: [], refusals: {}, error: NOT_AVAILABLE };
  const unknown = answer.names.find((name) => !byName.has(name));
  const error =
    answer.error ??
    (unknown === undefined
      ? undefined
      : `extender claims a filtered node "${unknown}" which is not found in the input node list`);
  if (error !== undefined) return ignorable ? { feasible } : { error };
  for (const reason of Object.values(answer.refusals)) reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
  if (answer.names.length !== feasible.length) rejectors.add(EXTENDER);
  return { feasible: answer.names.flatMap((name) => byName.get(name) ?? []) };
}
