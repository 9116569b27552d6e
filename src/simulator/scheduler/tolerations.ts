import type { TracePodSpec } from '../trace/kubernetes.ts';
import type { Taint } from './node-info.ts';

export type Toleration = NonNullable<TracePodSpec['tolerations']>[number];

/** component-helpers corev1.FindMatchingUntoleratedTaint, of the taints that keep pods away. */
export function hasUntoleratedTaint(taints: readonly Taint[], tolerations: readonly Toleration[]): boolean {
  return taints.some(
    (taint) =>
      (taint.effect === 'NoSchedule' || taint.effect === 'NoExecute') && !isTolerated(taint, tolerations),
  );
}

export function isTolerated(taint: Taint, tolerations: readonly Toleration[]): boolean {
  return tolerations.some((toleration) => tolerates(toleration, taint));
}

/**
 * k8s.io/api core/v1 toleration.go, Toleration.ToleratesTaint. Lt and Gt tolerate nothing: their feature,
 * TaintTolerationComparisonOperators, is off by default.
 */
function tolerates(
  { key = '', operator = 'Equal', value = '', effect = '' }: Toleration,
  taint: Taint,
): boolean {
  if (effect !== '' && effect !== taint.effect) return false;
  if (key !== '' && key !== taint.key) return false;
  if (operator === 'Exists') return true;
  return operator === 'Equal' && value === (taint.value ?? '');
}
