import type { NodeObject } from '../../../src/picture/objects.ts';
import type { LabelSelector } from '../../../src/placement/selector.ts';
import {
  createNodeInfo,
  type NodeInfo,
  type NodeState,
  nodeState,
} from '../../../src/simulator/scheduler/node-info.ts';
import type { Cycle, FilterPlugin, ScorePlugin } from '../../../src/simulator/scheduler/plugin.ts';
import { createPodInfo, type PodInfo } from '../../../src/simulator/scheduler/pod-info.ts';
import type { TracePodSpec } from '../../../src/trace/kubernetes.ts';

type Labels = Readonly<Record<string, string>>;

export interface PodOptions extends Partial<TracePodSpec> {
  readonly namespace?: string;
  readonly labels?: Labels;
  readonly selector?: LabelSelector;
}

/** A pod of one container without requests, unless it says otherwise. */
export function podInfo(name: string, options: PodOptions = {}): PodInfo {
  const { namespace = 'fn', labels = {}, selector, ...spec } = options;
  return createPodInfo(
    { uid: name, name, namespace, labels, annotations: {}, spec: { containers: [{}], ...spec } },
    selector,
  );
}

export function requesting(requests: Labels): Pick<PodOptions, 'containers'> {
  return { containers: [{ resources: { requests } }] };
}

interface NodeOptions {
  readonly labels?: Labels;
  readonly taints?: NonNullable<NodeObject['spec']>['taints'];
  readonly unschedulable?: boolean;
  readonly allocatable?: Labels;
  readonly annotations?: Labels;
  readonly ready?: boolean;
}

/** A node of 4 CPUs that is labelled with its name. */
export function node(name: string, options: NodeOptions = {}): NodeState {
  const {
    labels = {},
    taints = [],
    unschedulable = false,
    allocatable,
    annotations = {},
    ready = true,
  } = options;
  return nodeState({
    metadata: { name, labels: { 'kubernetes.io/hostname': name, ...labels }, annotations },
    spec: { taints, unschedulable },
    status: {
      allocatable: allocatable ?? { cpu: '4', memory: '8Gi', pods: '110' },
      conditions: [{ type: 'Ready', status: ready ? 'True' : 'False' }],
    },
  });
}

export function nodeInfo(name: string, options: NodeOptions = {}, pods: readonly PodInfo[] = []): NodeInfo {
  return createNodeInfo(node(name, options), pods);
}

export function cycleOf(pod: PodInfo, nodes: readonly NodeInfo[]): Cycle {
  return { pod, nodes, nowMs: 0 };
}

/** What the filter says of each node; undefined: it passes. */
export function refusals(
  filter: FilterPlugin,
  pod: PodInfo,
  nodes: readonly NodeInfo[],
): readonly (readonly string[] | undefined)[] {
  const prepared = filter.prepare(cycleOf(pod, nodes));
  return nodes.map((info) => prepared?.filter(info));
}

/** The names of the nodes that pass. */
export function passing(filter: FilterPlugin, pod: PodInfo, nodes: readonly NodeInfo[]): readonly string[] {
  const found = refusals(filter, pod, nodes);
  return nodes.flatMap(({ state }, index) => (found[index] === undefined ? [state.name] : []));
}

/** Normalised. Undefined: the plugin skips the pod. */
export function scoresOf(
  scorer: ScorePlugin,
  pod: PodInfo,
  nodes: readonly NodeInfo[],
  feasible: readonly NodeInfo[] = nodes,
): readonly number[] | undefined {
  const prepared = scorer.prepare(cycleOf(pod, nodes), feasible);
  if (prepared === undefined) return undefined;
  const scores = feasible.map((info) => prepared.score(info));
  prepared.normalize?.(scores, feasible);
  return scores;
}
