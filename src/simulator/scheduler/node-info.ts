import type { NodeObject } from '../../picture/objects.ts';
import { hasPodAffinity, type PodInfo } from './pod-info.ts';
import { type Amounts, amountOf, amountsOf } from './requests.ts';
import type { Labels, Selector } from './selectors.ts';

/** A node's object, parsed once for each change of it. */
export interface NodeState {
  readonly name: string;
  readonly labels: Labels;
  readonly annotations: Readonly<Record<string, string>>;
  readonly unschedulable: boolean;
  readonly taints: readonly Taint[];
  readonly allocatable: NodeAmounts;
  readonly object: NodeObject;
}

export interface NodeAmounts extends Amounts {
  readonly pods: number;
}

export interface Taint {
  readonly key: string;
  readonly value?: string | undefined;
  readonly effect: string;
}

/**
 * A node and the pods on it, those that the scheduler has only assumed there too: its own books, since
 * binding is asynchronous (pkg/scheduler/framework/types.go, NodeInfo).
 */
export interface NodeInfo {
  state: NodeState;
  readonly pods: Set<PodInfo>;
  /** Those with affinity or anti-affinity to other pods. */
  readonly podsWithAffinity: Set<PodInfo>;
  /** Its pods that are not terminating, by their `group`. */
  readonly groups: Map<string, PodGroup>;
  /** Sums over its pods. */
  readonly requested: MutableAmounts;
  /** Sums of what scores take their containers to request. */
  readonly nonZeroRequested: { cpuMilli: number; memoryBytes: number };
}

interface PodGroup {
  readonly key: string;
  readonly namespace: string;
  readonly labels: Labels;
  count: number;
}

interface MutableAmounts {
  cpuMilli: number;
  memoryBytes: number;
  ephemeralStorageBytes: number;
  readonly scalars: Map<string, number>;
}

/** What kubelet allows when a node's object does not say. */
const DEFAULT_MAX_PODS = 110;

/**
 * A node of a trace may leave out what it does not want to limit: memory and ephemeral storage are then
 * unlimited (infinite), and its pods kubelet's default. A real node always says, and 0 is meant as 0.
 */
export function nodeState(object: NodeObject): NodeState {
  const { metadata, spec, status } = object;
  const said = new Map(
    Object.entries(status?.allocatable ?? {}).map(([resource, quantity]) => [
      resource,
      amountOf(resource, String(quantity)),
    ]),
  );
  const unlimited = Number.POSITIVE_INFINITY;
  const { cpuMilli, scalars } = amountsOf(said);
  return {
    name: metadata.name,
    labels: metadata.labels ?? {},
    annotations: metadata.annotations ?? {},
    unschedulable: spec?.unschedulable === true,
    taints: spec?.taints ?? [],
    // Written out, not spread: the filter reads it for every node of every cycle, and knows one shape faster.
    allocatable: {
      cpuMilli,
      memoryBytes: said.get('memory') ?? unlimited,
      ephemeralStorageBytes: said.get('ephemeral-storage') ?? unlimited,
      scalars,
      pods: said.get('pods') ?? DEFAULT_MAX_PODS,
    },
    object,
  };
}

export function createNodeInfo(state: NodeState, pods: Iterable<PodInfo> = []): NodeInfo {
  const info: NodeInfo = {
    state,
    pods: new Set(),
    podsWithAffinity: new Set(),
    groups: new Map(),
    requested: { cpuMilli: 0, memoryBytes: 0, ephemeralStorageBytes: 0, scalars: new Map() },
    nonZeroRequested: { cpuMilli: 0, memoryBytes: 0 },
  };
  for (const pod of pods) addPod(info, pod);
  return info;
}

export function addPod(info: NodeInfo, pod: PodInfo): void {
  if (info.pods.has(pod)) return;
  info.pods.add(pod);
  if (hasPodAffinity(pod)) info.podsWithAffinity.add(pod);
  count(info, pod, 1);
  if (!pod.terminating) countInGroup(info, pod, 1);
}

export function removePod(info: NodeInfo, pod: PodInfo): void {
  if (!info.pods.delete(pod)) return;
  info.podsWithAffinity.delete(pod);
  count(info, pod, -1);
  if (!pod.terminating) countInGroup(info, pod, -1);
}

/** It still takes its place, and is no longer one of those that are spread. */
export function markTerminating(info: NodeInfo | undefined, pod: PodInfo): void {
  if (pod.terminating) return;
  if (info?.pods.has(pod)) countInGroup(info, pod, -1);
  pod.terminating = true;
}

/**
 * plugins/podtopologyspread/common.go, countPodsMatchSelector: an empty selector counts none. Pods with the
 * same labels are judged once for all nodes.
 */
export function podCounter(selector: Selector, namespace: string): (node: NodeInfo) => number {
  if (selector.isEmpty) return () => 0;
  const judged = new Map<string, boolean>();
  return ({ groups }) => {
    let matching = 0;
    for (const group of groups.values()) {
      let matches = judged.get(group.key);
      if (matches === undefined) {
        matches = group.namespace === namespace && selector.matches(group.labels);
        judged.set(group.key, matches);
      }
      if (matches) matching += group.count;
    }
    return matching;
  };
}

function count({ requested, nonZeroRequested }: NodeInfo, { amounts }: PodInfo, sign: 1 | -1): void {
  const { requests, nonZero } = amounts;
  requested.cpuMilli += sign * requests.cpuMilli;
  requested.memoryBytes += sign * requests.memoryBytes;
  requested.ephemeralStorageBytes += sign * requests.ephemeralStorageBytes;
  for (const [resource, amount] of requests.scalars) {
    requested.scalars.set(resource, (requested.scalars.get(resource) ?? 0) + sign * amount);
  }
  nonZeroRequested.cpuMilli += sign * nonZero.cpuMilli;
  nonZeroRequested.memoryBytes += sign * nonZero.memoryBytes;
}

function countInGroup({ groups }: NodeInfo, pod: PodInfo, sign: 1 | -1): void {
  const { group: key, namespace, labels } = pod;
  const group = groups.get(key);
  if (group === undefined) groups.set(key, { key, namespace, labels, count: sign });
  else group.count += sign;
  if (group?.count === 0) groups.delete(key);
}
