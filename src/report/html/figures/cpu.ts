import type { NodeResult, SimulationResult } from '../../../outcome/result.ts';
import { lengthText, percentOf, roundMomentText, type TimeAxis } from '../axis.ts';
import { cpuText, milliText, percentText } from '../format.ts';
import { type Html, html, type Table } from '../markup.ts';
import { type EndLabel, type Figure, type KeyEntry, plot, round } from '../plot.ts';
import {
  cpuPoints,
  highestBetween,
  incidentMarks,
  mostReal,
  msAboveThreshold,
  realPoints,
  rowMoments,
  sinceStart,
} from '../run.ts';
import { exactAxis } from '../scales.ts';
import { areaPath, dotsPath, lastAt, linePath, type YScale } from '../series.ts';

const EDGE_HEIGHT_PX = 160;
const CLOUD_HEIGHT_PX = 96;
/** More dots than this would hide the lines. */
const MOST_LARGE_DOTS = 150;

/** What the marks of every node's figure mean. */
export const CPU_KEY: readonly KeyEntry[] = [
  { mark: 'k-real', text: 'real use' },
  { mark: 'k-measured', text: 'as metrics-server measured it' },
  { mark: 'k-forecast', text: 'Spillway’s forecast' },
  { mark: 'k-threshold', text: 'threshold' },
  { mark: 'k-planned', text: 'forecast with the pod of a decision: answered' },
  { mark: 'k-refused', text: 'refused' },
];

/** The highest value that a node's figure must hold: no less than all that it can give. */
export function mostCpu(node: NodeResult): number {
  const measured = node.measured.reduce((most, { milli }) => Math.max(most, milli), 0);
  return Math.max(node.allocatableMilli, mostReal(node), measured);
}

export interface CpuFigureOptions {
  readonly id: string;
  /** The decisions that the page shows, by their index in the result. */
  readonly shown: ReadonlySet<number>;
  /** The highest value that the figure holds. */
  readonly top?: number | undefined;
}

/** CPU of one node: real, measured and expected, against its threshold. */
export function cpuFigure(
  result: SimulationResult,
  node: NodeResult,
  axis: TimeAxis,
  { id, shown, top = mostCpu(node) }: CpuFigureOptions,
): Figure {
  const heightPx = node.tier === 'edge' ? EDGE_HEIGHT_PX : CLOUD_HEIGHT_PX;
  const { y, ticks } = exactAxis(top, heightPx, cpuText);
  const scales = { axis, y };
  const real = realPoints(result, node);
  const summary = summaryOf(node);
  const title = `CPU of ${node.name} (${node.tier})`;
  const drawing = plot(axis, {
    id,
    title,
    description: summary,
    heightPx,
    yTicks: ticks,
    shapes: html`${overThreshold(node, id, scales, areaPath(real, axis, y))}<path class="dots measured${node.measured.length > MOST_LARGE_DOTS ? ' small' : ''}" d="${dotsPath(cpuPoints(result, node.measured), axis, y)}"/>
<path class="line forecast" d="${linePath(cpuPoints(result, node.forecast), axis, y)}"/>
<path class="line real ${node.tier}" d="${linePath(real, axis, y)}"/>`,
    marks: node.tier === 'edge' ? plannedMarks(result, node, scales, shown) : undefined,
    endLabels: labelsOf(node, y),
    incidents: incidentMarks(result),
  });
  return { id, title, summary, drawing, table: tableOf(result, node, axis) };
}

interface Scales {
  readonly axis: TimeAxis;
  readonly y: YScale;
}

/** What lies above the threshold is filled, so that one sees for how long. */
function overThreshold(node: NodeResult, id: string, { axis, y }: Scales, area: string): Html | undefined {
  if (node.thresholdMilli === undefined) return undefined;
  const yPx = round(y(node.thresholdMilli));
  const width = axis.x(axis.lengthMs);
  return html`<clipPath id="${id}-over"><rect x="0" y="-20" width="${width}" height="${yPx + 20}"/></clipPath><path class="over" clip-path="url(#${id}-over)" d="${area}"/>
<path class="line threshold" d="M0,${yPx}H${width}"/>`;
}

/** For each decision that weighed the node: what it would have used with the pod, and what became of it. */
function plannedMarks(
  result: SimulationResult,
  { name }: NodeResult,
  { axis, y }: Scales,
  shown: ReadonlySet<number>,
): Html {
  const marks = result.decisions.flatMap((decision, index) => {
    if (!shown.has(index)) return [];
    const candidate = decision.candidates.find(({ node }) => node === name);
    if (candidate?.forecastMilli === undefined || candidate.estimateMilli === undefined) return [];
    const planned = candidate.forecastMilli + candidate.estimateMilli;
    const x = percentOf(axis, sinceStart(result, decision.atMs));
    return [
      html`<use href="#m-${candidate.verdict}" class="mark ${candidate.verdict}" x="${x}" y="${round(Math.max(-8, y(planned)))}" data-d="${index}"/>`,
    ];
  });
  return html`<g class="planned">${marks}</g>`;
}

function labelsOf(
  { thresholdMilli, allocatableMilli, real, tier }: NodeResult,
  y: YScale,
): readonly EndLabel[] {
  const last = real.at(-1)?.toMilli;
  return [
    { text: `allocatable ${cpuText(allocatableMilli)}`, yPx: y(allocatableMilli), tone: 'soft' },
    ...(thresholdMilli === undefined
      ? []
      : [{ text: `threshold ${cpuText(thresholdMilli)}`, yPx: y(thresholdMilli), tone: 'ink' }]),
    ...(last === undefined ? [] : [{ text: `real ${cpuText(last)}`, yPx: y(last), tone: tier }]),
  ];
}

function summaryOf(node: NodeResult): string {
  const { thresholdMilli, allocatableMilli } = node;
  const most = mostReal(node);
  const whole = `At most ${cpuText(most)} of ${cpuText(allocatableMilli)} allocatable (${percentText(most / allocatableMilli)})`;
  if (thresholdMilli === undefined) return `${whole}.`;
  const aboveMs = msAboveThreshold(node);
  const stepMs = aboveMs < 600_000 ? 100 : 1000;
  const above =
    aboveMs === 0 ? 'never above it' : `above it for ${lengthText(Math.round(aboveMs / stepMs) * stepMs)}`;
  return `${whole}; the threshold is ${cpuText(thresholdMilli)}, and real use was ${above}.`;
}

function tableOf(result: SimulationResult, node: NodeResult, axis: TimeAxis): Table {
  const real = realPoints(result, node);
  const measured = cpuPoints(result, node.measured);
  const forecast = cpuPoints(result, node.forecast);
  const text = (value: number | undefined) => (value === undefined ? '–' : milliText(value));
  return {
    headers: ['from', 'real, at most', 'measured last', 'forecast last'],
    rows: rowMoments(axis).map((ms) => [
      roundMomentText(axis, ms),
      text(highestBetween(real, ms, ms + axis.rowMs)),
      text(lastAt(measured, ms)?.value),
      text(lastAt(forecast, ms)?.value),
    ]),
  };
}
