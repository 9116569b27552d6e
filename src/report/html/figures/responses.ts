import { median } from 'd3-array';
import type { ResponseBucket, SimulationResult, WorkloadResult } from '../../../outcome/result.ts';
import type { Tier } from '../../../placement/types.ts';
import { PLOT_WIDTH, roundMomentText, type TimeAxis } from '../axis.ts';
import { counted, durationText, percentText, shortName } from '../format.ts';
import { type Html, html, type Table } from '../markup.ts';
import { type EndLabel, type Figure, plot } from '../plot.ts';
import { incidentMarks, rowMoments, sinceStart } from '../run.ts';
import { linearAxis, logAxis, type YAxis } from '../scales.ts';
import { bandPath, brokenLinePath, dotsPath } from '../series.ts';

const HEIGHT_PX = 220;
const TIERS: readonly Tier[] = ['edge', 'cloud'];

/** The lowest median and the highest 99th percentile: what the figure must hold. */
export interface ResponseRange {
  readonly lowMs: number;
  readonly highMs: number;
}

export function responseRange(workloads: readonly WorkloadResult[]): ResponseRange {
  const answered = workloads.flatMap(({ responses }) => responses.filter(({ succeeded }) => succeeded > 0));
  return {
    lowMs: answered.reduce((low, { p50Ms }) => Math.min(low, p50Ms), Number.POSITIVE_INFINITY),
    highMs: answered.reduce((high, { p99Ms }) => Math.max(high, p99Ms), 0),
  };
}

export interface ResponsesFigureOptions {
  readonly id: string;
  /** What the figure holds. */
  readonly range?: ResponseRange | undefined;
}

/** How long answers took, by the tier that gave them; undefined: nobody asked. */
export function responsesFigure(
  result: SimulationResult,
  workload: WorkloadResult,
  axis: TimeAxis,
  { id, range = responseRange([workload]) }: ResponsesFigureOptions,
): Figure | undefined {
  if (workload.responses.length === 0) return undefined;
  const yAxis = axisOf(range);
  const tiers = TIERS.map((tier) => seriesOf(result, workload, tier, axis)).filter(
    ({ buckets }) => buckets.length > 0,
  );
  const failures = workload.responses.filter(({ failed }) => failed > 0);
  const summary = summaryOf(workload, tiers);
  const title = `Response time of ${shortName(workload.workload)}`;
  const drawing = plot(axis, {
    id,
    title,
    description: summary,
    heightPx: HEIGHT_PX,
    yTicks: yAxis.ticks,
    shapes: html`${tiers.map((series) => shapesOf(series, axis, yAxis))}<path class="line failed" d="${failures
      .map(({ fromMs }) => `M${axis.x(sinceStart(result, fromMs)).toFixed(1)},0v9`)
      .join('')}"/>`,
    endLabels: tiers.map((series) => labelOf(series, yAxis)),
    incidents: incidentMarks(result),
  });
  const key = [
    ...tiers.map(({ tier }) => ({
      mark: `k-line-${tier}`,
      text: `${tier}: median, band to the 95th percentile`,
    })),
    { mark: 'k-p99', text: '99th percentile' },
    ...(failures.length === 0 ? [] : [{ mark: 'k-failed', text: 'failed requests' }]),
  ];
  return { id, title, summary, drawing, key, table: tableOf(result, workload, axis) };
}

interface TierSeries {
  readonly tier: Tier;
  readonly buckets: readonly (ResponseBucket & { readonly ms: number })[];
  /** A pause longer than this is left open. */
  readonly gapMs: number;
}

/** A linear scale shows two bands a factor of a few apart best; a queue that grows without end needs the other. */
function axisOf({ lowMs, highMs }: ResponseRange): YAxis {
  const spread = highMs / lowMs;
  if (spread <= 30 || lowMs <= 0) return linearAxis(highMs, HEIGHT_PX, durationText);
  return logAxis(lowMs, highMs, HEIGHT_PX, durationText);
}

function seriesOf(
  result: SimulationResult,
  { responses }: WorkloadResult,
  tier: Tier,
  axis: TimeAxis,
): TierSeries {
  const buckets = responses
    .filter((bucket) => bucket.tier === tier && bucket.succeeded > 0)
    .map((bucket) => ({ ...bucket, ms: sinceStart(result, (bucket.fromMs + bucket.toMs) / 2) }));
  const [first] = buckets;
  const widthMs = first === undefined ? 0 : first.toMs - first.fromMs;
  return { tier, buckets, gapMs: Math.max(5 * widthMs, (3 * axis.lengthMs) / PLOT_WIDTH) };
}

function shapesOf({ tier, buckets, gapMs }: TierSeries, axis: TimeAxis, { y }: YAxis): Html {
  const band = buckets.map(({ ms, p50Ms, p95Ms }) => ({ ms, low: p50Ms, high: p95Ms }));
  const middle = buckets.map(({ ms, p50Ms }) => ({ ms, value: p50Ms }));
  const highest = buckets.map(({ ms, p99Ms }) => ({ ms, value: p99Ms }));
  return html`<path class="band ${tier}" d="${bandPath(band, axis, y, gapMs)}"/>
<path class="dots small ${tier}" d="${dotsPath(highest, axis, y)}"/>
<path class="line ${tier} ${tier === 'cloud' ? 'dashed' : ''}" d="${brokenLinePath(middle, axis, y, gapMs)}"/>
`;
}

function labelOf({ tier, buckets }: TierSeries, { y }: YAxis): EndLabel {
  const last = buckets.at(-1);
  return { text: `${tier}, median`, yPx: y(last?.p50Ms ?? 0), tone: tier, ms: last?.ms };
}

function summaryOf({ summary }: WorkloadResult, tiers: readonly TierSeries[]): string {
  const sides = tiers.map(({ tier, buckets }) => {
    const where = tier === 'edge' ? 'at the edge' : 'in the cloud';
    const middle = durationText(median(buckets, ({ p50Ms }) => p50Ms) ?? 0);
    const highest = durationText(buckets.reduce((most, { p95Ms }) => Math.max(most, p95Ms), 0));
    return `${where} the median of a typical second is ${middle}, and the 95th percentile ${highest} at worst`;
  });
  const all = summary === undefined ? '' : overall(summary.succeeded, summary.failed);
  const times =
    summary === undefined
      ? ''
      : ` Half of them within ${durationText(summary.p50Ms)}, 95 % within ${durationText(summary.p95Ms)}, 99 % within ${durationText(summary.p99Ms)}.`;
  const text = sides.join('; ');
  return `${all}${times}${text === '' ? '' : ` ${text.slice(0, 1).toUpperCase()}${text.slice(1)}.`}`.trim();
}

function overall(succeeded: number, failed: number): string {
  const share = succeeded + failed === 0 ? 0 : failed / (succeeded + failed);
  const lost =
    failed === 0 ? 'none failed' : `${failed} failed (${share < 0.01 ? 'under 1 %' : percentText(share)})`;
  return `${counted(succeeded, 'request')} answered, ${lost}.`;
}

function tableOf(result: SimulationResult, { responses }: WorkloadResult, axis: TimeAxis): Table {
  const rows = rowMoments(axis).flatMap((fromMs) => {
    const inRow = responses.filter((bucket) => {
      const ms = sinceStart(result, bucket.fromMs);
      return ms >= fromMs && ms < fromMs + axis.rowMs;
    });
    return [...TIERS, undefined].flatMap((tier) => {
      const buckets = inRow.filter((bucket) => bucket.tier === tier);
      return buckets.length === 0 ? [] : [rowOf(roundMomentText(axis, fromMs), tier ?? 'no pod', buckets)];
    });
  });
  return {
    headers: ['from', 'tier', 'answered', 'failed', 'median of medians', 'highest p95', 'highest p99'],
    rows,
  };
}

function rowOf(time: string, tier: string, buckets: readonly ResponseBucket[]): readonly string[] {
  const sum = (measure: (bucket: ResponseBucket) => number) =>
    buckets.reduce((total, bucket) => total + measure(bucket), 0);
  const answered = buckets.filter(({ succeeded }) => succeeded > 0);
  const highest = (measure: (bucket: ResponseBucket) => number) =>
    answered.length === 0 ? '–' : durationText(Math.max(...answered.map(measure)));
  return [
    time,
    tier,
    String(sum(({ succeeded }) => succeeded)),
    String(sum(({ failed }) => failed)),
    answered.length === 0 ? '–' : durationText(median(answered, ({ p50Ms }) => p50Ms) ?? 0),
    highest(({ p95Ms }) => p95Ms),
    highest(({ p99Ms }) => p99Ms),
  ];
}
