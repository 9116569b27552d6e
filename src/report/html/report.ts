import type { SimulationResult } from '../../outcome/result.ts';
import { type TimeAxis, timeAxis } from './axis.ts';
import { CPU_KEY, cpuFigure } from './figures/cpu.ts';
import { decisionsFigure } from './figures/decisions.ts';
import { groupNodes, sumFigure } from './figures/many-nodes.ts';
import { podsFigure } from './figures/pods.ts';
import { responsesFigure } from './figures/responses.ts';
import { usersFigure } from './figures/users.ts';
import { counted } from './format.ts';
import { type Html, html } from './markup.ts';
import { pageOf } from './page.ts';
import { figureSection, keyList } from './plot.ts';
import { sinceStart } from './run.ts';
import { decisionList, decisionNames } from './sections/decisions.ts';
import { expectationsSection } from './sections/expectations.ts';
import { headSection } from './sections/head.ts';
import { incidentsSection, scalingSection } from './sections/scaling.ts';
import { shownDecisions } from './shown.ts';

/** Figures of response times; a trace with more Deployments that answer requests says so. */
const MOST_WORKLOADS = 6;

/** A run as a page that stands alone: no network, no other file, and readable without script. */
export function htmlReport(result: SimulationResult): string {
  const axis = timeAxis(sinceStart(result, result.endMs));
  const shown = shownDecisions(result);
  const sections = [
    { id: 'expectations', title: 'Expectations', html: expectationsSection(result, axis) },
    { id: 'incidents', title: 'Incidents', html: incidentsSection(result, axis) },
    { id: 'load', title: 'Load and pods', html: loadSection(result, axis) },
    { id: 'cpu', title: 'CPU by node', html: cpuSection(result, axis, shown) },
    { id: 'placement', title: 'Decisions', html: decisionsSection(result, axis, shown) },
    { id: 'scaling', title: 'Scaling', html: scalingSection(result, axis) },
  ].filter((section) => section.html !== undefined);
  return pageOf({
    title: `${result.trace.name} · Spillway simulation`,
    head: headSection(result, axis),
    sections,
    main: html`${sections.map((section) => section.html)}`,
  });
}

function loadSection(result: SimulationResult, axis: TimeAxis): Html | undefined {
  const answering = result.workloads.filter(({ responses }) => responses.length > 0);
  const figures = [
    usersFigure(result, axis),
    ...answering
      .slice(0, MOST_WORKLOADS)
      .map((workload, index) => responsesFigure(result, workload, axis, { id: `responses-${index}` })),
    podsFigure(result, axis),
  ].filter((figure) => figure !== undefined);
  if (figures.length === 0) return undefined;
  const left = answering.length - MOST_WORKLOADS;
  const title = figures.length === 1 ? 'Pods' : 'Load and pods';
  return html`
<section id="load" aria-labelledby="load-h"><h2 id="load-h">${title}</h2>
${left > 0 ? html`<p class="quiet">Response times of ${counted(left, 'more Deployment')} are not shown.</p>` : undefined}${figures.map((figure) => figureSection(figure))}
</section>`;
}

function cpuSection(result: SimulationResult, axis: TimeAxis, shown: ReadonlySet<number>): Html | undefined {
  if (result.nodes.length === 0) return undefined;
  const { single, summed } = groupNodes(result.nodes);
  const figures = [
    ...single.map((node, index) => cpuFigure(result, node, axis, { id: `cpu-${index}`, shown })),
    ...summed.map((group) => sumFigure(result, group, axis)),
  ];
  return html`
<section id="cpu" aria-labelledby="cpu-h"><h2 id="cpu-h">CPU by node</h2>
<p class="summary">In millicores: 1000m is one CPU.</p>
${keyList(CPU_KEY)}${figures.map((figure) => figureSection(figure))}
</section>`;
}

function decisionsSection(
  result: SimulationResult,
  axis: TimeAxis,
  shown: ReadonlySet<number>,
): Html | undefined {
  const names = decisionNames(result, axis);
  const figure = decisionsFigure(result, axis, shown, names);
  if (figure === undefined) return undefined;
  return html`
<section id="placement" aria-labelledby="placement-h"><h2 id="placement-h">Decisions</h2>
${figureSection(figure, {
  note: html`<p class="quiet">Point at a dot to see what was known of every candidate; by keyboard, the arrow keys go from dot to dot and Enter opens the decision in the list. Dots that would cover each other stand side by side. <a href="#decision-list">Skip to the list</a></p>`,
})}
<h3 id="decision-list-h">Every decision</h3>${decisionList(result, axis, shown)}
</section>`;
}
