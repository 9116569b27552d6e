import { headline, type Sweep, sweepTable } from '../../sweep/report.ts';
import type { CombinationSummary } from '../../sweep/summary.ts';
import { tradeOffFigure } from './figures/trade-off.ts';
import { html, tableOf } from './markup.ts';
import { pageOf } from './page.ts';
import { figureSection } from './plot.ts';

/** What a sweep came to, as a page: the trade-off as a figure, and all measures of each combination. */
export function htmlSweep(sweep: Sweep, summaries: readonly CombinationSummary[]): string {
  const figure = tradeOffFigure(
    sweep.plan.axes.map(({ key }) => key.name),
    summaries,
  );
  const { headers, rows, constant } = sweepTable(sweep, summaries);
  const failures = summaries.reduce((sum, summary) => sum + summary.failures.length, 0);
  // A mark of its own has no place in a column that names the row.
  const named = { headers: [...headers.slice(1), 'on the front'], rows: rows.map(movedMark) };
  return pageOf({
    title: `${sweep.name} · Spillway sweep`,
    head: html`<header><p class="kind">Sweep</p><h1>${sweep.name}</h1><p class="lead">${headline(sweep).slice(sweep.name.length + 2)}</p>
${failures === 0 ? undefined : html`<p class="verdict missed">✗ ${failures} runs failed</p>`}</header>`,
    sections: [
      { id: 'trade', title: 'Trade-off' },
      { id: 'numbers', title: 'Numbers' },
    ],
    main: html`
<section id="trade" aria-labelledby="trade-h"><h2 id="trade-h">Trade-off</h2>${
      figure === undefined
        ? html`<p class="summary">There was never enough load to fill the edge.</p>`
        : figureSection(figure, { heading: 'Edge fill against time above the threshold' })
    }</section>
<section id="numbers" aria-labelledby="numbers-h"><h2 id="numbers-h">Numbers</h2>
${tableOf(named, 'What each combination came to')}<p class="quiet">${constant}</p></section>`,
  });
}

function movedMark([mark = '', ...cells]: readonly string[]): readonly string[] {
  return [...cells, mark === '' ? '' : 'yes'];
}
