import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { createMetrics } from '../../src/telemetry/metrics.ts';

const PAGE = readFileSync(new URL('../../docs/metrics.md', import.meta.url), 'utf8');
const TYPES = ['counter', 'gauge', 'histogram'];

interface Row {
  readonly name: string;
  readonly type: string;
  readonly labels: readonly string[];
}

/** The rows of the table of metrics. */
const DOCUMENTED: readonly Row[] = PAGE.split('\n').flatMap((line) => {
  const [, name = '', type = '', labels = ''] = line.split('|').map((cell) => cell.trim());
  if (!name.startsWith('`spillway_')) return [];
  return [
    { name: name.slice(1, -1), type, labels: Array.from(labels.matchAll(/`(\w+)`/g), ([, it = '']) => it) },
  ];
});

function registered(): readonly Row[] {
  const { registry } = createMetrics();
  return registry.getMetricsAsArray().flatMap((metric) => {
    const { name } = metric;
    if (/^(process|nodejs)_/.test(name)) return [];
    // The library's types leave out the names of a metric's labels.
    const { labelNames, type }: { labelNames?: unknown; type?: unknown } = { ...metric };
    const labels = Array.isArray(labelNames) ? labelNames.map(String) : [];
    return [{ name, type: String(type), labels: labels.filter((label) => label !== 'le') }];
  });
}

const byName = (left: Row, right: Row) => (left.name < right.name ? -1 : 1);

describe('docs/metrics.md', () => {
  it('has every metric with its type and labels, and no other', () => {
    expect(DOCUMENTED.toSorted(byName)).toEqual(registered().toSorted(byName));
  });

  it('uses in its queries what there is', () => {
    const queries = Array.from(PAGE.matchAll(/```promql\n(.*?)```/gs), ([, query = '']) => query).join('\n');
    const used = new Set(queries.match(/spillway_\w+/g));
    const series = new Set(
      DOCUMENTED.flatMap(({ name, type }) =>
        type === 'histogram' ? [`${name}_bucket`, `${name}_sum`, `${name}_count`] : [name],
      ),
    );
    expect(used.size).toBeGreaterThan(5);
    expect(Array.from(used).filter((name) => !series.has(name))).toEqual([]);
  });
});

describe('names of metrics', () => {
  it.each(registered())('$name follows the conventions of Prometheus', ({ name, type, labels }) => {
    expect(name).toMatch(/^spillway_[a-z_]+$/);
    expect(TYPES).toContain(type);
    expect(name.endsWith('_total')).toBe(type === 'counter');
    expect(name).not.toMatch(/milli|percent|_ms\b/);
    for (const label of labels) expect(label).toMatch(/^[a-z_]+$/);
  });
});
