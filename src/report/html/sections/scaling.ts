import type { AutoscalerResult, SimulationResult } from '../../../outcome/result.ts';
import { momentText, roundMomentText, type TimeAxis } from '../axis.ts';
import { counted } from '../format.ts';
import { type Html, html, type Table, tableOf } from '../markup.ts';
import { sinceStart } from '../run.ts';

const MOST_ROWS = 300;

/** What the autoscalers did and said; of a replay, what its events did. */
export function scalingSection(result: SimulationResult, axis: TimeAxis): Html | undefined {
  const { autoscalers, scalings } = result;
  if (autoscalers.length === 0 && scalings.length === 0) return undefined;
  return html`
<section id="scaling" aria-labelledby="scaling-h"><h2 id="scaling-h">Scaling</h2>${autoscalers.map(
    (autoscaler) => html`
<h3>${autoscaler.autoscaler}</h3>${capped(eventsOf(result, autoscaler, axis), `Events of ${autoscaler.autoscaler}`)}
<details class="data"><summary>Data: what changed at its syncs</summary>${capped(syncsOf(result, autoscaler, axis), `Syncs of ${autoscaler.autoscaler}`)}</details>`,
  )}${
    scalings.length === 0
      ? undefined
      : html`
<h3>Replicas</h3>${capped(scalingsOf(result, axis), 'Changes of replicas')}`
  }
</section>`;
}

function capped({ headers, rows }: Table, caption: string): Html {
  if (rows.length === 0) return html`<p class="quiet">None.</p>`;
  const left = rows.length - MOST_ROWS;
  const note = left > 0 ? html`<p class="quiet">${counted(left, 'more row')} not shown.</p>` : undefined;
  return html`${tableOf({ headers, rows: rows.slice(0, MOST_ROWS) }, caption)}${note}`;
}

function eventsOf(result: SimulationResult, { events }: AutoscalerResult, axis: TimeAxis): Table {
  return {
    headers: ['time', 'type', 'reason', 'message'],
    rows: events.map(({ atMs, type, reason, message }) => [
      momentText(axis, sinceStart(result, atMs)),
      type,
      reason,
      message,
    ]),
  };
}

function syncsOf(result: SimulationResult, { syncs }: AutoscalerResult, axis: TimeAxis): Table {
  return {
    headers: ['time', 'replicas', 'desired', 'utilisation', 'mean', 'conditions'],
    rows: syncs.map(
      ({ atMs, currentReplicas, desiredReplicas, utilizationPercent, averageMilli, conditions }) => [
        momentText(axis, sinceStart(result, atMs)),
        String(currentReplicas),
        String(desiredReplicas),
        utilizationPercent === undefined ? '–' : `${utilizationPercent} %`,
        averageMilli === undefined ? '–' : `${Math.round(averageMilli)}m`,
        Object.entries(conditions)
          .map(([type, reason]) => `${type}: ${reason}`)
          .join(', '),
      ],
    ),
  };
}

function scalingsOf(result: SimulationResult, axis: TimeAxis): Table {
  return {
    headers: ['time', 'Deployment', 'from', 'to'],
    rows: result.scalings.map(({ atMs, workload, from, to }) => [
      momentText(axis, sinceStart(result, atMs)),
      workload,
      String(from),
      String(to),
    ]),
  };
}

/** What happened to the cluster from outside; its numbers are those of the marks in the figures. */
export function incidentsSection(result: SimulationResult, axis: TimeAxis): Html | undefined {
  const { incidents } = result;
  if (incidents.length === 0) return undefined;
  return html`
<section id="incidents" aria-labelledby="incidents-h"><h2 id="incidents-h">Incidents</h2>
<p class="summary">Each is a dashed line with its number in the figures.</p>
<ol class="incidents">${incidents
    .slice(0, MOST_ROWS)
    .map(
      ({ atMs, what, object }) =>
        html`<li><span class="at">${roundMomentText(axis, sinceStart(result, atMs))}</span> ${what}${what.includes(object) ? undefined : html` <span class="quiet">${object}</span>`}</li>`,
    )}</ol>
</section>`;
}
