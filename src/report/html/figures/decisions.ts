import type { SimulationResult } from '../../../outcome/result.ts';
import type { Decision, DecisionResult } from '../../../placement/decision.ts';
import { PLOT_WIDTH, roundMomentText, type TimeAxis } from '../axis.ts';
import { counted, listed } from '../format.ts';
import { html } from '../markup.ts';
import { type Figure, plot } from '../plot.ts';
import { incidentMarks, sinceStart } from '../run.ts';

/** From the wish fulfilled to the pod left out; what each means stands above its dots. */
const LANES: readonly { readonly result: DecisionResult; readonly meaning: string }[] = [
  { result: 'edge', meaning: 'on an edge node that admits the pod' },
  { result: 'overflow', meaning: 'wanted the edge, goes to the cloud' },
  { result: 'cloud', meaning: 'asked for the cloud' },
  { result: 'overload', meaning: 'on an edge node above its threshold, for want of a cloud node' },
  { result: 'pending', meaning: 'no node takes the pod' },
  { result: 'passed', meaning: 'not managed by Spillway' },
];

const LABEL_PX = 28;
const DOT_PX = 13;
/** Of the plot, as wide as a large screen shows it. */
const DOT_WIDTH = 14;
const MOST_ROWS = 8;

/** Every decision as a dot that can be pointed at and reached by keyboard, in a lane for its result. */
export function decisionsFigure(
  result: SimulationResult,
  axis: TimeAxis,
  shown: ReadonlySet<number>,
  labelOf: (index: number, decision: Decision) => string,
): Figure | undefined {
  if (result.decisions.length === 0) return undefined;
  const indexes = [...shown];
  const lanes = LANES.map(({ result: kind, meaning }) => {
    const members = indexes.filter((index) => result.decisions[index]?.result === kind);
    const xs = members.map((index) => axis.x(sinceStart(result, result.decisions[index]?.atMs ?? 0)));
    return { kind, meaning, members, spots: spread(xs) };
  }).filter(({ members }) => members.length > 0);
  const heights = lanes.map(
    ({ spots }) => LABEL_PX + (Math.max(...spots.map(({ row }) => row)) + 1) * DOT_PX,
  );
  const tops = heights.map((_, lane) => heights.slice(0, lane).reduce((total, height) => total + height, 0));
  const heightPx = heights.reduce((total, height) => total + height, 10);
  const id = 'decisions';
  const title = 'Decisions over time';
  const summary = summaryOf(result);
  const dots = lanes
    .flatMap(({ kind, members, spots }, lane) =>
      members.map((index, member) => {
        const { x = 0, row = 0 } = spots[member] ?? {};
        return { index, kind, x, yPx: (tops[lane] ?? 0) + LABEL_PX + row * DOT_PX + DOT_PX / 2 };
      }),
    )
    .sort((left, right) => left.index - right.index);
  const drawing = plot(axis, {
    id,
    title,
    description: `${summary} Each dot leads to its decision in the list below.`,
    heightPx,
    yTicks: [],
    shapes: html``,
    marks: html`${lanes.map(
      ({ kind, meaning }, lane) =>
        html`<text class="lane" x="0" y="${(tops[lane] ?? 0) + 20}"><tspan class="ink">${kind}</tspan>  ${meaning}</text>`,
    )}<g id="dots">${dots.map(({ index, kind, x, yPx }) => {
      const decision = result.decisions[index];
      const label = decision === undefined ? '' : labelOf(index, decision);
      return html`
<a href="#d-${index}" data-d="${index}" aria-label="${label}"><use href="#m-${kind}" class="mark ${kind}" x="${percent(x)}" y="${yPx}"/></a>`;
    })}</g>`,
    incidents: incidentMarks(result),
    interactive: true,
  });
  return { id, title, summary, drawing, table: tableOf(result, axis) };
}

interface Spot {
  readonly x: number;
  readonly row: number;
}

/**
 * Where dots go that would cover each other: below one another, and once a column is full, to the right.
 *
 * @param xs in rising order
 */
export function spread(xs: readonly number[]): readonly Spot[] {
  const taken = Array.from({ length: MOST_ROWS }, () => Number.NEGATIVE_INFINITY);
  return xs.map((x) => {
    const free = taken.findIndex((last) => x - last >= DOT_WIDTH);
    const earliest = taken.indexOf(Math.min(...taken));
    const row = free === -1 ? earliest : free;
    const spot = { x: free === -1 ? (taken[earliest] ?? x) + DOT_WIDTH : x, row };
    taken[row] = spot.x;
    return spot;
  });
}

function percent(x: number): string {
  return `${Number(((Math.min(x, PLOT_WIDTH) / PLOT_WIDTH) * 100).toFixed(2))}%`;
}

function summaryOf({ decisions }: SimulationResult): string {
  const parts = LANES.map(({ result }) => ({
    result,
    count: decisions.filter((decision) => decision.result === result).length,
  })).filter(({ count }) => count > 0);
  return `${counted(decisions.length, 'decision')}: ${listed(parts.map(({ result, count }) => `${count} ${result}`))}.`;
}

/** How many of each result there were from one row to the next. */
function tableOf(result: SimulationResult, axis: TimeAxis): Figure['table'] {
  const lanes = LANES.filter((lane) => result.decisions.some((decision) => decision.result === lane.result));
  const counts = new Map<string, number>();
  for (const { atMs, result: kind } of result.decisions) {
    const row = Math.floor(sinceStart(result, atMs) / axis.rowMs);
    counts.set(`${row} ${kind}`, (counts.get(`${row} ${kind}`) ?? 0) + 1);
  }
  const rows = Array.from({ length: Math.floor(axis.lengthMs / axis.rowMs) + 1 }, (_, row) => [
    roundMomentText(axis, row * axis.rowMs),
    ...lanes.map((lane) => String(counts.get(`${row} ${lane.result}`) ?? 0)),
  ]);
  return { headers: ['from', ...lanes.map(({ result: kind }) => kind)], rows };
}
