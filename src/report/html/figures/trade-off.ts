import { extent } from 'd3-array';
import { scaleLinear } from 'd3-scale';
import type { CombinationSummary } from '../../../sweep/summary.ts';
import { tradeOff } from '../../../sweep/summary.ts';
import { percentOf, type TimeAxis, timeAxis } from '../axis.ts';
import { counted } from '../format.ts';
import { type Html, html } from '../markup.ts';
import { type Figure, plot, round } from '../plot.ts';
import { held, stepPath } from '../series.ts';

const HEIGHT_PX = 320;

interface Spot {
  /** What was swept: `threshold 0.8, resolution 15`. */
  readonly name: string;
  /** The same without the names of what was swept. */
  readonly values: string;
  readonly aboveMs: number;
  readonly fillRatio: number;
  readonly isOnFront: boolean;
}

/**
 * Edge fill against the time above the threshold, a mark for each combination: up is fuller, left is less
 * above. Undefined: there was never enough load to fill the edge.
 */
export function tradeOffFigure(
  keys: readonly string[],
  summaries: readonly CombinationSummary[],
): Figure | undefined {
  const spots = summaries.flatMap((summary) => spotOf(keys, summary) ?? []);
  if (spots.length === 0) return undefined;
  const axis = timeAxis(Math.max(1000, ...spots.map(({ aboveMs }) => aboveMs)));
  const { y, ticks } = fillAxis(spots);
  const front = spots
    .filter(({ isOnFront }) => isOnFront)
    .sort((left, right) => left.aboveMs - right.aboveMs);
  const summary = summaryOf(spots, front);
  const points = front.map(({ aboveMs, fillRatio }) => ({ ms: aboveMs, value: fillRatio }));
  const drawing = plot(axis, {
    id: 'trade-off',
    title: 'Edge fill against time above the threshold',
    description: summary,
    heightPx: HEIGHT_PX,
    yTicks: ticks,
    shapes: html`<path class="line wanted" d="${stepPath(held(points, axis.lengthMs), axis, y)}"/>`,
    // What is on the front is drawn last, over what is not.
    marks: html`<g>${[...spots].sort(byFront).map((spot) => markOf(spot, axis, y))}</g>
<g class="halo">${labelled(front, axis, y).map(({ values, aboveMs, fillRatio }) => html`<text class="ink" x="${percentOf(axis, aboveMs)}" dx="9" y="${round(y(fillRatio))}" dy="-7">${values}</text>`)}</g>`,
    incidents: [],
  });
  const key = [
    { mark: 'k-planned', text: `on the front, with its ${keys.join(', ')}: none is fuller and less above` },
    { mark: 'k-behind', text: 'behind it' },
  ];
  const rows = spots.map(({ name, fillRatio, aboveMs, isOnFront }) => [
    name,
    fillRatio.toFixed(3),
    (aboveMs / 1000).toFixed(1),
    isOnFront ? 'yes' : 'no',
  ]);
  const headers = ['combination', 'edge fill', 's above', 'on the front'];
  return { id: 'trade-off', title: 'Trade-off', summary, drawing, key, table: { headers, rows } };
}

function spotOf(
  keys: readonly string[],
  { combination, measures, isOnFront }: CombinationSummary,
): Spot | undefined {
  const point = tradeOff(measures);
  if (point === undefined) return undefined;
  const name = combination.map((value, index) => `${keys[index]} ${value}`).join(', ');
  return {
    name,
    values: combination.join(', '),
    aboveMs: point.secondsAbove * 1000,
    fillRatio: point.fillRatio,
    isOnFront,
  };
}

/** Not from 0: differences of some percent are what one looks for. */
function fillAxis(spots: readonly Spot[]) {
  const [low = 0, high = 1] = extent(spots, ({ fillRatio }) => fillRatio);
  const domain = low === high ? [low - 0.05, high + 0.05] : [low, high];
  const y = scaleLinear().domain(domain).nice(5).range([HEIGHT_PX, 0]);
  return { y, ticks: y.ticks(5).map((value) => ({ yPx: y(value), text: value.toFixed(2) })) };
}

function markOf(
  { name, aboveMs, fillRatio, isOnFront }: Spot,
  axis: TimeAxis,
  y: (value: number) => number,
): Html {
  const x = percentOf(axis, aboveMs);
  const text = `${name}: edge fill ${fillRatio.toFixed(3)}, ${(aboveMs / 1000).toFixed(1)} s above`;
  return html`
<use href="#m-${isOnFront ? 'edge' : 'passed'}" class="mark ${isOnFront ? 'edge' : 'passed'}" x="${x}" y="${round(y(fillRatio))}"><title>${text}</title></use>`;
}

/** Of a plot as wide as a large screen shows it, in the units of the axis. */
const LABEL_WIDTH = 90;
const LABEL_PX = 16;

/** Those whose label covers no other; the first is the safest. The table has all of them. */
function labelled(front: readonly Spot[], axis: TimeAxis, y: (value: number) => number): readonly Spot[] {
  const kept: Spot[] = [];
  for (const spot of front) {
    const covers = kept.some(
      (other) =>
        Math.abs(axis.x(other.aboveMs) - axis.x(spot.aboveMs)) < LABEL_WIDTH &&
        Math.abs(y(other.fillRatio) - y(spot.fillRatio)) < LABEL_PX,
    );
    if (!covers) kept.push(spot);
  }
  return kept;
}

function byFront(left: Spot, right: Spot): number {
  return Number(left.isOnFront) - Number(right.isOnFront);
}

function summaryOf(spots: readonly Spot[], front: readonly Spot[]): string {
  const [safest] = front;
  const fullest = front.at(-1);
  const texts = [safest, ...(fullest === safest ? [] : [fullest])].map(
    (spot) =>
      `${spot?.name} fills the edge to ${spot?.fillRatio.toFixed(3)} of its threshold, ${((spot?.aboveMs ?? 0) / 1000).toFixed(1)} s above it`,
  );
  return `Of ${counted(spots.length, 'combination')} ${front.length} ${front.length === 1 ? 'is' : 'are'} on the front. ${texts.join('; ')}.`;
}
