import type { NodeResult, SimulationResult } from '../../../outcome/result.ts';
import type { Tier } from '../../../placement/types.ts';
import { roundMomentText, type TimeAxis } from '../axis.ts';
import { counted, cpuText, percentText } from '../format.ts';
import { html } from '../markup.ts';
import { type Figure, plot } from '../plot.ts';
import { highestBetween, incidentMarks, mostReal, rowMoments, sumReal } from '../run.ts';
import { exactAxis } from '../scales.ts';
import { linePath } from '../series.ts';

/** Up to this many nodes have a figure each. */
const MOST_FIGURES = 12;
const HEIGHT_PX = 96;

export interface NodeGroups {
  readonly single: readonly NodeResult[];
  readonly summed: readonly { readonly tier: Tier; readonly nodes: readonly NodeResult[] }[];
}

/**
 * The nodes that have a figure each, edge nodes first, and those that share one. Of many edge nodes those that
 * came nearest to their threshold are shown.
 */
export function groupNodes(nodes: readonly NodeResult[]): NodeGroups {
  const edge = nodes.filter(({ tier }) => tier === 'edge');
  const cloud = nodes.filter(({ tier }) => tier === 'cloud');
  if (nodes.length <= MOST_FIGURES) return { single: [...edge, ...cloud], summed: [] };
  const fullest = new Set([...edge].sort((left, right) => fill(right) - fill(left)).slice(0, MOST_FIGURES));
  const rest = edge.filter((node) => !fullest.has(node));
  return {
    single: edge.filter((node) => fullest.has(node)),
    summed: [
      { tier: 'edge' as const, nodes: rest },
      { tier: 'cloud' as const, nodes: cloud },
    ].filter((group) => group.nodes.length > 0),
  };
}

function fill(node: NodeResult): number {
  return mostReal(node) / (node.thresholdMilli ?? node.allocatableMilli);
}

/** CPU that nodes use together. */
export function sumFigure(
  result: SimulationResult,
  { tier, nodes }: NodeGroups['summed'][number],
  axis: TimeAxis,
): Figure {
  const id = `cpu-all-${tier}`;
  const allocatableMilli = nodes.reduce((total, node) => total + node.allocatableMilli, 0);
  const real = sumReal(result, nodes, axis);
  const most = real.reduce((highest, { value }) => Math.max(highest, value), 0);
  const { y, ticks } = exactAxis(Math.max(allocatableMilli, most), HEIGHT_PX, cpuText);
  const title = `CPU of ${counted(nodes.length, tier === 'edge' ? 'other edge node' : 'cloud node')} together`;
  const summary = `Together at most ${cpuText(most)} of ${cpuText(allocatableMilli)} allocatable (${percentText(most / allocatableMilli)}).`;
  const drawing = plot(axis, {
    id,
    title,
    description: summary,
    heightPx: HEIGHT_PX,
    yTicks: ticks,
    shapes: html`<path class="line real ${tier}" d="${linePath(real, axis, y)}"/>`,
    endLabels: [
      { text: `allocatable ${cpuText(allocatableMilli)}`, yPx: y(allocatableMilli), tone: 'soft' },
      { text: `real ${cpuText(real.at(-1)?.value ?? 0)}`, yPx: y(real.at(-1)?.value ?? 0), tone: tier },
    ],
    incidents: incidentMarks(result),
  });
  const rows = rowMoments(axis).map((ms) => {
    const highest = highestBetween(real, ms, ms + axis.rowMs);
    return [roundMomentText(axis, ms), highest === undefined ? '–' : cpuText(highest)];
  });
  return { id, title, summary, drawing, table: { headers: ['from', 'real, at most'], rows } };
}
