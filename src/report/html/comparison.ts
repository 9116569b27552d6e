import type { NodeResult, SimulationResult } from '../../outcome/result.ts';
import { timeAxis } from './axis.ts';
import { CPU_KEY, cpuFigure, mostCpu } from './figures/cpu.ts';
import { mostPods, podsFigure } from './figures/pods.ts';
import { responseRange, responsesFigure } from './figures/responses.ts';
import { mostUsers, usersFigure } from './figures/users.ts';
import { shortName } from './format.ts';
import { type Html, html, type Table, tableOf } from './markup.ts';
import { pageOf } from './page.ts';
import { type Figure, figureSection, keyList } from './plot.ts';
import { sinceStart } from './run.ts';
import { verdictText } from './sections/expectations.ts';

export interface Comparison {
  readonly title: string;
  readonly description?: string | undefined;
  /** What is to be compared, in numbers; a row for every run, as a rule. */
  readonly table?: Table | undefined;
  readonly runs: readonly Run[];
}

interface Run {
  readonly label: string;
  readonly result: SimulationResult;
}

/** Nodes that have figures of their own: the edge nodes that are in every run, in the order of the first. */
const MOST_NODES = 4;
/** Without the decisions, which have no place in a small figure. */
const LINES_OF_CPU = CPU_KEY.slice(0, 4);

/** Several runs beside each other: the same figures with the same axes, so that one may compare by eye. */
export function htmlComparison({ title, description, table, runs }: Comparison): string {
  const rows = comparedFigures(runs).filter(({ figures }) => figures.some((figure) => figure !== undefined));
  const sections = rows.map(({ id, title: name }) => ({ id: `${id}-row`, title: name }));
  return pageOf({
    title: `${title} · Spillway comparison`,
    head: html`<header><p class="kind">${runs.some(({ result }) => result.on === 'cluster') ? 'Runs compared' : 'Simulated runs compared'}</p><h1>${title}</h1>
${description === undefined ? undefined : html`<p class="lead">${description}</p>`}</header>`,
    sections: [{ id: 'numbers', title: 'Numbers' }, ...sections],
    main: html`
<section id="numbers" aria-labelledby="numbers-h"><h2 id="numbers-h">Numbers</h2>${
      table === undefined ? undefined : tableOf(table, title)
    }
<ul class="verdicts">${runs.map(({ label, result }) => html`<li><b>${label}</b> ${verdictText(result)}</li>`)}</ul></section>${rows.map(
      (row) => sectionOf(row, runs),
    )}`,
  });
}

/** A figure of every run; undefined: this run has nothing to show in it. */
interface Row {
  readonly id: string;
  readonly title: string;
  readonly figures: readonly (Figure | undefined)[];
}

function comparedFigures(runs: readonly Run[]): readonly Row[] {
  const results = runs.map(({ result }) => result);
  const axis = timeAxis(Math.max(0, ...results.map((result) => sinceStart(result, result.endMs))));
  const highest = (topOf: (result: SimulationResult) => number) => Math.max(0, ...results.map(topOf));
  const row = (
    id: string,
    title: string,
    draw: (result: SimulationResult, id: string) => Figure | undefined,
  ) => ({
    id,
    title,
    figures: results.map((result, run) => draw(result, `${id}-${run}`)),
  });
  const users = highest(mostUsers);
  const pods = highest(mostPods);
  return [
    row('users', 'Virtual users', (result, id) => usersFigure(result, axis, users, id)),
    ...answeringWorkloads(results).map((name, index) => {
      const workloadOf = (result: SimulationResult) =>
        result.workloads.filter(({ workload }) => workload === name);
      const range = responseRange(results.flatMap(workloadOf));
      return row(`responses${index}`, `Response time of ${shortName(name)}`, (result, id) => {
        const [workload] = workloadOf(result);
        return workload === undefined ? undefined : responsesFigure(result, workload, axis, { id, range });
      });
    }),
    row('pods', 'Pods per tier', (result, id) => podsFigure(result, axis, pods, id)),
    ...sharedEdgeNodes(results).map((name, index) => {
      const nodeOf = ({ nodes }: SimulationResult) => nodes.find((node) => node.name === name);
      const top = highest((result) => topOf(nodeOf(result)));
      return row(`node${index}`, `CPU of ${name}`, (result, id) => {
        const node = nodeOf(result);
        if (node === undefined) return undefined;
        return { ...cpuFigure(result, node, axis, { id, shown: new Set(), top }), key: LINES_OF_CPU };
      });
    }),
  ];
}

function topOf(node: NodeResult | undefined): number {
  return node === undefined ? 0 : mostCpu(node);
}

function answeringWorkloads(results: readonly SimulationResult[]): readonly string[] {
  const names = results.flatMap(({ workloads }) =>
    workloads.filter(({ responses }) => responses.length > 0).map(({ workload }) => workload),
  );
  return [...new Set(names)];
}

function sharedEdgeNodes([first, ...others]: readonly SimulationResult[]): readonly string[] {
  const names = (first?.nodes ?? []).filter(({ tier }) => tier === 'edge').map(({ name }) => name);
  return names
    .filter((name) => others.every(({ nodes }) => nodes.some((node) => node.name === name)))
    .slice(0, MOST_NODES);
}

function sectionOf({ id, title, figures }: Row, runs: readonly Run[]): Html {
  const key = figures.find((figure) => figure?.key !== undefined)?.key ?? [];
  return html`
<section id="${id}-row" aria-labelledby="${id}-row-h"><h2 id="${id}-row-h">${title}</h2>${keyList(key)}<div class="runs">${figures.map(
    (figure, index) => {
      const label = runs[index]?.label ?? '';
      if (figure === undefined)
        return html`<div><h3>${label}</h3><p class="quiet">Nothing to show.</p></div>`;
      return figureSection({ ...figure, title: `${figure.title}, ${label}`, key: [] }, { heading: label });
    },
  )}</div></section>`;
}
