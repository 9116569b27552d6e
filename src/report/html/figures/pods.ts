import type { SimulationResult, TierCounts } from '../../../outcome/result.ts';
import { percentOf, roundMomentText, type TimeAxis } from '../axis.ts';
import { counted } from '../format.ts';
import { type Html, html } from '../markup.ts';
import { type EndLabel, type Figure, plot, round } from '../plot.ts';
import { incidentMarks, rowMoments, sinceStart, sumSteps } from '../run.ts';
import { countAxis } from '../scales.ts';
import { held, lastAt, type Point, stepAreaPath, stepPath } from '../series.ts';

const HEIGHT_PX = 200;

/** The most pods at once, or the most that were wanted: the top of the figure. */
export function mostPods(result: SimulationResult): number {
  const pods = result.counts.reduce((most, counts) => Math.max(most, totalOf(counts)), 0);
  return wantedReplicas(result).points.reduce((most, { value }) => Math.max(most, value), pods);
}

/** Pods of Deployments over time: those at the edge, on them those in the cloud, on these those that wait. */
export function podsFigure(
  result: SimulationResult,
  axis: TimeAxis,
  top = mostPods(result),
  id = 'pods',
): Figure | undefined {
  if (result.counts.length === 0) return undefined;
  const { y, ticks } = countAxis(top, HEIGHT_PX);
  const endMs = sinceStart(result, result.endMs);
  const layer = (measure: (counts: TierCounts) => number) =>
    held(
      result.counts.map((counts) => ({ ms: sinceStart(result, counts.atMs), value: measure(counts) })),
      endMs,
    );
  const edge = layer((counts) => counts.edge);
  const bound = layer((counts) => counts.edge + counts.cloud);
  const all = layer(totalOf);
  const wanted = wantedReplicas(result);
  const wantedPoints = held(wanted.points, endMs);
  const summary = summaryOf(result, axis);
  const title = 'Pods per tier';
  const drawing = plot(axis, {
    id,
    title,
    description: summary,
    heightPx: HEIGHT_PX,
    yTicks: ticks,
    shapes: html`<path class="fill-pending" d="${stepAreaPath(all, axis, y)}"/>
<path class="fill-cloud" d="${stepAreaPath(bound, axis, y)}"/><path class="hatch-cloud" d="${stepAreaPath(bound, axis, y)}"/>
<path class="fill-edge" d="${stepAreaPath(edge, axis, y)}"/>
<path class="line thin cloud" d="${stepPath(bound, axis, y)}"/><path class="line thin edge" d="${stepPath(edge, axis, y)}"/>
<path class="line wanted" d="${stepPath(wantedPoints, axis, y)}"/>`,
    marks: html`${layerLabel('edge', 'edge', axis, { low: edge.map(({ ms }) => ({ ms, value: 0 })), high: edge, y })}${layerLabel('cloud', 'cloud', axis, { low: edge, high: bound, y })}`,
    endLabels: endLabels(result.counts.at(-1), wanted.name, wantedPoints.at(-1), y),
    incidents: incidentMarks(result),
  });
  const key = [
    { mark: 'k-edge', text: 'edge' },
    { mark: 'k-cloud', text: 'cloud' },
    { mark: 'k-pending', text: 'pending' },
    ...(wanted.points.length === 0 ? [] : [{ mark: 'k-wanted', text: wanted.name }]),
  ];
  return { id, title, summary, drawing, key, table: tableOf(result, axis, wanted.name, wanted.points) };
}

function totalOf({ edge, cloud, pending }: TierCounts): number {
  return edge + cloud + pending;
}

/** What the autoscalers wanted; of a replay, what its events said. */
function wantedReplicas(result: SimulationResult): {
  readonly name: string;
  readonly points: readonly Point[];
} {
  if (result.autoscalers.length > 0) {
    const series = result.autoscalers.map(({ syncs }) =>
      syncs.map(({ atMs, desiredReplicas }) => ({ ms: sinceStart(result, atMs), value: desiredReplicas })),
    );
    return { name: 'desired by the HPA', points: sumSteps(series) };
  }
  const byWorkload = new Map<string, Point[]>();
  for (const { atMs, workload, from, to } of result.scalings) {
    const points = byWorkload.get(workload) ?? [{ ms: 0, value: from }];
    byWorkload.set(workload, [...points, { ms: sinceStart(result, atMs), value: to }]);
  }
  return { name: 'replicas wanted', points: sumSteps([...byWorkload.values()]) };
}

/** The name of a layer, written into it where it is highest for longest; a layer too thin for it has none. */
function layerLabel(name: string, tone: string, axis: TimeAxis, layer: Layer): Html | undefined {
  const spans = layer.low.map(({ ms, value }, index) => {
    const above = layer.high[index]?.value ?? value;
    return { fromMs: ms, toMs: layer.low[index + 1]?.ms ?? axis.lengthMs, low: value, high: above };
  });
  const most = spans.reduce((height, { low, high }) => Math.max(height, high - low), 0);
  const [best] = spans
    .filter(({ low, high }) => high - low === most)
    .sort((left, right) => right.toMs - right.fromMs - (left.toMs - left.fromMs));
  if (best === undefined) return undefined;
  const [topPx, footPx] = [layer.y(best.high), layer.y(best.low)];
  const wide = (best.toMs - best.fromMs) / axis.lengthMs > 0.12;
  if (!wide || footPx - topPx < 18) return undefined;
  return html`<text class="layer ${tone}" x="${percentOf(axis, (best.fromMs + best.toMs) / 2)}" y="${round((topPx + footPx) / 2)}" dy=".35em" text-anchor="middle">${name} ${most}</text>`;
}

interface Layer {
  readonly low: readonly Point[];
  readonly high: readonly Point[];
  readonly y: (value: number) => number;
}

function endLabels(
  last: TierCounts | undefined,
  name: string,
  wanted: Point | undefined,
  y: (value: number) => number,
): readonly EndLabel[] {
  if (last === undefined) return [];
  const { edge, cloud, pending } = last;
  const label = (text: string, count: number, middle: number, tone: string) =>
    count === 0 ? [] : [{ text: `${text} ${count}`, yPx: y(middle), tone }];
  return [
    ...label('edge', edge, edge / 2, 'edge'),
    ...label('cloud', cloud, edge + cloud / 2, 'cloud'),
    ...label('pending', pending, edge + cloud + pending / 2, 'soft'),
    ...(wanted === undefined ? [] : label(name, wanted.value, wanted.value, 'ink')),
  ];
}

function summaryOf(result: SimulationResult, axis: TimeAxis): string {
  const peak = result.counts.reduce((most, counts) => (boundOf(counts) > boundOf(most) ? counts : most));
  const pending = Math.max(...result.counts.map((counts) => counts.pending));
  const end = result.counts.at(-1) ?? peak;
  const at = roundMomentText(axis, sinceStart(result, peak.atMs));
  return (
    `At most ${counted(boundOf(peak), 'pod')} had a node, first at ${at}: ${peak.edge} at the edge, ${peak.cloud} in the cloud. ` +
    `Up to ${pending} waited for a node. At the end ${end.edge} at the edge, ${end.cloud} in the cloud, ${end.pending} pending.`
  );
}

function boundOf({ edge, cloud }: TierCounts): number {
  return edge + cloud;
}

function tableOf(result: SimulationResult, axis: TimeAxis, name: string, wanted: readonly Point[]) {
  const counts = result.counts.map((count) => ({ ...count, ms: sinceStart(result, count.atMs) }));
  return {
    headers: ['time', 'edge', 'cloud', 'pending', ...(wanted.length === 0 ? [] : [name])],
    rows: rowMoments(axis).map((ms) => {
      const { edge = 0, cloud = 0, pending = 0 } = lastAt(counts, ms) ?? {};
      const desired = wanted.length === 0 ? [] : [String(lastAt(wanted, ms)?.value ?? 0)];
      return [roundMomentText(axis, ms), ...[edge, cloud, pending].map(String), ...desired];
    }),
  };
}
