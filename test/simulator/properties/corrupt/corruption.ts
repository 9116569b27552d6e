import type { SimNode, SimPod } from '../../../../src/simulator/model/world.ts';
import type { Run } from '../../../../src/simulator/simulate.ts';
import type { PROPERTIES } from '../hold/all.ts';

/** A bug, done to a run by hand. */
export interface Corruption {
  readonly what: string;
  /** The property that must catch it. */
  readonly caughtBy: keyof typeof PROPERTIES;
  /** @returns false: the run has nothing to do it to at this moment */
  readonly corrupt: (run: Run) => boolean;
}

/** Does it to what was found, if anything was. */
export function to<T>(
  found: T | undefined,
  corrupt: (found: T) => unknown,
  fits: (found: T) => boolean = () => true,
) {
  if (found === undefined || !fits(found)) return false;
  corrupt(found);
  return true;
}

export function runningPod({ world }: Run): SimPod | undefined {
  const pods = Array.from(world.pods.values());
  return pods.find((pod) => pod.readyAtMs !== undefined && pod.owner !== undefined && !isEnding(pod));
}

export function waitingPod({ world }: Run): SimPod | undefined {
  return Array.from(world.pods.values()).find((pod) => pod.node === undefined && !isEnding(pod));
}

export function isEnding({ terminatingAtMs }: SimPod): boolean {
  return terminatingAtMs !== undefined;
}

export function otherNode(
  { world }: Run,
  pod: SimPod | undefined,
): readonly [pod: SimPod, node: SimNode] | undefined {
  const node = Array.from(world.nodes.values()).find((one) => one !== pod?.node);
  return pod === undefined || node === undefined ? undefined : [pod, node];
}
