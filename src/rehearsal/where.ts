import type { Shadow } from './shadow.ts';

/** Where the pods of the trace's Deployments are now, in words; those that are ending are not counted. */
export function whereText({ world, pods, gone }: Shadow): string {
  const counts = { edge: 0, cloud: 0, pending: 0 };
  for (const [uid, pod] of pods) {
    if (gone.has(uid) || pod.terminatingAtMs !== undefined) continue;
    counts[pod.node?.tier ?? 'pending'] += 1;
  }
  const away = Array.from(world.nodes.values()).filter(({ state }) => state !== 'up').length;
  const silent = away === 0 ? '' : `; ${away} silent nodes`;
  return `${counts.edge} pods at the edge, ${counts.cloud} in the cloud, ${counts.pending} without a node${silent}`;
}
