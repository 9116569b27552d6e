/*
 * How in-tree plugins, and other policies, plug into the scheduler. A profile is a value: its filters in
 * order and its scorers with their weights. A policy adds its own to those of `defaultProfile`, or replaces
 * some. What a plugin knows beside the cycle (measured usage, say) it holds in the closure that made it.
 *
 * Both kinds work in two steps, as the scheduling framework's PreFilter/Filter and PreScore/Score do:
 * `prepare` runs once a cycle and returns what is then asked about each node. A prepared plugin is the
 * framework's CycleState: it is thrown away with the cycle. `undefined` is the framework's Skip.
 */
import type { ClusterEvent } from './events.ts';
import type { NodeInfo } from './node-info.ts';
import type { PodInfo } from './pod-info.ts';

export interface Profile {
  /** In the order in which they are asked: the first to refuse a node gives the reason. */
  readonly filters: readonly FilterPlugin[];
  readonly scorers: readonly ScorePlugin[];
  /** EventsToRegister, for objects that only a plugin knows: it tells when one changed, by its own name. */
  readonly watch?: ((changed: (plugin: string) => void) => void) | undefined;
}

/** One attempt to schedule one pod. */
export interface Cycle {
  readonly pod: PodInfo;
  /** All nodes that the scheduler knows, in the order in which it looks at them. */
  readonly nodes: readonly NodeInfo[];
  readonly nowMs: number;
}

export interface FilterPlugin {
  readonly plugin: string;
  /** PreFilter. Undefined: it has nothing to say of this pod, and no node is asked about. */
  readonly prepare: (cycle: Cycle) => PreparedFilter | undefined;
  /**
   * QueueingHintFn: may this event help a pod that the plugin refused? Without it any event may, as for a
   * plugin of the real scheduler that registers no events.
   */
  readonly mayHelp?: (pod: PodInfo, event: ClusterEvent) => boolean;
}

export interface PreparedFilter {
  /** Only these nodes can take the pod: no other is looked at. */
  readonly nodeNames?: ReadonlySet<string>;
  /** No node can take the pod, for this reason. */
  readonly refusesAll?: string;
  /** Filter: why the node can't take the pod. Undefined: it passes. Texts are constants, since equal ones are counted. */
  readonly filter: (node: NodeInfo) => readonly string[] | undefined;
}

export interface ScorePlugin {
  readonly plugin: string;
  readonly weight: number;
  /** PreScore. Undefined: every node gets 0 from it. */
  readonly prepare: (cycle: Cycle, feasible: readonly NodeInfo[]) => PreparedScorer | undefined;
}

export interface PreparedScorer {
  /** Score: a whole number. From 0 to 100, unless `normalize` makes it so. */
  readonly score: (node: NodeInfo) => number;
  /** NormalizeScore: changes the scores in place; they are in the order of the feasible nodes. */
  readonly normalize?: (scores: number[], feasible: readonly NodeInfo[]) => void;
}

/** framework.MaxNodeScore. */
export const MAX_NODE_SCORE = 100;
