import { below, type Random } from '../engine/random.ts';
import { podJson } from '../model/objects.ts';
import type { SimPod } from '../model/world.ts';
import type { NodeInfo } from './books.ts';
import type { Extender } from './extender.ts';
import { FILTERS } from './filters.ts';
import { SCORERS } from './scores.ts';

/** What one attempt to schedule a pod came to. */
export type Attempt =
  | {
      readonly result: 'assumed';
      readonly info: NodeInfo;
      readonly scores: readonly NodeScore[];
      readonly reasons: Reasons;
    }
  | {
      readonly result: 'unschedulable';
      readonly reasons: Reasons;
      /** The extender had a say in it: any event may help the pod then. */
      readonly byExtender: boolean;
    };

/** How many nodes were left out for each reason, as a pod's event has it. */
type Reasons = ReadonlyMap<string, number>;

export interface NodeScore {
  readonly node: string;
  readonly total: number;
}

export interface CycleSettings {
  readonly extender: Extender | undefined;
  readonly extenderWeight: number;
  readonly random: Random;
}

/** The scheduler multiplies an extender's 0 to 10 by this to make it a plugin's 0 to 100. */
const EXTENDER_SCALE = 10;

/**
 * One scheduling cycle (pkg/scheduler/schedule_one.go): in-tree filters, the extender's filter, and where
 * more than one node is left, scores.
 */
export function attempt(pod: SimPod, infos: Iterable<NodeInfo>, settings: CycleSettings): Attempt {
  const { extender } = settings;
  const reasons = new Map<string, number>();
  const fitting = Array.from(infos).filter((info) => passesInTree(pod, info, reasons));
  if (fitting.length === 0) return { result: 'unschedulable', reasons, byExtender: false };
  const feasible = extender === undefined ? fitting : passExtender(pod, fitting, extender, reasons);
  const [only] = feasible;
  if (only === undefined) return { result: 'unschedulable', reasons, byExtender: true };
  // Exactly one node left: neither scores nor the extender's prioritize are asked.
  if (feasible.length === 1) return { result: 'assumed', info: only, scores: [], reasons };
  const scores = scoreAll(pod, feasible, settings);
  const best = Math.max(...scores.map(({ total }) => total));
  const first = feasible.filter((_, index) => scores[index]?.total === best);
  const chosen = first[below(settings.random, first.length)] ?? only;
  return { result: 'assumed', info: chosen, scores, reasons };
}

function passesInTree(pod: SimPod, info: NodeInfo, reasons: Map<string, number>): boolean {
  for (const { refusal } of FILTERS) {
    const reason = refusal(pod, info);
    if (reason === undefined) continue;
    reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
    return false;
  }
  return true;
}

function passExtender(
  pod: SimPod,
  fitting: readonly NodeInfo[],
  extender: Extender,
  reasons: Map<string, number>,
): readonly NodeInfo[] {
  const answer = extender.filter(
    podJson(pod),
    fitting.map(({ node }) => node.name),
  );
  for (const reason of Object.values(answer.refusals)) reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
  if (answer.error !== undefined) reasons.set(answer.error, fitting.length);
  const kept = new Set(answer.names);
  return fitting.filter(({ node }) => kept.has(node.name));
}

function scoreAll(
  pod: SimPod,
  feasible: readonly NodeInfo[],
  { extender, extenderWeight }: CycleSettings,
): readonly NodeScore[] {
  const names = feasible.map(({ node }) => node.name);
  const fromExtender = extender?.prioritize(podJson(pod), names);
  return feasible.map((info) => {
    const inTree = SCORERS.reduce((sum, { weight, score }) => sum + weight * score(pod, info), 0);
    const asked = fromExtender?.get(info.node.name) ?? 0;
    return { node: info.node.name, total: inTree + asked * extenderWeight * EXTENDER_SCALE };
  });
}
