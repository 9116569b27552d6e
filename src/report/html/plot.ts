import { PLOT_WIDTH, percentOf, type TimeAxis } from './axis.ts';
import { type Html, html, type Table, tableOf } from './markup.ts';

/** What a figure says: as a drawing, in a sentence, and as a table. */
export interface Figure {
  readonly id: string;
  readonly title: string;
  /** One or two sentences with what there is to see. */
  readonly summary: string;
  readonly drawing: Html;
  /** What the marks mean, for where the labels beside the lines have no room. */
  readonly key?: readonly KeyEntry[] | undefined;
  readonly table: Table;
}

export interface KeyEntry {
  /** Class of the mark; see style.ts. */
  readonly mark: string;
  readonly text: string;
}

export interface PlotSpec {
  readonly id: string;
  readonly title: string;
  readonly description: string;
  readonly heightPx: number;
  readonly yTicks: readonly { readonly yPx: number; readonly text: string }[];
  /** Shapes in a space of `PLOT_WIDTH` × height, which is stretched to the width that there is. */
  readonly shapes: Html;
  /** Marks whose x is in percent, and which are not stretched. */
  readonly marks?: Html | undefined;
  /** Names of the lines, at their ends. */
  readonly endLabels?: readonly EndLabel[] | undefined;
  readonly incidents: readonly IncidentMark[];
  /** It holds links; an image must not. */
  readonly interactive?: boolean | undefined;
}

export interface EndLabel {
  readonly text: string;
  readonly yPx: number;
  readonly tone: string;
  /** Where its line ends; undefined: at the right edge. */
  readonly ms?: number | undefined;
}

export interface IncidentMark {
  readonly ms: number;
  readonly text: string;
}

/**
 * A drawing that takes any width without script: x is in percent, y in pixels, so that neither letters nor
 * dots are distorted; only shapes are stretched, and their strokes are not (`vector-effect`).
 */
export function plot(axis: TimeAxis, spec: PlotSpec): Html {
  const { id, title, description, heightPx, yTicks, shapes, marks, endLabels = [], incidents } = spec;
  const role = spec.interactive === true ? 'group' : 'img';
  return html`<div class="frame"><svg class="plot" width="100%" height="${heightPx}" role="${role}" aria-labelledby="${id}-t" aria-describedby="${id}-d"><title id="${id}-t">${title}</title><desc id="${id}-d">${description}</desc>
<g class="grid">${yTicks.map(({ yPx, text }) => html`<line x1="0" x2="100%" y1="${round(yPx)}" y2="${round(yPx)}"/><text x="0" dx="-8" y="${round(yPx)}" dy=".32em" text-anchor="end">${text}</text>`)}
${axis.ticks.map(({ ms, text }, index) => {
  const x = percentOf(axis, ms);
  return html`<line class="up" x1="${x}" x2="${x}" y1="0" y2="${heightPx + 4}"/><text${index % 2 === 1 ? html` class="odd"` : undefined} x="${x}" y="${heightPx}" dy="18" text-anchor="middle">${text}</text>`;
})}</g>
<svg class="shapes" width="100%" height="${heightPx}" viewBox="0 0 ${PLOT_WIDTH} ${heightPx}" preserveAspectRatio="none">${shapes}</svg>
<line class="base" x1="0" x2="100%" y1="${heightPx}" y2="${heightPx}"/>
${incidents.map(({ ms, text }) => incidentMark(percentOf(axis, ms), text, heightPx))}${marks}
<g class="ends">${apart(endLabels, heightPx).map(({ text, yPx, tone, ms }) => html`<text class="${tone}" x="${percentOf(axis, ms ?? axis.lengthMs)}" dx="10" y="${round(yPx)}" dy=".32em">${text}</text>`)}</g>
</svg><i class="rule"></i></div>`;
}

function incidentMark(x: string, text: string, heightPx: number): Html {
  return html`<g class="incident"><line x1="${x}" x2="${x}" y1="-4" y2="${heightPx}"/><text x="${x}" y="-7" text-anchor="middle">${text}</text></g>
`;
}

/** Lines of text need this much. */
const LINE_PX = 15;

/** Moves labels that would overlap apart, from the lowest up, and keeps them on the plot where they fit. */
export function apart(labels: readonly EndLabel[], heightPx: number): readonly EndLabel[] {
  const fromBelow = [...labels].sort((left, right) => right.yPx - left.yPx);
  const placed: EndLabel[] = [];
  for (const label of fromBelow) {
    const below = placed.at(-1);
    const highest = below === undefined ? heightPx - 2 : below.yPx - LINE_PX;
    placed.push({ ...label, yPx: Math.min(label.yPx, highest) });
  }
  return placed;
}

/** A figure in its place on a page: heading, sentence, drawing, data. */
export function figureSection(
  figure: Figure,
  { heading, note }: { readonly heading?: string | undefined; readonly note?: Html | undefined } = {},
): Html {
  const { id, title, summary, drawing, key = [], table } = figure;
  return html`
<div class="figure"><h3 id="${id}-h">${heading ?? title}</h3>
<p class="summary">${unbroken(summary)}</p>${note}
${keyList(key)}<figure>${drawing}</figure>
<details class="data"><summary>Data: ${title}</summary>${tableOf(table, `${title}, as a table`)}</details>
</div>`;
}

/** A number and its unit stay on one line. */
function unbroken(text: string): string {
  return text.replace(/(\d) (?=(?:s|ms|min|h|CPU)\b|%)/g, '$1\u{a0}');
}

export function keyList(entries: readonly KeyEntry[]): Html | undefined {
  if (entries.length === 0) return undefined;
  return html`<ul class="key">${entries.map(({ mark, text }) => html`<li><i class="${mark}"></i>${text}</li>`)}</ul>`;
}

export function round(px: number): number {
  return Number(px.toFixed(1));
}
