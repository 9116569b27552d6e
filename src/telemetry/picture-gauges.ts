import { Gauge, type Registry } from 'prom-client';
import type { NodeEntry, Picture } from '../picture/picture.ts';
import { countReservations } from '../picture/reservations.ts';

/** What there is to see when Prometheus asks. */
export interface PictureView {
  readonly picture: Picture;
  readonly nowMs: number;
  readonly ready: boolean;
}

const TIERS = ['edge', 'cloud'] as const;
const NODE_STATES = ['ready', 'cordoned', 'not-ready'] as const;

/**
 * Gauges filled from the picture at each scrape, so that the hot verbs pay nothing for them and a node that
 * is gone is gone from the output too.
 */
export function registerPictureGauges(registry: Registry, look: () => PictureView | undefined): void {
  const registers = [registry];
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

function registerNodes(registers: Registry[], look: () => PictureView | undefined): void {
  new Gauge({
    name: 'spillway_nodes',
    help: 'Nodes known, by tier and state.',
    labelNames: ['tier', 'state'] as const,
    registers,
    collect() {
      const counts = new Map<string, number>();
      for (const node of look()?.picture.nodes.values() ?? []) {
        if (!node.known) continue;
        const key = `${node.tier} ${nodeState(node)}`;
        counts.set(key, (counts.get(key) ?? 0) + 1);
      }
      // Counted aside: the library makes a string of the labels each time.
      for (const tier of TIERS) {
        for (const state of NODE_STATES) this.set({ tier, state }, counts.get(`${tier} ${state}`) ?? 0);
      }
    },
  });
}

function nodeState({ ready, schedulable }: NodeEntry): (typeof NODE_STATES)[number] {
  if (!ready) return 'not-ready';
  return schedulable ? 'ready' : 'cordoned';
}

/** The edge nodes that the watch has shown. */
export function edgeNodes(view: PictureView | undefined): readonly NodeEntry[] {
  const nodes = view?.picture.nodes.values() ?? [];
  return Array.from(nodes).filter(({ known, tier }) => known && tier === 'edge');
}
