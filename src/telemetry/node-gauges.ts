import { Gauge, type Registry } from 'prom-client';
import { isClosed } from '../picture/gates.ts';
import { refreshLoads } from '../picture/loads.ts';
import type { NodeEntry } from '../picture/picture.ts';
import { forecastNode } from '../placement/forecast.ts';
import { freshnessOf } from '../placement/freshness.ts';
import type { PictureView } from './picture-gauges.ts';

/** So few that the longest piece, that of the forecasts, takes about a millisecond. */
const NODES_A_PIECE = 100;

interface NodeGauge {
  readonly name: string;
  readonly help: string;
  /** Besides `node`. */
  readonly label?: Label;
  /** Undefined: nothing is known, so nothing is shown. */
  readonly read: (node: NodeEntry, view: PictureView) => number | undefined;
}

interface Label {
  readonly name: string;
  readonly value: (node: NodeEntry, view: PictureView) => string;
}

/** One series for each edge node. */
const NODE_GAUGES: readonly NodeGauge[] = [
  {
    name: 'spillway_edge_node_usage_cpu_cores',
    help: 'CPU last measured on the edge node.',
    read: ({ metrics }) => cores(metrics?.usageMilli),
  },
  {
    name: 'spillway_edge_node_forecast_cpu_cores',
    help: 'CPU the edge node will use once the pods sent to it have settled in.',
    read: (node, { picture, nowMs }) => {
      refreshLoads(picture, node);
      return cores(forecastNode(node, picture.settings.placement, nowMs).milli);
    },
  },
  {
    name: 'spillway_edge_node_threshold_cpu_cores',
    help: 'CPU up to which the edge node is filled.',
    read: ({ allocatableMilli }, { picture }) =>
      cores(picture.settings.placement.thresholdRatio * allocatableMilli),
  },
  {
    name: 'spillway_edge_node_allocatable_cpu_cores',
    help: 'CPU of the edge node that pods may use.',
    read: ({ allocatableMilli }) => cores(allocatableMilli),
  },
  {
    name: 'spillway_edge_node_closed',
    help: '1 while the edge node, having reached its threshold, waits to come down below resume.',
    read: (node, { picture, nowMs }) => (isClosed(picture, node, nowMs) ? 1 : 0),
  },
  {
    name: 'spillway_edge_node_metrics_age_seconds',
    help: "Time since the edge node's metrics last advanced.",
    read: ({ metrics }, { nowMs }) => metrics && (nowMs - metrics.advancedAtMs) / 1000,
  },
  {
    name: 'spillway_edge_node_metrics_freshness',
    help: "Always 1; the label says how fresh the edge node's metrics are.",
    label: {
      name: 'freshness',
      value: ({ metrics }, { picture, nowMs }) =>
        freshnessOf(metrics, picture.settings.placement.freshness, nowMs),
    },
    // The present state alone: with zeros for the others these would be a third of the page.
    read: () => 1,
  },
];

/**
 * Tells the registry which gauges there are, and no values: those of thousands of nodes are written by
 * `nodeGaugePieces`, as the library has only whole metrics, 30 ms each at 5000 nodes.
 *
 * @returns by name
 */
export function registerNodeGauges(registry: Registry): ReadonlyMap<string, NodeGauge> {
  for (const { name, help, label } of NODE_GAUGES) {
    const labelNames = label === undefined ? ['node'] : ['node', label.name];
    new Gauge({ name, help, labelNames, registers: [registry] });
  }
  return new Map(NODE_GAUGES.map((gauge) => [gauge.name, gauge]));
}

/** The text of one metric. @param nodes those of the page: nodes come and go while it is written */
export function* nodeGaugePieces(
  gauge: NodeGauge,
  nodes: readonly NodeEntry[],
  view: PictureView | undefined,
): Iterable<string> {
  yield `# HELP ${gauge.name} ${gauge.help}\n# TYPE ${gauge.name} gauge\n`;
  if (view === undefined) return;
  for (let from = 0; from < nodes.length; from += NODES_A_PIECE) {
    let piece = '';
    for (const node of nodes.slice(from, from + NODES_A_PIECE)) piece += lineOf(gauge, node, view);
    yield piece;
  }
}

function lineOf({ name, label, read }: NodeGauge, node: NodeEntry, view: PictureView): string {
  const value = read(node, view);
  if (value === undefined) return '';
  const further = label === undefined ? '' : `,${label.name}="${escaped(label.value(node, view))}"`;
  return `${name}{node="${escaped(node.name)}"${further}} ${value}\n`;
}

const TO_ESCAPE = /[\\"\n]/g;

function escaped(value: string): string {
  return value.replace(TO_ESCAPE, (character) => (character === '\n' ? '\\n' : `\\${character}`));
}

function cores(milli: number | undefined): number | undefined {
  return milli === undefined ? undefined : milli / 1000;
}
