import { compareNames } from '../../placement/decision.ts';
import { type SimPod, serves } from './world.ts';

const DELETION_COST = 'controller.kubernetes.io/pod-deletion-cost';

/**
 * Which of a ReplicaSet's pods go when it is scaled down: Kubernetes' own order
 * (pkg/controller/controller_utils.go, ActivePodsWithRanks.Less, with PodDeletionCost and
 * LogarithmicScaleDown, both on by default). Pods do not restart here, so restarts are not compared.
 *
 * @param pods its pods that are not terminating
 */
export function victimsOf(pods: readonly SimPod[], count: number, nowMs: number): readonly SimPod[] {
  if (count >= pods.length) return pods;
  // Counted once, before any of them goes: all pods of the fullest node go before those of another.
  const podsOnNode = new Map<unknown, number>();
  for (const { node } of pods) podsOnNode.set(node, (podsOnNode.get(node) ?? 0) + 1);
  const rank = ({ node }: SimPod) => podsOnNode.get(node) ?? 0;
  return [...pods].sort((left, right) => compare(left, right, rank, nowMs)).slice(0, count);
}

function compare(left: SimPod, right: SimPod, rank: (pod: SimPod) => number, nowMs: number): number {
  return (
    first(left.node === undefined, right.node === undefined) ||
    first(left.startedAtMs === undefined, right.startedAtMs === undefined) ||
    first(!serves(left), !serves(right)) ||
    deletionCost(left) - deletionCost(right) ||
    rank(right) - rank(left) ||
    byReadiness(left, right, nowMs) ||
    byAge(left.createdAtMs, right.createdAtMs, nowMs) ||
    compareNames(left.uid, right.uid)
  );
}

/** Negative when only the left one is so. */
function first(left: boolean, right: boolean): number {
  return Number(right) - Number(left);
}

function byReadiness(left: SimPod, right: SimPod, nowMs: number): number {
  if (left.readyAtMs === undefined || right.readyAtMs === undefined) return 0;
  const seconds = [Math.floor(left.readyAtMs / 1000), Math.floor(right.readyAtMs / 1000)] as const;
  if (seconds[0] === seconds[1]) return 0;
  // Kubernetes ends here, with the uid, when the ages are of the same order.
  return byAge(left.readyAtMs, right.readyAtMs, nowMs) || compareNames(left.uid, right.uid);
}

/** Younger first, by the order of magnitude of their ages (whole seconds, in nanoseconds as Go has them). */
function byAge(leftMs: number, rightMs: number, nowMs: number): number {
  return magnitude(leftMs, nowMs) - magnitude(rightMs, nowMs);
}

function magnitude(sinceMs: number, nowMs: number): number {
  const ageNanoseconds = (nowMs - Math.floor(sinceMs / 1000) * 1000) * 1e6;
  return ageNanoseconds > 0 ? Math.trunc(Math.log2(ageNanoseconds)) : -1;
}

function deletionCost({ annotations }: SimPod): number {
  const cost = Number(annotations[DELETION_COST] ?? '0');
  return Number.isInteger(cost) ? cost : 0;
}
