/**
 * The pages' only style sheet. Colours are from Okabe and Ito's palette for the colour-blind, darkened or
 * lightened until text in them has a contrast of 4.5 to 1 on its ground: edge is orange and solid, cloud is
 * blue, hatched or dashed. Nothing is told by colour alone.
 */
export const STYLE = `
:root {
  color-scheme: light dark;
  --paper: #fdfdfb; --raised: #ffffff; --ink: #1c1f23; --soft: #575d66; --rule: #dcdcd6; --faint: #ecece6;
  --edge: #ab4900; --edge-fill: #f6c79c; --cloud: #0a5f99; --cloud-fill: #d3e6f4;
  --pending-fill: #e3e0da; --users-fill: #e9e7e0; --miss: #a01463; --miss-fill: #f6dbe9;
  --left: 3.5rem; --right: 9.5rem;
}
@media screen and (prefers-color-scheme: dark) {
  :root {
    --paper: #15181b; --raised: #1d2125; --ink: #e7e8e6; --soft: #a6adb5; --rule: #353a40; --faint: #262b30;
    --edge: #f2a65e; --edge-fill: #7a4a1e; --cloud: #7cbcf0; --cloud-fill: #1f3d56;
    --pending-fill: #3a3d40; --users-fill: #2c2f32; --miss: #ff8dc0; --miss-fill: #4a1d35;
  }
}
* { box-sizing: border-box; }
html { background: var(--paper); color: var(--ink); -webkit-text-size-adjust: 100%; scroll-behavior: auto; }
body {
  margin: 0 auto; padding: 2.5rem 2rem 6rem; max-width: 72rem;
  font: 1rem/1.5 -apple-system, "Segoe UI", Roboto, "Helvetica Neue", "Noto Sans", "Liberation Sans", Arial, sans-serif;
  font-variant-numeric: tabular-nums lining-nums; overflow-wrap: anywhere;
}
h1, h2, h3 { line-height: 1.2; font-weight: 650; text-wrap: balance; }
h1 { font-size: 2.5rem; letter-spacing: -.02em; margin: 0 0 .5rem; }
h2 { font-size: 1.375rem; letter-spacing: -.01em; margin: 0 0 .35rem; }
h3 { font-size: 1rem; margin: 1.5rem 0 .35rem; }
p { margin: 0 0 .5rem; max-width: 46rem; text-wrap: pretty; }
a { color: inherit; text-underline-offset: .15em; }
code { font: .875em ui-monospace, "SF Mono", Menlo, Consolas, "Liberation Mono", monospace; }
small { font-size: .8125em; }
:focus-visible { outline: 2.5px solid var(--ink); outline-offset: 2px; border-radius: 2px; }
.visually-hidden { position: absolute; width: 1px; height: 1px; margin: -1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.skip { position: absolute; left: 1rem; top: -4rem; background: var(--ink); color: var(--paper); padding: .5rem 1rem; z-index: 3; }
.skip:focus { top: .75rem; }
.quiet, .summary, .facts, .kind { color: var(--soft); }
.quiet { font-size: .875rem; }
.edge { color: var(--edge); } .cloud { color: var(--cloud); }

.kind { margin: 0 0 .25rem; font-size: .875rem; }
.lead { font-size: 1.125rem; }
.verdict { font-size: 1.125rem; font-weight: 650; margin: 1rem 0 .25rem; }
.verdict.missed { color: var(--miss); }
.numbers { display: grid; grid-template-columns: repeat(auto-fit, minmax(9rem, 1fr)); gap: 1rem 2rem; margin: 1.75rem 0 0; border-top: 1px solid var(--rule); padding-top: 1rem; }
.numbers dt { font-size: .875rem; color: var(--soft); }
.numbers dd { margin: 0; font-size: .875rem; color: var(--soft); }
.numbers b { display: block; font-size: 1.5rem; line-height: 1.25; font-weight: 650; color: var(--ink); }
nav { margin: 1.75rem 0 0; }
nav ul { display: flex; flex-wrap: wrap; gap: .25rem 1.25rem; list-style: none; margin: 0; padding: 0; font-size: .9375rem; }
main > section { margin-top: 3.25rem; }
main > section > .figure { margin-top: 1.75rem; }
.figure h3 { margin-top: 0; }

.expectations { list-style: none; margin: .5rem 0 0; padding: 0; }
.expectations li { position: relative; padding: .5rem 0 .5rem 1.75rem; border-top: 1px solid var(--faint); }
.expectations p { margin: 0; max-width: none; }
.expectations .mark { position: absolute; left: .125rem; font-weight: 700; }
.expectations code { color: var(--soft); }
.expectations .found { color: var(--soft); font-size: .9375rem; }
.expectations .note::before { content: "· "; }
.missed .mark, .missed .expected { color: var(--miss); font-weight: 650; }
.diverged { border-left: 3px solid var(--miss); padding-left: 1rem; margin: .5rem 0 .25rem; }

figure { margin: 0; }
.frame { position: relative; margin: 0 var(--right) 0 var(--left); padding: 1.25rem 0 1.75rem; }
.plot { display: block; overflow: visible; font-size: .8125rem; }
.plot text { fill: var(--soft); }
.plot .ink { fill: var(--ink); } .plot text.edge { fill: var(--edge); } .plot text.cloud { fill: var(--cloud); } .plot text.users { fill: var(--ink); }
.plot .ends text, .plot .layer { font-weight: 600; }
.plot .ends .soft { font-weight: 400; }
.plot .layer { stroke-width: 4px; stroke-linejoin: round; paint-order: stroke; }
.plot .layer.edge { fill: var(--ink); stroke: var(--edge-fill); } .plot .layer.cloud { fill: var(--ink); stroke: var(--cloud-fill); }
.plot .halo text { stroke: var(--paper); stroke-width: 4px; stroke-linejoin: round; paint-order: stroke; font-weight: 600; }
.grid line { stroke: var(--faint); } .grid .up { stroke: var(--faint); } .base { stroke: var(--soft); }
.shapes { overflow: visible; }
.shapes path { vector-effect: non-scaling-stroke; }
.line { fill: none; stroke: var(--ink); stroke-width: 1.75; stroke-linejoin: round; }
.line.thin { stroke-width: 1; }
.line.edge { stroke: var(--edge); } .line.cloud { stroke: var(--cloud); }
.line.dashed { stroke-dasharray: 7 3; }
.line.wanted { stroke-width: 1.5; stroke-dasharray: 2 3; }
.line.threshold { stroke-width: 1.25; stroke-dasharray: 6 4; }
.line.forecast { stroke-width: 1.25; stroke: var(--soft); stroke-dasharray: 1.5 3; stroke-linecap: round; }
.line.failed { stroke: var(--miss); stroke-width: 1.5; }
.dots { fill: none; stroke-linecap: round; stroke-width: 4.5; stroke: var(--ink); }
.dots.small { stroke-width: 2.25; } .dots.edge { stroke: var(--edge); } .dots.cloud { stroke: var(--cloud); }
.band { stroke: none; opacity: .75; } .band.edge { fill: var(--edge-fill); } .band.cloud { fill: var(--cloud-fill); }
.fill-users { fill: var(--users-fill); } .fill-pending { fill: var(--pending-fill); }
.fill-edge { fill: var(--edge-fill); } .fill-cloud { fill: var(--cloud-fill); } .hatch-cloud { fill: url(#hatch); }
#hatch path { stroke: var(--cloud); stroke-width: 1; opacity: .35; }
.over { fill: var(--miss-fill); }
.mark { stroke: var(--paper); stroke-width: 1.25; fill: var(--ink); }
.mark.edge, .mark.overload { fill: var(--edge); } .mark.overflow { fill: var(--cloud); }
.mark.cloud { fill: var(--paper); stroke: var(--cloud); stroke-width: 2; }
.mark.pending { fill: var(--miss); } .mark.passed { fill: var(--soft); }
.mark.answered { fill: var(--edge); } .mark.refused { fill: none; stroke: var(--miss); stroke-width: 1.75; }
.planned .mark { cursor: help; }
.incident line { stroke: var(--miss); stroke-dasharray: 3 3; } .plot .incident text { fill: var(--miss); font-weight: 600; }
.rule { position: absolute; top: 1.25rem; bottom: 1.75rem; left: var(--at, -1px); width: 1px; background: var(--ink); display: none; pointer-events: none; }
.pointing .rule { display: block; }
#dots a { cursor: pointer; } #dots a:hover .mark, #dots a:focus .mark { stroke: var(--ink); stroke-width: 2.5; }
#dots a:focus-visible { outline: 2.5px solid var(--ink); outline-offset: 1px; }

.key { display: flex; flex-wrap: wrap; gap: .125rem 1.25rem; list-style: none; padding: 0; margin: .5rem 0 0; font-size: .875rem; color: var(--soft); }
.key li { display: flex; align-items: center; gap: .5rem; }
.key i { flex: none; width: 1.5rem; height: .75rem; }
.key .k-edge { background: var(--edge-fill); border-bottom: 1.5px solid var(--edge); }
.key .k-cloud { background: repeating-linear-gradient(135deg, var(--cloud) 0 1px, var(--cloud-fill) 1px 6px); border-bottom: 1.5px solid var(--cloud); }
.key .k-pending { background: var(--pending-fill); }
.key .k-wanted, .key .k-forecast, .key .k-threshold, .key .k-real { height: 0; border-top: 2px solid var(--ink); }
.key .k-wanted { border-top-style: dotted; } .key .k-threshold { border-top-style: dashed; }
.key .k-forecast { border-top: 2px dotted var(--soft); } .key .k-real { height: 2px; border: 0; background: linear-gradient(90deg, var(--edge) 50%, var(--cloud) 50%); }
.key .k-line-edge { background: var(--edge-fill); border-bottom: 2px solid var(--edge); }
.key .k-line-cloud { background: var(--cloud-fill); border-bottom: 2px dashed var(--cloud); }
.key .k-measured, .key .k-p99, .key .k-planned { width: .5rem; height: .5rem; border-radius: 50%; background: var(--ink); }
.key .k-p99 { width: .25rem; height: .25rem; background: var(--soft); } .key .k-planned { background: var(--edge); width: .625rem; height: .625rem; }
.key .k-behind { width: .4rem; height: .4rem; border-radius: 50%; background: var(--soft); }
.key .k-refused { width: auto; height: auto; } .key .k-refused::before { content: "×"; font: 700 1rem/1 sans-serif; color: var(--miss); }
.key .k-failed { width: 2px; height: .75rem; background: var(--miss); }

details.data { margin-left: var(--left); font-size: .875rem; }
details.data > summary { color: var(--soft); width: fit-content; }
summary { cursor: pointer; }
.scroll { overflow-x: auto; max-width: 100%; }
table { border-collapse: collapse; font-size: .875rem; margin: .5rem 0; }
th, td { text-align: left; vertical-align: top; padding: .25rem 1.25rem .25rem 0; border-top: 1px solid var(--faint); font-weight: 400; overflow-wrap: normal; }
thead th { border-top: 0; color: var(--soft); font-size: .8125rem; }
th.n, td.n { text-align: right; white-space: nowrap; }
tr.answered th, tr.answered td { font-weight: 600; }
td.above { color: var(--miss); font-weight: 650; }
td:last-child:not(.n) { min-width: 13rem; } .candidates { min-width: 34rem; } .candidates tbody th { white-space: nowrap; }

.decisions { list-style: none; margin: .75rem 0 0; padding: 0; font-size: .9375rem; }
.decisions li { border-top: 1px solid var(--faint); }
.decisions summary { padding: .3rem 0; list-style-position: outside; margin-left: 1.25rem; }
.decisions .at { display: inline-block; min-width: 5.5rem; color: var(--soft); }
.decisions .to { display: inline-block; min-width: 7rem; } .decisions b { display: inline-block; min-width: 8rem; font-weight: 600; }
.decisions .result { display: inline-block; min-width: 5rem; font-weight: 600; } .decisions .why { color: var(--soft); }
.result.edge, .result.overload { color: var(--edge); } .result.overflow, .result.cloud { color: var(--cloud); } .result.pending { color: var(--miss); }
.decisions details > div { margin: 0 0 .75rem 1.25rem; }
.decisions div:target { outline: 2px solid var(--soft); outline-offset: .4rem; }
.incidents { padding-left: 1.75rem; } .incidents .at { display: inline-block; min-width: 4.5rem; }

#card { position: absolute; z-index: 2; max-width: min(46rem, calc(100vw - 1.5rem)); background: var(--raised); border: 1px solid var(--soft); border-radius: 4px; padding: .75rem 1rem .5rem; box-shadow: 0 6px 24px rgb(0 0 0 / .18); font-size: .875rem; }
#card::before { content: ""; position: absolute; inset: -2.25rem 0; z-index: -1; }
#card p { margin: 0 0 .25rem; } #card table { margin: .25rem 0 0; } #card[hidden] { display: none; }
#card .head .at, #card .head .to, #card .head .result { margin-right: .5rem; } #card .head .why { color: var(--soft); }

.runs { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(19rem, 100%), 1fr)); gap: 1.5rem 2rem; }
.runs { margin-top: 1rem; } .runs h3 { margin-top: 0; } .runs .figure { display: flex; flex-direction: column; }
.runs .frame { --right: 1.125rem; } .runs .plot { font-size: .75rem; } .runs .plot .ends, .runs .plot .odd { display: none; }
.runs .summary { order: 1; font-size: .875rem; } .runs details.data { order: 2; margin-left: 0; } .runs figure { margin: 0; }
.verdicts { list-style: none; padding: 0; margin: .75rem 0 0; }

@media (max-width: 45rem) {
  :root { --left: 3rem; --right: 1.125rem; }
  .plot { font-size: .75rem; }
  body { padding: 1.5rem 1rem 4rem; }
  h1 { font-size: 2rem; }
  .plot .ends, .plot .odd { display: none; }
  .plot .lane .ink ~ * { display: none; }
  details.data { margin-left: 0; }
  .decisions .to, .decisions b, .decisions .result { min-width: 0; margin-right: .35rem; }
}
@media print {
  html { font-size: 9pt; }
  body { padding: 0; max-width: none; }
  .key { display: block; break-inside: avoid; } .key li { display: inline-flex; margin-right: 1rem; }
  .figure { padding-bottom: .75rem; } .figure + .figure { margin-top: 1rem; }
  .numbers { grid-template-columns: repeat(auto-fit, minmax(7.5rem, 1fr)); gap: 1rem; }
  .key i, .diverged { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
  nav, .skip, #card, details.data:not([open]) { display: none; }
  main > section { margin-top: 1.5rem; }
  .figure, .expectations li, .decisions li, tr, .numbers { break-inside: avoid; }
  h2, h3, .figure > p, .summary, .key, section > .quiet { break-after: avoid; }
  .decisions summary { list-style: none; margin-left: 0; }
  .scroll { overflow: visible; }
  @page { margin: 16mm 14mm; }
}
`;
