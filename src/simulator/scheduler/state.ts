import type { SimPod, World } from '../model/world.ts';
import type { Attempt, CycleSettings } from './cycle.ts';
import { addPod, type NodeInfo, removePod } from './node-info.ts';
import type { Nodes } from './nodes.ts';
import { type PodInfo, simPodInfo, type Templates } from './pod-info.ts';
import type { SchedulingQueue } from './queue.ts';

/** Told what the scheduler does, for the record of the run. */
export interface SchedulerObserver {
  readonly attempted: (pod: SimPod, attempt: Attempt) => void;
}

export interface Scheduler {
  readonly world: World;
  readonly settings: CycleSettings;
  readonly observer: SchedulerObserver;
  readonly onBound: (pod: SimPod) => void;
  readonly queue: SchedulingQueue;
  readonly nodes: Nodes;
  /** Pods that the watch has told of, by uid. */
  readonly pods: Map<string, KnownPod>;
  readonly templates: Templates;
  readonly startMs: number;
  /** nextStartNodeIndex. */
  startIndex: number;
  /** Until when the cycle under way takes. */
  busyUntilMs: number;
  /** What the timeline already holds: the next cycle, the next look at the back-offs. */
  turnAtMs: number | undefined;
  flushAtMs: number | undefined;
}

export interface KnownPod {
  readonly pod: SimPod;
  readonly info: PodInfo;
  /** Where it runs, or is assumed to run soon. */
  node: NodeInfo | undefined;
  /** Its JSON for the extender, which does not change while the pod waits. */
  text: string | undefined;
  /** What its condition PodScheduled says since the last attempt that failed. */
  message: string;
}

export function know(scheduler: Scheduler, pod: SimPod): KnownPod {
  const info = simPodInfo(pod, scheduler.templates);
  const known: KnownPod = { pod, info, node: undefined, text: undefined, message: '' };
  scheduler.pods.set(pod.uid, known);
  return known;
}

export function place(known: KnownPod, node: NodeInfo | undefined): void {
  known.node = node;
  if (node !== undefined) addPod(node, known.info);
}

export function forget(known: KnownPod): void {
  if (known.node !== undefined) removePod(known.node, known.info);
  known.node = undefined;
}
