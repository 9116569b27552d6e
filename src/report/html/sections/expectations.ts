import type { ExpectationResult, SimulationResult } from '../../../outcome/result.ts';
import { nothingExpected } from '../../expectations.ts';
import { momentText, type TimeAxis } from '../axis.ts';
import { counted } from '../format.ts';
import { type Html, html } from '../markup.ts';
import { sinceStart } from '../run.ts';
import { candidateTable, decisionLine } from './candidates.ts';

/** `All 10 expectations hold.` */
export function verdictText(result: SimulationResult): string {
  const { expectations } = result;
  const missed = expectations.filter(({ held }) => !held).length;
  if (expectations.length === 0) return nothingExpected(result);
  if (missed > 0) return `${missed} of ${counted(expectations.length, 'expectation')} missed.`;
  return expectations.length === 1
    ? 'The expectation holds.'
    : `All ${expectations.length} expectations hold.`;
}

/** What was expected and what was found; of what was missed, the decision with which it began. */
export function expectationsSection(result: SimulationResult, axis: TimeAxis): Html {
  const { expectations } = result;
  const missed = expectations.filter(({ held }) => !held);
  const met = expectations.filter(({ held }) => held);
  return html`
<section id="expectations" aria-labelledby="expectations-h"><h2 id="expectations-h">Expectations</h2>
${expectations.length === 0 ? html`<p class="summary">${nothingExpected(result)}</p>` : undefined}${
  missed.length === 0
    ? undefined
    : html`<h3>Missed</h3><ul class="expectations missed">${missed.map((expectation) => missedItem(result, expectation, axis))}</ul>`
}${
  met.length === 0
    ? undefined
    : html`<h3>Met</h3><ul class="expectations met">${met.map((expectation) => html`<li>${headOf(expectation)}</li>`)}</ul>`
}
</section>`;
}

function headOf({ type, note, expected, held, found }: ExpectationResult): Html {
  return html`<p><span class="mark" aria-hidden="true">${held ? '✓' : '✗'}</span><span class="visually-hidden">${held ? 'Met: ' : 'Missed: '}</span><span class="expected">${expected}</span> <code>${type}</code></p>
<p class="found">found: ${found}${note === undefined ? undefined : html` <span class="note">${note}</span>`}</p>`;
}

function missedItem(result: SimulationResult, expectation: ExpectationResult, axis: TimeAxis): Html {
  const { diverged } = expectation;
  if (diverged === undefined) return html`<li>${headOf(expectation)}</li>`;
  const decision = diverged.decision === undefined ? undefined : result.decisions[diverged.decision];
  const at = momentText(axis, sinceStart(result, diverged.atMs));
  const why =
    decision === undefined
      ? undefined
      : html`<p class="quiet">${decisionLine(decision)}. <a href="#d-${diverged.decision}">This decision in the list</a></p>${candidateTable(decision)}`;
  return html`<li>${headOf(expectation)}<div class="diverged"><p><strong>First at ${at}:</strong> ${diverged.what}</p>${why}</div></li>`;
}
