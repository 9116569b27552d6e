import type { TierSettings } from '../picture/picture.ts';
import { matchesSelector } from '../placement/selector.ts';
import type { Tier } from '../placement/types.ts';
import type { Window } from './curves.ts';
import { deploymentOf, type PodHistory, type Recording } from './recording.ts';
import { spanText } from './text.ts';

/** Where a pod of a recorded Deployment went. */
export interface Placement {
  readonly workload: string;
  /** In the order of creation, from 1: the number that the pod has in the trace. */
  readonly number: number;
  readonly pod: PodHistory;
  readonly tier: Tier | undefined;
}

/** The pods of recorded Deployments, with the numbers and in the order that a trace gives them. */
export function placementsOf(
  recording: Recording,
  { edgeSelector }: TierSettings,
  { fromMs: startMs, toMs: endMs }: Window,
): readonly Placement[] {
  const created = new Map<string, number>();
  return Array.from(recording.pods.values())
    .filter(({ seenAtMs, endingAtMs }) => seenAtMs <= endMs && (endingAtMs ?? endMs) > startMs)
    .sort((left, right) => left.createdAtMs - right.createdAtMs || left.seenAtMs - right.seenAtMs)
    .flatMap((pod) => {
      const workload = deploymentOf(recording, pod);
      if (workload === undefined) return [];
      const number = (created.get(workload) ?? 0) + 1;
      created.set(workload, number);
      const node = pod.nodeName === undefined ? undefined : recording.nodes.get(pod.nodeName);
      const tier = node && (matchesSelector(node.labels, edgeSelector) ? 'edge' : 'cloud');
      return [{ workload, number, pod, tier }];
    });
}

export type TierCounts = Readonly<Record<Tier, number>>;

/** How many pods of a Deployment were bound, and not being deleted, at a moment. */
export function countsAt(placements: readonly Placement[], workload: string, atMs: number): TierCounts {
  const counts = { edge: 0, cloud: 0 };
  for (const { workload: whose, tier, pod } of placements) {
    const { boundAtMs = Number.POSITIVE_INFINITY, endingAtMs = Number.POSITIVE_INFINITY } = pod;
    if (whose === workload && tier !== undefined && boundAtMs <= atMs && atMs < endingAtMs) counts[tier] += 1;
  }
  return counts;
}

/** The replay's own times differ by milliseconds: what was so just before a change must be so a while before. */
const QUIET_MS = 1000;

/**
 * Pods per tier each time before something changes and at the end, where all replicas had a node then. They
 * hold of a replay that places as the cluster did: a failed one is a difference, not an error.
 *
 * @param sizes of each Deployment: its replicas from each moment on
 */
export function expectationsOf(
  placements: readonly Placement[],
  sizes: ReadonlyMap<string, readonly { readonly atMs: number; readonly replicas: number }[]>,
  changesMs: readonly number[],
  { fromMs: startMs, toMs: endMs }: Window,
): readonly Readonly<Record<string, unknown>>[] {
  const moments = [...new Set(changesMs.map((atMs) => atMs - QUIET_MS)), endMs]
    .filter((atMs) => atMs > startMs)
    .sort((left, right) => left - right);
  return Array.from(sizes, ([workload, steps]) =>
    moments.flatMap((atMs) => {
      const replicas = steps.findLast((step) => step.atMs <= atMs)?.replicas ?? 0;
      const counts = countsAt(placements, workload, atMs);
      if (counts.edge + counts.cloud !== replicas) return [];
      const at = atMs === endMs ? 'end' : spanText(atMs - startMs);
      return (['edge', 'cloud'] as const).map((tier) => ({
        type: 'pods',
        workload,
        tier,
        at,
        exactly: counts[tier],
        note: 'as recorded',
      }));
    }),
  ).flat();
}
