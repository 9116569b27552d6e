import { group } from 'd3-array';
import { isBoundAt } from '../outcome/expect/select.ts';
import type { CpuStretch, PodResult, SimulationResult } from '../outcome/result.ts';
import { type Column, formatTable } from '../text/table.ts';

const COLUMNS: readonly Column[] = [
  { title: 'node', align: 'left' },
  { title: 'tier', align: 'left' },
  { title: 'pods at most', align: 'right' },
  { title: 'at the end', align: 'right' },
  { title: 'CPU at most: real', align: 'right' },
  { title: 'measured', align: 'right' },
  { title: 'planned', align: 'right' },
  { title: 'threshold', align: 'right' },
  { title: 'allocatable', align: 'right' },
];

/** A line for every node. */
export function nodeTable(result: SimulationResult): readonly string[] {
  const planned = highestPlanned(result);
  const podsOf = group(result.pods, ({ node }) => node);
  return formatTable(
    COLUMNS,
    result.nodes.map((node) => {
      const pods = podsOf.get(node.name) ?? [];
      return [
        node.name,
        node.tier,
        String(mostAtOnce(pods)),
        String(pods.filter((pod) => isBoundAt(pod, result.endMs)).length),
        milliText(highestReal(node.real)),
        milliText(node.measured.reduce((most, { milli }) => Math.max(most, milli), 0)),
        node.tier === 'edge' ? milliText(planned.get(node.name) ?? 0) : '',
        node.thresholdMilli === undefined ? '' : milliText(node.thresholdMilli),
        milliText(node.allocatableMilli),
      ];
    }),
  );
}

function mostAtOnce(pods: readonly PodResult[]): number {
  const changes = pods.flatMap(({ boundAtMs, terminatingAtMs }) => {
    if (boundAtMs === undefined) return [];
    const bound = { atMs: boundAtMs, by: 1 };
    return terminatingAtMs === undefined ? [bound] : [bound, { atMs: terminatingAtMs, by: -1 }];
  });
  // One that goes makes room for one that comes at the same moment.
  changes.sort((left, right) => left.atMs - right.atMs || left.by - right.by);
  let count = 0;
  let most = 0;
  for (const { by } of changes) {
    count += by;
    most = Math.max(most, count);
  }
  return most;
}

function highestReal(stretches: readonly CpuStretch[]): number {
  return stretches.reduce((most, { fromMilli, toMilli }) => Math.max(most, fromMilli, toMilli), 0);
}

/** By node, in one pass: the candidates of a decision are made each time they are read. */
function highestPlanned({ decisions }: SimulationResult): ReadonlyMap<string, number> {
  const highest = new Map<string, number>();
  for (const { candidates } of decisions) {
    for (const { node, verdict, forecastMilli = 0, estimateMilli = 0 } of candidates) {
      if (verdict !== 'answered') continue;
      highest.set(node, Math.max(highest.get(node) ?? 0, forecastMilli + estimateMilli));
    }
  }
  return highest;
}

function milliText(milli: number): string {
  return `${Math.round(milli)}m`;
}
