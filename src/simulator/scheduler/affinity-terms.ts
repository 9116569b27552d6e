import type { LabelSelector } from '../../placement/selector.ts';
import type { TracePodAffinityTerm } from '../../trace/affinity.ts';
import type { TracePodSpec } from '../../trace/kubernetes.ts';
import { type Labels, labelsAt, selectorOf } from './selectors.ts';

/** Of affinity to other pods (kube-scheduler/framework/types.go, AffinityTerm). */
export interface AffinityTerm {
  readonly topologyKey: string;
  readonly matches: (pod: LabelledPod) => boolean;
}

export interface WeightedAffinityTerm extends AffinityTerm {
  readonly weight: number;
}

export interface AffinityTerms {
  readonly required: readonly AffinityTerm[];
  readonly preferred: readonly WeightedAffinityTerm[];
}

interface LabelledPod {
  readonly namespace: string;
  readonly labels: Labels;
}

const NONE: AffinityTerms = { required: [], preferred: [] };

type PodAffinity = NonNullable<NonNullable<TracePodSpec['affinity']>['podAffinity']>;

export function affinityTerms(affinity: PodAffinity | undefined, pod: LabelledPod): AffinityTerms {
  if (affinity === undefined) return NONE;
  const { requiredDuringSchedulingIgnoredDuringExecution: required = [] } = affinity;
  const { preferredDuringSchedulingIgnoredDuringExecution: preferred = [] } = affinity;
  return {
    required: required.map((term) => affinityTerm(term, pod)),
    preferred: preferred.map(({ weight, podAffinityTerm }) => ({
      ...affinityTerm(podAffinityTerm, pod),
      weight,
    })),
  };
}

/**
 * newAffinityTerm: without namespaces and a selector of them it means the pod's own namespace. A trace has no
 * Namespaces; their one label here is the one that the API server gives them all.
 */
function affinityTerm(term: TracePodAffinityTerm, pod: LabelledPod): AffinityTerm {
  const { topologyKey, namespaces = [], namespaceSelector } = term;
  const own = namespaces.length === 0 && namespaceSelector === undefined;
  const named = new Set(own ? [pod.namespace] : namespaces);
  const byLabel = selectorOf(namespaceSelector);
  const pods = selectorOf(withLabelKeys(term, pod.labels));
  return {
    topologyKey,
    matches: ({ namespace, labels }) =>
      (named.has(namespace) || byLabel.matches({ 'kubernetes.io/metadata.name': namespace })) &&
      pods.matches(labels),
  };
}

/** What the API server makes of them (pkg/registry/core/pod/strategy.go, applyLabelKeysToLabelSelector). */
function withLabelKeys(
  { labelSelector, matchLabelKeys, mismatchLabelKeys }: TracePodAffinityTerm,
  labels: Labels,
): LabelSelector | undefined {
  if (labelSelector === undefined) return undefined;
  const added = (keys: readonly string[] | undefined, operator: 'In' | 'NotIn') =>
    Object.entries(labelsAt(labels, keys)).map(([key, value]) => ({ key, operator, values: [value] }));
  return {
    ...labelSelector,
    matchExpressions: [
      ...(labelSelector.matchExpressions ?? []),
      ...added(matchLabelKeys, 'In'),
      ...added(mismatchLabelKeys, 'NotIn'),
    ],
  };
}
