import { type NodeAccount, usedByParts } from '../../../../src/simulator/model/cpu.ts';
import { clockMs, type SimNode } from '../../../../src/simulator/model/world.ts';
import { demand, isAtMost, type Property } from './violation.ts';

const SECOND_MS = 1000;

/** Of a demand no more is used than was asked for. */
export const demandIsNotExceeded: Property = ({ world, cpu }) => {
  const isDemand = world.trace.load.some(({ type }) => type === 'demand');
  let nextMs = clockMs(0);
  return () => {
    const { nowMs } = world.timeline;
    if (!isDemand || nowMs < nextMs) return;
    nextMs = nowMs + SECOND_MS;
    for (const [workload, asked] of cpu.load.demanded?.(nowMs) ?? []) {
      let used = 0;
      for (const account of cpu.accounts.values()) used += account.usedByWorkload.get(workload) ?? 0;
      demand(isAtMost(used, asked), () => `${workload} used ${used} where ${asked} were asked for`);
    }
  };
};

/**
 * CPU is conserved: what a node used is what its system and its pods used, it only grows, and never faster than
 * the node's CPU allows.
 */
export const cpuIsConserved: Property = ({ world, cpu }) => {
  const stateOf = ({ used, settledAtMs }: NodeAccount) => ({ used, settledAtMs });
  const before = new Map(Array.from(cpu.accounts.values(), (account) => [account, stateOf(account)]));
  return () => {
    for (const [node, account] of cpu.accounts) {
      const { used, settledAtMs } = account;
      const last = before.get(account) ?? { used: 0, settledAtMs: world.timeline.nowMs };
      demand(settledAtMs <= world.timeline.nowMs, () => `${node.name} is settled in the future`);
      demand(settledAtMs >= last.settledAtMs, () => `the account of ${node.name} went back in time`);
      demand(used >= last.used, () => `${node.name} used ${used}, less than the ${last.used} of before`);
      const most = node.allocatable.cpuMilli * (settledAtMs - last.settledAtMs);
      demand(isAtMost(used - last.used, most), () => exceeds(node, used - last.used, most));
      const parts = usedByParts(account);
      demand(
        isAtMost(used, parts) && isAtMost(parts, used),
        () => `${node.name} used ${used}, its parts ${parts}`,
      );
      before.set(account, stateOf(account));
    }
  };
};

function exceeds({ name }: SimNode, used: number, most: number): string {
  return `${name} used ${used} where it has ${most} millicore-milliseconds`;
}
