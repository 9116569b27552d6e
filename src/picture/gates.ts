import { nextClosed } from '../placement/admission.ts';
import { forecastNode } from '../placement/forecast.ts';
import { sumLoads } from '../placement/load.ts';
import { refreshLoads } from './loads.ts';
import type { NodeEntry, Picture, WorkloadEntry } from './picture.ts';

/*
 * A gate is what the watch and the samples made it: it moves when a pod is bound or goes, when a workload's load
 * is divided anew, and with every sample, and it looks at bound pods alone. A question moves no gate, nor does a
 * reservation, which is a question's doing: whoever asks about pods that do not exist shuts nothing.
 */

/** An event changed what the node will use: see `moveGates`. */
export function touch({ touched }: Picture, node: NodeEntry | undefined): void {
  if (node?.tier === 'edge') touched.add(node);
}

/** The load of each of the workload's pods changed. */
export function touchNodesOf(picture: Picture, { pods }: WorkloadEntry): void {
  for (const { bound, node } of pods) if (bound) touch(picture, node);
}

/** At the end of an event, when all that it changes is in the picture. */
export function moveGates(picture: Picture): void {
  for (const node of picture.touched) moveGate(picture, node);
  picture.touched.clear();
}

export function moveGate(picture: Picture, node: NodeEntry): void {
  if (node.tier !== 'edge' || !node.known || node.metrics === undefined) return;
  node.closed = nextClosed(node, boundForecastMilli(picture, node), picture.settings.placement);
}

/** Whether the gate is shut now: forecasts change with time too, and with reservations. */
export function isClosed(picture: Picture, node: NodeEntry, nowMs: number): boolean {
  if (node.tier !== 'edge') return false;
  refreshLoads(picture, node);
  const { placement } = picture.settings;
  return nextClosed(node, forecastNode(node, placement, nowMs).milli, placement);
}

function boundForecastMilli(picture: Picture, node: NodeEntry): number {
  const { placement } = picture.settings;
  const pods = Array.from(node.pods).filter(({ bound }) => bound);
  if (pods.length === node.pods.size) {
    refreshLoads(picture, node);
    return forecastNode(node, placement, picture.nowMs).milli;
  }
  const bound = { ...node, pods, loads: sumLoads(pods, placement.load) };
  return forecastNode(bound, placement, picture.nowMs).milli;
}
