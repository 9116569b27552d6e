import { describe, expect, it } from 'vitest';
import { tradeOffFigure } from '../../../src/report/html/figures/trade-off.ts';
import { htmlSweep } from '../../../src/report/html/sweep.ts';
import { summarize } from '../../../src/sweep/summary.ts';
import { outcomesOf, planOf } from '../../sweep/results.ts';

const plan = planOf(['threshold=0.7,0.8,0.9', 'resolution=15']);

type Measured = readonly [fill: number | null, above: number] | string;

function sweepOf(...measured: readonly Measured[]) {
  return summarize(plan, outcomesOf(...measured));
}

function figureOf(...measured: readonly Measured[]) {
  return tradeOffFigure(['threshold', 'resolution'], sweepOf(...measured));
}

describe('the figure of a trade-off', () => {
  const figure = figureOf([0.8, 0], [0.7, 5], [0.9, 10]);

  it('marks what is on the front, draws it last, and names it', () => {
    const marks = figure?.drawing.html.match(/class="mark \w+"/g);
    expect(marks).toEqual(['class="mark passed"', 'class="mark edge"', 'class="mark edge"']);
    const labels = [...(figure?.drawing.html.matchAll(/<text class="ink"[^>]*>([^<]*)</g) ?? [])];
    expect(labels.map(([, text]) => text)).toEqual(['0.7, 15', '0.9, 15']);
  });

  it('tells all of it in a table, and the two ends of the front in a sentence', () => {
    expect(figure?.table.rows).toEqual([
      ['threshold 0.7, resolution 15', '0.800', '0.0', 'yes'],
      ['threshold 0.8, resolution 15', '0.700', '5.0', 'no'],
      ['threshold 0.9, resolution 15', '0.900', '10.0', 'yes'],
    ]);
    expect(figure?.summary).toMatch(/^Of 3 combinations 2 are on the front\. threshold 0\.7, .*0\.800/);
    expect(figure?.summary).toMatch(/threshold 0\.9, .* 10\.0 s above it\.$/);
  });

  it('leaves a label out that would cover another', () => {
    const close = figureOf([0.9, 0], [0.9001, 0.001], [0.95, 10]);
    expect(close?.drawing.html.match(/<text class="ink"/g)).toHaveLength(2);
  });

  it.each<{ name: string; measured: readonly Measured[] }>([
    { name: 'there was never enough load', measured: [[null, 0]] },
    { name: 'no run came to an end', measured: ['broke', 'broke', 'broke'] },
  ])('is not drawn when $name', ({ measured }) => {
    expect(figureOf(...measured)).toBeUndefined();
  });

  it('holds a single combination, too', () => {
    expect(figureOf([0.8, 0])?.drawing.html).not.toMatch(/NaN|undefined/);
  });
});

describe('the page of a sweep', () => {
  const sweep = { name: 'e1 <b>', plan };

  it('has the figure and every measure, and escapes what it is given', () => {
    const page = htmlSweep(sweep, sweepOf([0.8, 0], [0.7, 5], [0.9, 10]));
    expect(page).toContain('<h1>e1 &lt;b&gt;</h1><p class="lead">3 combinations, seed 1</p>');
    expect(page.match(/<th scope="row"/g)).toHaveLength(6);
    expect(page).toContain('The same in all: over by m 0');
  });

  it('says how many runs failed, and that there is nothing to draw', () => {
    const page = htmlSweep(sweep, sweepOf([null, 0], 'broke', 'broke'));
    expect(page).toContain('✗ 2 runs failed');
    expect(page).toContain('There was never enough load to fill the edge.');
  });
});
