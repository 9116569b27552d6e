import type { TierSettings } from '../../picture/picture.ts';
import type { LabelSelector } from '../../placement/selector.ts';
import type { TracePodSpec } from '../../trace/kubernetes.ts';
import type { Trace } from '../../trace/schema.ts';

/** The weight with which the thesis preferred the edge. */
const WEIGHT = 80;

/**
 * Every Deployment prefers edge nodes, as its author would write it without Spillway: a preferred node
 * affinity. Those that require an affinity to nodes have said where they go and stay as they are.
 */
export function preferEdge(trace: Trace, { edgeSelector }: TierSettings): Trace {
  return {
    ...trace,
    deployments: trace.deployments.map((deployment) => {
      const { spec } = deployment;
      const template = { ...spec.template, spec: preferringEdge(spec.template.spec, edgeSelector) };
      return { ...deployment, spec: { ...spec, template } };
    }),
  };
}

function preferringEdge(spec: TracePodSpec, edgeSelector: LabelSelector): TracePodSpec {
  const nodeAffinity = spec.affinity?.nodeAffinity ?? {};
  if (nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution !== undefined) return spec;
  const preferred = [
    ...(nodeAffinity.preferredDuringSchedulingIgnoredDuringExecution ?? []),
    { weight: WEIGHT, preference: { matchExpressions: requirementsOf(edgeSelector) } },
  ];
  return {
    ...spec,
    affinity: {
      ...spec.affinity,
      nodeAffinity: { ...nodeAffinity, preferredDuringSchedulingIgnoredDuringExecution: preferred },
    },
  };
}

/** A node selector term has no `matchLabels`. */
function requirementsOf({ matchLabels = {}, matchExpressions = [] }: LabelSelector) {
  return [
    ...Object.entries(matchLabels).map(([key, value]) => ({ key, operator: 'In' as const, values: [value] })),
    ...matchExpressions.map(({ key, operator, values }) => ({
      key,
      operator,
      values: values && [...values],
    })),
  ];
}
