import { describe, expect, it } from 'vitest';
import { nodeGone, nodeSeen } from '../../src/picture/nodes.ts';
import type { Picture } from '../../src/picture/picture.ts';
import { createMetrics } from '../../src/telemetry/metrics.ts';
import { NOW_MS, nodeRecord, picture } from '../builders.ts';

function edgeNodes(names: readonly string[]): Picture {
  const made = picture();
  for (const name of names) {
    nodeSeen(made, nodeRecord(name, { labels: { 'node-role.kubernetes.io/edge': '' } }));
  }
  return made;
}

const metricsOf = (made: Picture) =>
  createMetrics({ look: () => ({ picture: made, nowMs: NOW_MS, ready: true }) });

const seriesOf = (text: string) => text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));

describe('the page of metrics of 5000 edge nodes', () => {
  const names = Array.from({ length: 5000 }, (_, index) => `edge-${index}`);

  it('comes in pieces of at most 100 series', async () => {
    const sizes: number[] = [];
    for await (const piece of metricsOf(edgeNodes(names)).pieces()) sizes.push(seriesOf(piece).length);
    expect(Math.max(...sizes)).toBe(100);
    expect(sizes.filter((size) => size === 100).length, 'five gauges of nodes never measured').toBe(5 * 50);
  });

  it('has each series once, though nodes go and come back while it is made', async () => {
    const made = edgeNodes(names);
    let text = '';
    for await (const piece of metricsOf(made).pieces()) {
      text += piece;
      nodeGone(made, 'edge-0');
      nodeSeen(made, nodeRecord('edge-0', { labels: { 'node-role.kubernetes.io/edge': '' } }));
    }
    const series = seriesOf(text).map((line) => line.slice(0, line.lastIndexOf(' ')));
    expect(new Set(series).size).toBe(series.length);
  });

  it('has the lines of a metric together, below what it is', async () => {
    const blocks = (await metricsOf(edgeNodes(names)).text()).trim().split('\n\n');
    for (const block of blocks) {
      const [help = '', type = '', ...series] = block.split('\n');
      const name = help.split(' ')[2] ?? '';
      expect(help).toMatch(/^# HELP \w+ ./);
      expect(type).toMatch(new RegExp(`^# TYPE ${name} (counter|gauge|histogram|summary)$`));
      expect(series.filter((line) => !line.startsWith(name))).toEqual([]);
    }
  });
});

it('escapes what would end a label', async () => {
  const text = await metricsOf(edgeNodes(['a"b\\c\nd'])).text();
  expect(text).toContain('spillway_edge_node_closed{node="a\\"b\\\\c\\nd"} 0\n');
});
