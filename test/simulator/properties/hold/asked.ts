import type { NodeAccount } from '../../../../src/simulator/model/cpu.ts';
import { clockMs, type SimNode, type SimPod, serves } from '../../../../src/simulator/model/world.ts';
import type { Load, LoadOf } from '../../../../src/trace/load.ts';
import { demand, isAtMost, type Property } from './violation.ts';

type CurveLoad = LoadOf<'recordedCpu'> | LoadOf<'demand'>;

/** What a node used by another way of counting: its rate now, and all until a moment. */
interface Count {
  used: number;
  milli: number;
  atMs: number;
}

const LEAST_QUOTA_MILLI = 10;

/**
 * A node uses what is asked of it, as far as it has it: whoever gets how much, the sum is known. Where CPU is asked
 * for in steps alone it is counted here anew, at every moment, and must be what the accounts come to when they are
 * settled; straight lines and requests would take the model itself.
 */
export const nodesUseWhatIsAsked: Property = ({ world, cpu }) => {
  if (!world.trace.load.every(isInSteps)) return () => {};
  const loads = world.trace.load.filter(isInSteps);
  const breaks = Array.from(new Set(loads.flatMap(({ points }) => points.map(({ at }) => clockMs(at))))).sort(
    (left, right) => left - right,
  );
  const counts = new Map<NodeAccount, Count>();
  const look = (node: SimNode, account: NodeAccount) => {
    const { nowMs } = world.timeline;
    const count = counts.get(account) ?? { used: account.used, milli: 0, atMs: nowMs };
    counts.set(account, count);
    pass(count, nowMs);
    count.milli = rateOf(loads, node, nowMs);
    return count;
  };
  for (const [node, account] of cpu.accounts) look(node, account);
  return () => {
    const { nowMs } = world.timeline;
    for (const [node, account] of cpu.accounts) {
      for (const atMs of breaks) {
        const count = counts.get(account);
        if (count === undefined || atMs <= count.atMs || atMs >= nowMs) continue;
        pass(count, atMs);
        count.milli = rateOf(loads, node, atMs);
      }
      const { used } = look(node, account);
      if (account.settledAtMs !== nowMs) continue;
      const isRight = isAtMost(used, account.used) && isAtMost(account.used, used);
      demand(isRight, () => `${node.name} used ${account.used}, it was asked for ${used}`);
    }
  };
};

export function isInSteps(load: Load): load is CurveLoad {
  if (load.type !== 'recordedCpu' && load.type !== 'demand') return false;
  const isRepeated = load.type === 'demand' && load.repeat !== undefined;
  return !isRepeated && (load.between === 'step' || load.points.length === 1);
}

function pass(count: Count, atMs: number): void {
  count.used += count.milli * (atMs - count.atMs);
  count.atMs = atMs;
}

function rateOf(loads: readonly CurveLoad[], node: SimNode, atMs: number): number {
  if (node.state === 'lost') return 0;
  let milli = 0;
  for (const load of loads) {
    if (load.type === 'recordedCpu' && load.node === node.name) milli += valueAt(load, atMs);
  }
  for (const pod of node.pods) milli += Math.min(quotaMilli(pod), askedOf(pod, loads, atMs));
  return Math.min(milli, node.allocatable.cpuMilli);
}

function askedOf(pod: SimPod, loads: readonly CurveLoad[], atMs: number): number {
  if (!serves(pod)) return 0;
  const { owner, namespace, name, node } = pod;
  const load = loads.find((one) =>
    owner === undefined
      ? one.type === 'recordedCpu' && one.pod === `${namespace}/${name}`
      : one.deployment === owner.workload,
  );
  if (load === undefined) return 0;
  // Users do not reach it.
  if (load.type === 'demand' && node?.state !== 'up') return 0;
  const isShared = owner !== undefined && (load.type === 'demand' || load.split !== 'each');
  return valueAt(load, atMs) / (isShared ? owner.serving : 1);
}

function valueAt({ points }: CurveLoad, atMs: number): number {
  return (points.findLast(({ at }) => clockMs(at) <= atMs) ?? points[0])?.cpu ?? 0;
}

function quotaMilli({ spec }: SimPod): number {
  const limit = spec.containers[0]?.resources?.limits?.['cpu'];
  return limit === undefined
    ? Number.POSITIVE_INFINITY
    : Math.max(LEAST_QUOTA_MILLI, Number.parseInt(limit, 10));
}
