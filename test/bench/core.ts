import { askFilter } from '../../src/picture/ask.ts';
import { createPicture } from '../../src/picture/create.ts';
import { nodeSeen } from '../../src/picture/nodes.ts';
import type { Picture } from '../../src/picture/picture.ts';
import { podGone, podSeen } from '../../src/picture/pods.ts';
import { sampleTaken } from '../../src/picture/samples.ts';
import { look, NOW_MS, nodeRecord, PICTURE_SETTINGS, podRecord, replicaRecord } from '../builders.ts';
import { printTable } from './table.ts';

const PODS_PER_NODE = 10;
const WORKLOADS = 50;
const LONG_AGO_MS = NOW_MS - 600_000;
/** Asked pods go again after so many questions, so that the nodes neither fill up nor stay the same. */
const BATCH = 50;

/** Two thirds of the nodes at the edge, every one measured, its pods replicas of measured workloads. */
function cluster(nodeCount: number): { readonly picture: Picture; readonly names: readonly string[] } {
  const picture = createPicture(PICTURE_SETTINGS);
  const names = Array.from(
    { length: nodeCount },
    (_, index) => `${index % 3 === 0 ? 'cloud' : 'edge'}-${index}`,
  );
  const podUsage: Record<string, number> = {};
  for (const name of names) nodeSeen(picture, nodeRecord(name));
  for (let index = 0; index < nodeCount * PODS_PER_NODE; index += 1) {
    const since = { startedAtMs: LONG_AGO_MS, readyAtMs: LONG_AGO_MS };
    const owner = { ownerUid: `workload-${index % WORKLOADS}`, nodeName: names[index % nodeCount] };
    podSeen(picture, replicaRecord(`pod-${index}`, { ...owner, ...since }), NOW_MS);
    podUsage[`pod-${index}`] = 100;
  }
  const nodeUsage = Object.fromEntries(names.map((name) => [name, 100 * PODS_PER_NODE + 50]));
  sampleTaken(picture, look(nodeUsage, podUsage), NOW_MS);
  return { picture, names };
}

/** The median of five rounds, one decision at a time. */
export function decisionsPerSecond(nodeCount: number, decisions: number): number {
  const { picture, names } = cluster(nodeCount);
  const run = (count: number, round: string): number => {
    let askedMs = 0;
    for (let index = 0; index < count; index += BATCH) {
      const records = Array.from({ length: BATCH }, (_, at) => podRecord(`${round}-${index + at}`));
      for (const record of records) podSeen(picture, record, NOW_MS);
      const startedMs = performance.now();
      for (const record of records) askFilter(picture, record, names, NOW_MS);
      askedMs += performance.now() - startedMs;
      for (const { uid } of records) podGone(picture, uid, NOW_MS);
    }
    return (count * 1000) / askedMs;
  };
  run(decisions, 'warm-up');
  const rates = ['a', 'b', 'c', 'd', 'e']
    .map((round) => run(decisions, round))
    .sort((left, right) => left - right);
  return rates[2] ?? Number.NaN;
}

/** Decisions a second of the core alone, and how the time grows with the nodes. */
export function benchCore(): void {
  const rows = [10, 100, 1000, 5000].map((nodes) => {
    const rate = decisionsPerSecond(nodes, Math.max(100, Math.round(100_000 / nodes)));
    return { nodes, rate, microseconds: 1e6 / rate };
  });
  printTable(
    'Decisions of the core, one at a time (median of 5 rounds)',
    ['nodes', 'decisions/s', 'µs a decision', 'ns a node'],
    rows.map(({ nodes, rate, microseconds }) => [
      String(nodes),
      rate.toFixed(0),
      microseconds.toFixed(1),
      ((microseconds * 1000) / nodes).toFixed(0),
    ]),
  );
}
