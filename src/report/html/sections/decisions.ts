import type { SimulationResult } from '../../../outcome/result.ts';
import type { Decision } from '../../../placement/decision.ts';
import { reasonText } from '../../../placement/reasons.ts';
import { momentText, percentOf, type TimeAxis } from '../axis.ts';
import { counted } from '../format.ts';
import { type Html, html } from '../markup.ts';
import { destinations, sinceStart } from '../run.ts';
import { candidateTable } from './candidates.ts';

/** How a decision is called where there is no room for its table. */
export function decisionNames(
  result: SimulationResult,
  axis: TimeAxis,
): (index: number, decision: Decision) => string {
  const placed = destinations(result);
  return (index, decision) => {
    const node = placed.get(index)?.node;
    const where = node === undefined ? 'not placed' : `to ${node}`;
    const at = momentText(axis, sinceStart(result, decision.atMs));
    return `${decision.pod.name} at ${at}: ${decision.result}, ${where}; ${reasonText(decision.reason)}`;
  };
}

/** The decisions one after the other; each opens to what was known of every candidate. */
export function decisionList(result: SimulationResult, axis: TimeAxis, shown: ReadonlySet<number>): Html {
  const placed = destinations(result);
  const left = result.decisions.length - shown.size;
  const note =
    left === 0
      ? undefined
      : html`<p class="quiet">${counted(left, 'decision')} of ${result.decisions.length} are not shown: those that are were chosen evenly over time, the rare results in full. <code>--output json</code> has all of them.</p>`;
  return html`${note}<ol class="decisions" id="decision-list">${[...shown].map((index) => {
    const decision = result.decisions[index];
    if (decision === undefined) return undefined;
    const ms = sinceStart(result, decision.atMs);
    const to = placed.get(index);
    return html`
<li><details data-x="${percentOf(axis, ms)}"><summary><span class="at">${momentText(axis, ms)}</span> <b>${decision.pod.name}</b> <span class="to">${to === undefined ? 'not placed' : html`→ ${to.node}`}</span> <span class="result ${decision.result}">${decision.result}</span> <span class="why">${reasonText(decision.reason)}</span></summary><div id="d-${index}">${candidateTable(decision)}</div></details></li>`;
  })}</ol>`;
}
