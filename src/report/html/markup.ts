/** Text that is markup already. Whatever else goes into markup is escaped on its way. */
export interface Html {
  readonly html: string;
}

export type Fragment = Html | string | number | undefined | readonly Fragment[];

/** Markup from a template: what is filled in is escaped, unless it is markup itself. */
export function html(strings: TemplateStringsArray, ...values: readonly Fragment[]): Html {
  return { html: strings.reduce((text, string, index) => text + textOf(values[index - 1]) + string) };
}

function textOf(value: Fragment): string {
  if (value === undefined) return '';
  if (typeof value === 'string') return escapeText(value);
  if (typeof value === 'number') return String(value);
  if ('html' in value) return value.html;
  return value.map(textOf).join('');
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Control characters are not allowed in HTML, not even escaped; a tab or a newline is. */
export function escapeText(text: string): string {
  return text
    .replace(/[&<>"']/g, (character) => ENTITIES[character] ?? '')
    .replace(/[^\P{Cc}\t\n]/gu, '\u{fffd}');
}

/** Plain data that a page shows as a table; the first cell of a row names it. */
export interface Table {
  readonly headers: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** Where every cell of a column but the header is a number, it stands to the right. */
export function tableOf({ headers, rows }: Table, caption: string): Html {
  const numeric = headers.map(
    (_, column) => rows.length > 0 && rows.every((row) => isNumeric(row[column] ?? '')),
  );
  const side = (column: number) => (numeric[column] === true ? html` class="n"` : undefined);
  return html`<div class="scroll" tabindex="0" role="group" aria-label="${caption}"><table><caption class="visually-hidden">${caption}</caption>
<thead><tr>${headers.map((header, column) => html`<th scope="col"${side(column)}>${header}</th>`)}</tr></thead>
<tbody>${rows.map(
    (row) => html`
<tr>${row.map((cell, column) => (column === 0 ? html`<th scope="row"${side(0)}>${cell}</th>` : html`<td${side(column)}>${cell}</td>`))}</tr>`,
  )}</tbody></table></div>`;
}

function isNumeric(cell: string): boolean {
  return cell === '' || cell === '–' || /^[<>≤≥]?[\d.,:]+( ?(m|s|ms|%|CPU|min|h))?$/.test(cell);
}
