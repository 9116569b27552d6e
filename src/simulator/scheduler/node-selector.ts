import type { TraceNodeSelectorTerm } from '../../trace/affinity.ts';
import type { TracePodSpec } from '../../trace/kubernetes.ts';
import type { NodeState } from './node-info.ts';

/*
 * k8s.io/component-helpers scheduling/corev1/nodeaffinity. A term that can't be read matches no node, as there
 * (its LazyErrorNodeSelector); the API server refuses such pods anyway.
 */

export type NodeMatcher = (node: NodeState) => boolean;

export interface PreferredTerm {
  readonly weight: number;
  readonly matches: NodeMatcher;
}

type Requirement = NonNullable<TraceNodeSelectorTerm['matchExpressions']>[number];

/**
 * GetRequiredNodeAffinity: the pod's nodeSelector and its required terms, one of which must match. Undefined:
 * every node will do.
 */
export function requiredNodeAffinity({ nodeSelector, affinity }: TracePodSpec): NodeMatcher | undefined {
  const required = affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution;
  const labels = Object.entries(nodeSelector ?? {});
  if (labels.length === 0 && required === undefined) return undefined;
  const terms = required?.nodeSelectorTerms.map(termMatcher);
  return (node) =>
    labels.every(([key, value]) => node.labels[key] === value) &&
    (terms === undefined || terms.some((matches) => matches(node)));
}

/** NewPreferredSchedulingTerms. Undefined: the pod has none. */
export function preferredNodeTerms({ affinity }: TracePodSpec): readonly PreferredTerm[] | undefined {
  return affinity?.nodeAffinity?.preferredDuringSchedulingIgnoredDuringExecution?.map(
    ({ weight, preference }) => ({ weight, matches: termMatcher(preference) }),
  );
}

/** newNodeSelectorTerm: an empty term matches no node. */
function termMatcher({ matchExpressions = [], matchFields = [] }: TraceNodeSelectorTerm): NodeMatcher {
  if (matchExpressions.length + matchFields.length === 0) return () => false;
  const isReadable = matchExpressions.every(isReadableExpression) && matchFields.every(isReadableField);
  if (!isReadable) return () => false;
  return (node) =>
    matchExpressions.every((requirement) => holds(requirement, node.labels[requirement.key])) &&
    matchFields.every((requirement) => fieldHolds(requirement, node));
}

const LABEL_VALUE = /^(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?$/;

/** labels.NewRequirement. A negative number is no label value, and thus no bound either. */
function isReadableExpression({ operator, values = [] }: Requirement): boolean {
  if (!values.every((value) => value.length <= 63 && LABEL_VALUE.test(value))) return false;
  switch (operator) {
    case 'In':
    case 'NotIn':
      return values.length > 0;
    case 'Exists':
    case 'DoesNotExist':
      return values.length === 0;
    case 'Gt':
    case 'Lt':
      return values.length === 1 && values.every((value) => wholeNumberOf(value) !== undefined);
  }
}

/** nodeSelectorRequirementsAsFieldSelector. */
function isReadableField({ operator, values = [] }: Requirement): boolean {
  return (operator === 'In' || operator === 'NotIn') && values.length === 1;
}

/** labels.Requirement.Matches. */
function holds({ operator, values = [] }: Requirement, value: string | undefined): boolean {
  switch (operator) {
    case 'In':
      return value !== undefined && values.includes(value);
    case 'NotIn':
      return value === undefined || !values.includes(value);
    case 'Exists':
      return value !== undefined;
    case 'DoesNotExist':
      return value === undefined;
    case 'Gt':
    case 'Lt': {
      const bound = wholeNumberOf(values[0]);
      const number = wholeNumberOf(value);
      if (bound === undefined || number === undefined) return false;
      return operator === 'Gt' ? number > bound : number < bound;
    }
  }
}

/** A node has one field, its name; the others are empty texts (extractNodeFields). */
function fieldHolds({ key, operator, values = [] }: Requirement, { name }: NodeState): boolean {
  const isEqual = (key === 'metadata.name' ? name : '') === values[0];
  return operator === 'In' ? isEqual : !isEqual;
}

/** strconv.ParseInt in base 10; undefined: it is none. */
function wholeNumberOf(text: string | undefined): bigint | undefined {
  return text !== undefined && /^[+-]?\d+$/.test(text) ? BigInt(text.replace('+', '')) : undefined;
}
