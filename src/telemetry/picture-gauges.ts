import { Gauge, type Registry } from 'prom-client';
import { isClosed } from '../cluster/gates.ts';
import { refreshLoads } from '../cluster/loads.ts';
import type { NodeEntry, Picture } from '../cluster/picture.ts';
import { countReservations } from '../cluster/reservations.ts';
import { forecastNode } from '../placement/forecast.ts';
import { freshnessOf } from '../placement/freshness.ts';

/** What there is to see when Prometheus asks. */
export interface PictureView {
  readonly picture: Picture;
  readonly nowMs: number;
  readonly ready: boolean;
}

interface EdgeGauge {
  readonly name: string;
  readonly help: string;
  /** Undefined: nothing is known, so nothing is shown. */
  readonly read: (node: NodeEntry, view: PictureView) => number | undefined;
}

const TIERS = ['edge', 'cloud'] as const;
const NODE_STATES = ['ready', 'cordoned', 'not-ready'] as const;

const EDGE_GAUGES: readonly EdgeGauge[] = [
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
];

/**
 * Gauges filled from the picture at each scrape, so that the hot verbs pay nothing for them and a node that
 * is gone is gone from the output too.
 */
export function registerPictureGauges(registry: Registry, look: () => PictureView | undefined): void {
  const registers = [registry];
  for (const { name, help, read } of EDGE_GAUGES) {
    new Gauge({
      name,
      help,
      labelNames: ['node'] as const,
      registers,
      collect() {
        this.reset();
        const view = look();
        for (const node of edgeNodes(view)) {
          const value = view && read(node, view);
          if (value !== undefined) this.set({ node: node.name }, value);
        }
      },
    });
  }
  registerFreshness(registers, look);
  registerNodes(registers, look);
  new Gauge({
    name: 'spillway_reservations_open',
    help: 'Pods sent to a node that the API server does not show there yet.',
    registers,
    collect() {
      const view = look();
      this.set(view === undefined ? 0 : countReservations(view.picture));
    },
  });
  new Gauge({
    name: 'spillway_ready',
    help: '1 when questions can be answered from a full picture, as /readyz says.',
    registers,
    collect() {
      this.set(look()?.ready === true ? 1 : 0);
    },
  });
}

function registerFreshness(registers: Registry[], look: () => PictureView | undefined): void {
  new Gauge({
    name: 'spillway_edge_node_metrics_freshness',
    help: "Always 1; the label says how fresh the edge node's metrics are.",
    labelNames: ['node', 'freshness'] as const,
    registers,
    collect() {
      this.reset();
      const view = look();
      if (view === undefined) return;
      const settings = view.picture.settings.placement.freshness;
      for (const { name, metrics } of edgeNodes(view)) {
        // The present state alone: with zeros for the others these would be a third of the page.
        this.set({ node: name, freshness: freshnessOf(metrics, settings, view.nowMs) }, 1);
      }
    },
  });
}

function registerNodes(registers: Registry[], look: () => PictureView | undefined): void {
  new Gauge({
    name: 'spillway_nodes',
    help: 'Nodes known, by tier and state.',
    labelNames: ['tier', 'state'] as const,
    registers,
    collect() {
      for (const tier of TIERS) for (const state of NODE_STATES) this.set({ tier, state }, 0);
      for (const node of look()?.picture.nodes.values() ?? []) {
        if (node.known) this.inc({ tier: node.tier, state: nodeState(node) });
      }
    },
  });
}

function nodeState({ ready, schedulable }: NodeEntry): (typeof NODE_STATES)[number] {
  if (!ready) return 'not-ready';
  return schedulable ? 'ready' : 'cordoned';
}

function* edgeNodes(view: PictureView | undefined): Iterable<NodeEntry> {
  for (const node of view?.picture.nodes.values() ?? []) {
    if (node.known && node.tier === 'edge') yield node;
  }
}

function cores(milli: number | undefined): number | undefined {
  return milli === undefined ? undefined : milli / 1000;
}
