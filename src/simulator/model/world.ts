import type { PodMetricsObject, UsageObject } from '../../picture/objects.ts';
import type { Tier } from '../../placement/types.ts';
import type { TraceNode, TracePodSpec } from '../../trace/kubernetes.ts';
import type { Trace } from '../../trace/schema.ts';
import { createRandom, type Random } from '../engine/random.ts';
import { createTimeline, EPOCH_MS, type Timeline } from '../engine/timeline.ts';

/** The simulated cluster as it really is: what Spillway and the scheduler know of it comes later, and less. */
export interface World {
  readonly trace: Trace;
  readonly timeline: Timeline;
  /** Nodes that the API server knows: they join and leave. */
  readonly nodes: Map<string, SimNode>;
  /** Pods that exist, by uid. */
  readonly pods: Map<string, SimPod>;
  /** By the key of their Deployment. */
  readonly replicaSets: Map<string, SimReplicaSet>;
  readonly watchers: Watcher[];
  readonly metricsApi: MetricsApi;
  /** Whether the scheduler's extender answers. */
  readonly extender: { available: boolean };
  readonly random: Readonly<Record<Purpose, Random>>;
}

type Purpose = 'scheduler' | 'kubelet' | 'uids' | 'scrapes' | 'load';

/** metrics.k8s.io as a client finds it at this moment. */
interface MetricsApi {
  available: boolean;
  /** Undefined: nothing was served yet. */
  served: ServedMetrics | undefined;
}

/** What metrics.k8s.io answers. */
export interface ServedMetrics {
  readonly nodes: readonly UsageObject[];
  readonly pods: readonly PodMetricsObject[];
}

export interface SimNode {
  readonly name: string;
  readonly object: TraceNode;
  readonly tier: Tier;
  annotations: Readonly<Record<string, string>>;
  /** Cordoned by an event, or by its object. */
  unschedulable: boolean;
  /**
   * What it really is: `disconnected`, its pods run and nobody hears of them; `lost`, they do not. The API
   * server learns of it when the node's Lease is not renewed.
   */
  state: 'up' | 'disconnected' | 'lost';
  /** When it was last heard of; undefined while it is heard. */
  silentSinceMs: number | undefined;
  /** Its Ready condition in the API. */
  ready: 'True' | 'False' | 'Unknown';
  /** Undefined: since before the trace began. */
  readyChangedAtMs: number | undefined;
  readonly allocatable: Resources;
  readonly pods: Set<SimPod>;
}

interface Resources {
  readonly cpuMilli: number;
  readonly memoryBytes: number;
  readonly pods: number;
}

type Requests = Pick<Resources, 'cpuMilli' | 'memoryBytes'>;

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
  /** How many of its pods are not terminating. */
  active: number;
  /** How many of its pods are ready and not terminating. */
  serving: number;
}

export interface SimPod {
  readonly uid: string;
  readonly name: string;
  readonly namespace: string;
  readonly owner: SimReplicaSet | undefined;
  readonly labels: Readonly<Record<string, string>>;
  annotations: Readonly<Record<string, string>>;
  readonly spec: TracePodSpec;
  readonly requests: Requests;
  readonly createdAtMs: number;
  /** Where it is bound. */
  node: SimNode | undefined;
  boundAtMs: number | undefined;
  /** When its containers began to run, the last time. */
  startedAtMs: number | undefined;
  /** Since when its Ready condition is True in the API; undefined while it is not. */
  readyAtMs: number | undefined;
  /** When its Ready condition last changed; its creation, before that. */
  readyChangedAtMs: number;
  readonly kubelet: KubeletStatus;
  restarts: number;
  terminatingAtMs: number | undefined;
  goneAtMs: number | undefined;
}

/** What the kubelet knows of its pod, and the API server only while the node is reached. */
interface KubeletStatus {
  /** How often it has set out to start the containers; 0: it has not heard of the pod. */
  starts: number;
  containers: 'waiting' | 'running' | 'ready';
}

/** Who is told of a change at the moment it happens; a watch passes it on later. */
interface Watcher {
  readonly node?: (node: SimNode, change: NodeChange) => void;
  readonly pod?: (pod: SimPod, change: PodChange) => void;
  readonly replicaSet?: (replicaSet: SimReplicaSet) => void;
}

export type NodeChange = 'joined' | 'changed' | 'left';
export type PodChange =
  | 'created'
  | 'bound'
  | 'started'
  | 'ready'
  | 'unready'
  | 'annotated'
  | 'terminating'
  | 'gone';

export function createWorld(trace: Trace, nodes: readonly SimNode[], startMs: number): World {
  return {
    trace,
    timeline: createTimeline(startMs),
    nodes: new Map(nodes.map((node) => [node.name, node])),
    pods: new Map(),
    replicaSets: new Map(),
    watchers: [],
    metricsApi: { available: true, served: undefined },
    extender: { available: true },
    random: {
      scheduler: createRandom(trace.seed, 'scheduler'),
      kubelet: createRandom(trace.seed, 'kubelet'),
      uids: createRandom(trace.seed, 'uids'),
      scrapes: createRandom(trace.seed, 'scrapes'),
      load: createRandom(trace.seed, 'load'),
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

export function tellNode(world: World, node: SimNode, change: NodeChange): void {
  for (const watcher of world.watchers) watcher.node?.(node, change);
}

/**
 * An endpoint of its Service: ready and not terminating, as far as the API server knows. `SimReplicaSet.serving`
 * counts these. Whether it answers is another question: its node may be away.
 */
export function serves(pod: SimPod): boolean {
  return pod.readyAtMs !== undefined && pod.terminatingAtMs === undefined;
}
