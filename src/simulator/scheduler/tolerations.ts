import { type Toleration, tolerates } from '../model/tolerations.ts';
import type { Taint } from './node-info.ts';

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
