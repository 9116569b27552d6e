import { isBoundAt } from '../expect/select.ts';
import type { CpuStretch } from '../model/cpu.ts';
import type { NodeResult, PodResult, SimulationResult } from '../result.ts';
import { type Column, formatTable } from './table.ts';

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
  return formatTable(
    COLUMNS,
    result.nodes.map((node) => {
      const pods = result.pods.filter((pod) => pod.node === node.name);
      return [
        node.name,
        node.tier,
        String(mostAtOnce(pods)),
        String(pods.filter((pod) => isBoundAt(pod, result.endMs)).length),
        milliText(highestReal(node.real)),
        milliText(Math.max(0, ...node.measured.map(({ milli }) => milli))),
        node.tier === 'edge' ? milliText(highestPlanned(result, node)) : '',
        node.thresholdMilli === undefined ? '' : milliText(node.thresholdMilli),
        milliText(node.allocatableMilli),
      ];
    }),
  );
}

function mostAtOnce(pods: readonly PodResult[]): number {
  return pods.reduce((most, { boundAtMs }) => {
    const count = boundAtMs === undefined ? 0 : pods.filter((other) => isBoundAt(other, boundAtMs)).length;
    return Math.max(most, count);
  }, 0);
}

function highestReal(stretches: readonly CpuStretch[]): number {
  return stretches.reduce((most, { fromMilli, toMilli }) => Math.max(most, fromMilli, toMilli), 0);
}

function highestPlanned({ decisions }: SimulationResult, { name }: NodeResult): number {
  return decisions.reduce((most, { candidates }) => {
    const answered = candidates.find(({ node, verdict }) => node === name && verdict === 'answered');
    return Math.max(most, (answered?.forecastMilli ?? 0) + (answered?.estimateMilli ?? 0));
  }, 0);
}

function milliText(milli: number): string {
  return `${Math.round(milli)}m`;
}
