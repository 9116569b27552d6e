import type { Tier } from '../../placement/types.ts';
import { createRandom, type Random } from '../engine/random.ts';
import { createTimeline, EPOCH_MS, type Timeline } from '../engine/timeline.ts';
import type { TraceNode, TracePodSpec } from '../trace/kubernetes.ts';
import type { Trace } from '../trace/schema.ts';

/** The simulated cluster as it really is: what Spillway and the scheduler know of it comes later, and less. */
export interface World {
  readonly trace: Trace;
  readonly timeline: Timeline;
  readonly nodes: ReadonlyMap<string, SimNode>;
  /** Pods that exist, by uid. */
  readonly pods: Map<string, SimPod>;
  /** By the key of their Deployment. */
  readonly replicaSets: Map<string, SimReplicaSet>;
  readonly watchers: Watcher[];
  readonly random: { readonly scheduler: Random; readonly kubelet: Random; readonly uids: Random };
}

export interface SimNode {
  readonly name: string;
  readonly object: TraceNode;
  readonly tier: Tier;
  /** Cordoned by an event, or by its object. */
  unschedulable: boolean;
  readonly allocatable: Resources;
  readonly pods: Set<SimPod>;
}

export interface Resources {
  readonly cpuMilli: number;
  readonly memoryBytes: number;
  readonly pods: number;
}

export type Requests = Pick<Resources, 'cpuMilli' | 'memoryBytes'>;

export interface SimReplicaSet {
  readonly uid: string;
  readonly name: string;
  readonly namespace: string;
  /** `namespace/name` of its Deployment: what traces call a workload. */
  readonly workload: string;
  readonly deploymentName: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly podSpec: TracePodSpec;
  replicas: number;
  /** Its pods that exist, terminating ones too, in the order of their creation. */
  readonly pods: Set<SimPod>;
  /** Pods created so far: the last one's number. */
  created: number;
  /** How many of its pods are ready and not terminating. */
  serving: number;
}

export interface SimPod {
  readonly uid: string;
  readonly name: string;
  readonly namespace: string;
  readonly owner: SimReplicaSet | undefined;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly spec: TracePodSpec;
  readonly requests: Requests;
  /** As scores count them: each container without a request with a default. */
  readonly scoredRequests: Requests;
  readonly createdAtMs: number;
  /** Where it is bound. */
  node: SimNode | undefined;
  boundAtMs: number | undefined;
  startedAtMs: number | undefined;
  readyAtMs: number | undefined;
  terminatingAtMs: number | undefined;
  goneAtMs: number | undefined;
}

/** Who is told of a change at the moment it happens; a watch passes it on later. */
export interface Watcher {
  readonly node?: (node: SimNode) => void;
  readonly pod?: (pod: SimPod, change: PodChange) => void;
  readonly replicaSet?: (replicaSet: SimReplicaSet) => void;
}

export type PodChange = 'created' | 'bound' | 'started' | 'ready' | 'terminating' | 'gone';

export function createWorld(trace: Trace, nodes: readonly SimNode[], startMs: number): World {
  return {
    trace,
    timeline: createTimeline(startMs),
    nodes: new Map(nodes.map((node) => [node.name, node])),
    pods: new Map(),
    replicaSets: new Map(),
    watchers: [],
    random: {
      scheduler: createRandom(trace.seed, 'scheduler'),
      kubelet: createRandom(trace.seed, 'kubelet'),
      uids: createRandom(trace.seed, 'uids'),
    },
  };
}

/** From a time since the start of the trace to one on the virtual clock. */
export function clockMs(sinceStartMs: number): number {
  return EPOCH_MS + sinceStartMs;
}

export function tellPod(world: World, pod: SimPod, change: PodChange): void {
  for (const watcher of world.watchers) watcher.pod?.(pod, change);
}

export function tellReplicaSet(world: World, replicaSet: SimReplicaSet): void {
  for (const watcher of world.watchers) watcher.replicaSet?.(replicaSet);
}

export function tellNode(world: World, node: SimNode): void {
  for (const watcher of world.watchers) watcher.node?.(node);
}

/** Gets requests from its Service: ready and not terminating. `SimReplicaSet.serving` counts these. */
export function serves(pod: SimPod): boolean {
  return pod.readyAtMs !== undefined && pod.terminatingAtMs === undefined;
}
