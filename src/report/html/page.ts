import { createHash } from 'node:crypto';
import { symbol, symbolCircle, symbolDiamond, symbolSquare, symbolTimes, symbolTriangle } from 'd3-shape';
import { type Html, html } from './markup.ts';
import { SCRIPT } from './script.ts';
import { STYLE } from './style.ts';

export interface PageParts {
  readonly title: string;
  readonly head: Html;
  /** Sections to jump to, by their ids. */
  readonly sections: readonly { readonly id: string; readonly title: string }[];
  readonly main: Html;
}

/**
 * A page that needs nothing but itself. Its policy forbids it to load anything, and to run any script but its
 * own, so that a name in a trace cannot do either.
 */
export function pageOf({ title, head, sections, main }: PageParts): string {
  const policy = `default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-${sha256(SCRIPT)}'; img-src data:; base-uri 'none'; form-action 'none'`;
  return `${
    html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${policy}"><meta name="color-scheme" content="light dark">
<title>${title}</title><link rel="icon" href="data:,"><style>${{ html: STYLE }}</style></head>
<body><a class="skip" href="#main">Skip to the report</a>
<svg width="0" height="0" aria-hidden="true" focusable="false" style="position:absolute"><defs>
<pattern id="hatch" width="9" height="9" patternUnits="userSpaceOnUse"><path d="M-1,1l2,-2M0,9l9,-9M8,10l2,-2"/></pattern>
${MARKS.map(({ id, path }) => html`<path id="m-${id}" d="${path}"/>`)}</defs></svg>
${head}
<nav aria-label="Sections"><ul>${sections.map(({ id, title: name }) => html`<li><a href="#${id}">${name}</a></li>`)}</ul></nav>
<main id="main" tabindex="-1">${main}
</main>
<div id="card" hidden></div>
<script>${{ html: SCRIPT }}</script></body></html>`.html
  }\n`;
}

/** Shapes differ as colours do; their areas are in square pixels. */
const MARKS = [
  { id: 'edge', path: shape(symbolCircle, 90) },
  { id: 'overflow', path: shape(symbolSquare, 80) },
  { id: 'cloud', path: shape(symbolSquare, 56) },
  { id: 'overload', path: shape(symbolTriangle, 62) },
  { id: 'pending', path: shape(symbolDiamond, 62) },
  { id: 'passed', path: shape(symbolCircle, 40) },
  { id: 'answered', path: shape(symbolCircle, 56) },
  { id: 'refused', path: shape(symbolTimes, 40) },
];

function shape(type: typeof symbolCircle, area: number): string {
  return symbol(type, area).digits(1)() ?? '';
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('base64');
}
