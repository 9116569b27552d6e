import { settleNode, workChanged } from '../simulator/model/cpu.ts';
import type { SimNode } from '../simulator/model/world.ts';
import type { TraceEvent } from '../trace/events.ts';
import type { Shadow } from './shadow.ts';

/** A node that says nothing any more, or speaks again. */
export interface SilenceEvent {
  readonly node: string;
  readonly state: SimNode['state'];
  /** In words, after the name of the node; as a simulation has them. */
  readonly what: string;
}

/** @returns undefined: the event is of another kind */
export function silenceEventOf({
  lose,
  disconnect,
  recover,
  reconnect,
}: TraceEvent): SilenceEvent | undefined {
  if (lose !== undefined) return { node: lose, state: 'lost', what: 'was lost' };
  if (disconnect !== undefined) return { node: disconnect, state: 'disconnected', what: 'was disconnected' };
  const node = recover ?? reconnect;
  return node === undefined ? undefined : { node, state: 'up', what: 'is back' };
}

/**
 * What the node's pods use and answer from now on. What the control plane makes of its silence, the cluster
 * says: pods that are no longer ready, evicted, or ready again.
 *
 * @returns whether that changed anything: a node that left has no state, and what is lost cannot be disconnected
 */
export function changeState({ world, cpu }: Shadow, { node: name, state }: SilenceEvent): boolean {
  const node = world.nodes.get(name);
  if (node === undefined || node.state === state) return false;
  if (node.state === 'lost' && state === 'disconnected') return false;
  settleNode(cpu, node);
  node.state = state;
  for (const pod of node.pods) workChanged(cpu, pod);
  return true;
}
