import type { TracePodSpec } from '../../trace/kubernetes.ts';
import type { Taint } from './objects.ts';
import type { SimPod } from './world.ts';

const UNREACHABLE: Taint = { key: 'node.kubernetes.io/unreachable', effect: 'NoExecute' };
/** What the admission plugin DefaultTolerationSeconds gives a pod that says nothing of it. */
const DEFAULT_SECONDS = 300;

export type Toleration = NonNullable<TracePodSpec['tolerations']>[number];

/**
 * k8s.io/api core/v1 toleration.go, Toleration.ToleratesTaint. Lt and Gt tolerate nothing: their feature,
 * TaintTolerationComparisonOperators, is off by default.
 */
export function tolerates(
  { key = '', operator = 'Equal', value = '', effect = '' }: Toleration,
  taint: Pick<Taint, 'key' | 'value'> & { readonly effect: string },
): boolean {
  if (effect !== '' && effect !== taint.effect) return false;
  if (key !== '' && key !== taint.key) return false;
  if (operator === 'Exists') return true;
  return operator === 'Equal' && value === (taint.value ?? '');
}

/**
 * How long the pod stays on a node that cannot be reached, once that is known (pkg/controller/tainteviction,
 * GetMinTolerationTime: the shortest of its tolerations counts). Undefined: for ever.
 */
export function tolerationMs({ spec }: SimPod): number | undefined {
  const matching = (spec.tolerations ?? []).filter((toleration) => tolerates(toleration, UNREACHABLE));
  if (matching.length === 0) return DEFAULT_SECONDS * 1000;
  const seconds = matching.flatMap(({ tolerationSeconds }) => tolerationSeconds ?? []);
  return seconds.length === 0 ? undefined : Math.max(0, Math.min(...seconds)) * 1000;
}
