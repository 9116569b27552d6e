import { describe, expect, it } from 'vitest';
import { escapeText, html, tableOf } from '../../../src/report/html/markup.ts';

describe('markup from a template', () => {
  it.each([
    { title: 'text is escaped', made: html`<b>${'<i>&"\''}</b>`, text: '<b>&lt;i&gt;&amp;&quot;&#39;</b>' },
    { title: 'markup is not', made: html`<b>${html`<i>x</i>`}</b>`, text: '<b><i>x</i></b>' },
    { title: 'a list is joined', made: html`${[html`<i>`, '<', 1]}`, text: '<i>&lt;1' },
    { title: 'nothing is nothing', made: html`<b>${undefined}</b>`, text: '<b></b>' },
    { title: 'zero is a number', made: html`${0}`, text: '0' },
  ])('$title', ({ made, text }) => {
    expect(made.html).toBe(text);
  });

  it('replaces control characters, which HTML does not allow', () => {
    expect(escapeText('a\u0000b\u001b[1m\tc\nd')).toBe('a\u{fffd}b\u{fffd}[1m\tc\nd');
  });
});

describe('a table of plain data', () => {
  const { html: text } = tableOf(
    {
      headers: ['time', 'node <1>', 'CPU'],
      rows: [
        ['1 s', 'edge', '12m'],
        ['2.5 s', '<edge>', '–'],
      ],
    },
    'CPU & more',
  );

  it('names its rows and columns for a screen reader', () => {
    expect(text).toContain('<caption class="visually-hidden">CPU &amp; more</caption>');
    expect(text.match(/scope="col"/g)).toHaveLength(3);
    expect(text.match(/scope="row"/g)).toHaveLength(2);
  });

  it('escapes what is in it, and puts numbers to the right', () => {
    expect(text).toContain('<td>&lt;edge&gt;</td><td class="n">–</td>');
    expect(text).toContain('<th scope="col">node &lt;1&gt;</th><th scope="col" class="n">CPU</th>');
  });
});
