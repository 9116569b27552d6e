import type { LabelSelector } from '../../placement/selector.ts';
import type { TracePodSpec } from '../../trace/kubernetes.ts';
import type { Toleration } from '../model/tolerations.ts';
import type { SimPod, SimReplicaSet } from '../model/world.ts';
import { type AffinityTerms, affinityTerms } from './affinity-terms.ts';
import {
  type NodeMatcher,
  type PreferredTerm,
  preferredNodeTerms,
  requiredNodeAffinity,
} from './node-selector.ts';
import { type PodAmounts, podAmounts } from './requests.ts';
import type { Labels } from './selectors.ts';
import { type SpreadConstraints, spreadConstraints } from './spread-constraints.ts';

/** A pod as the scheduler keeps it (pkg/scheduler/framework/types.go, PodInfo): its spec parsed once. */
export interface PodInfo extends PodIdentity {
  readonly priority: number;
  readonly amounts: PodAmounts;
  readonly tolerations: readonly Toleration[];
  /** Undefined: every node will do. */
  readonly nodeAffinity: NodeMatcher | undefined;
  /** Undefined: it prefers none. */
  readonly preferredNodes: readonly PreferredTerm[] | undefined;
  readonly spread: SpreadConstraints;
  readonly affinity: AffinityTerms;
  readonly antiAffinity: AffinityTerms;
  /** The same for all pods of a namespace with the same labels: they are counted together. */
  readonly group: string;
  /** Deleted, and not gone yet. */
  terminating: boolean;
}

export interface PodIdentity {
  readonly uid: string;
  readonly name: string;
  readonly namespace: string;
  readonly labels: Labels;
  readonly annotations: Readonly<Record<string, string>>;
  readonly spec: TracePodSpec;
}

/** What the priority admission plugin makes of the two classes that every cluster has. */
const SYSTEM_PRIORITIES: Readonly<Record<string, number>> = {
  'system-cluster-critical': 2_000_000_000,
  'system-node-critical': 2_000_001_000,
};

/**
 * @param selector what its controller and the Services that match it select together (plugins/helper/spread.go,
 * DefaultSelector); undefined: nothing selects it
 */
export function createPodInfo(pod: PodIdentity, selector: LabelSelector | undefined): PodInfo {
  const { uid, name, namespace, labels, annotations, spec } = pod;
  const { affinity = {}, tolerations = [] } = spec;
  return {
    uid,
    name,
    namespace,
    labels,
    annotations,
    spec,
    priority: spec.priority ?? SYSTEM_PRIORITIES[spec.priorityClassName ?? ''] ?? 0,
    amounts: podAmounts(spec),
    tolerations,
    nodeAffinity: requiredNodeAffinity(spec),
    preferredNodes: preferredNodeTerms(spec),
    spread: spreadConstraints(spec, labels, selector),
    affinity: affinityTerms(affinity.podAffinity, pod),
    antiAffinity: affinityTerms(affinity.podAntiAffinity, pod),
    group: JSON.stringify([namespace, ...Object.entries(labels).sort()]),
    terminating: false,
  };
}

const TEMPLATE_HASH = 'pod-template-hash';

/** What the scheduler knows of the first pod of each ReplicaSet: the others differ in name and uid. */
export type Templates = Map<SimReplicaSet, PodInfo>;

/**
 * A pod of the simulated cluster. The Deployment controller labels a ReplicaSet's pods with a hash of their
 * template, and the ReplicaSet selects by it (pkg/controller/deployment/sync.go): here the ReplicaSet's uid.
 */
export function simPodInfo(pod: SimPod, templates: Templates): PodInfo {
  const { uid, name, namespace, annotations, spec, owner } = pod;
  if (owner === undefined) return createPodInfo(pod, undefined);
  const template = templates.get(owner);
  if (template !== undefined) return replicaInfo(template, uid, name);
  const labels = { ...pod.labels, [TEMPLATE_HASH]: owner.uid };
  const info = createPodInfo({ uid, name, namespace, labels, annotations, spec }, { matchLabels: labels });
  templates.set(owner, info);
  return info;
}

/** Parsed once for all replicas, and written out: a spread object takes more memory. */
function replicaInfo(template: PodInfo, uid: string, name: string): PodInfo {
  return {
    uid,
    name,
    namespace: template.namespace,
    labels: template.labels,
    annotations: template.annotations,
    spec: template.spec,
    priority: template.priority,
    amounts: template.amounts,
    tolerations: template.tolerations,
    nodeAffinity: template.nodeAffinity,
    preferredNodes: template.preferredNodes,
    spread: template.spread,
    affinity: template.affinity,
    antiAffinity: template.antiAffinity,
    group: template.group,
    terminating: false,
  };
}

export function hasPodAffinity({ affinity, antiAffinity }: PodInfo): boolean {
  return [affinity, antiAffinity].some(
    ({ required, preferred }) => required.length > 0 || preferred.length > 0,
  );
}
