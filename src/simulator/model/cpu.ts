import { schedule } from '../engine/timeline.ts';
import type { LoadModel } from './load.ts';
import { shareCpu } from './share.ts';
import type { SimNode, SimPod, SimReplicaSet, World } from './world.ts';

/**
 * Counts the CPU that nodes and pods use, as the kernel's counters do: what they used up to a moment. An
 * account is brought up to date ("settled") before anything changes that its rates depend on, so between two
 * settlements the rates are straight lines and the sums exact (but for the moment within such a stretch at
 * which a node becomes saturated).
 */
export interface Cpu {
  readonly world: World;
  readonly load: LoadModel;
  readonly accounts: Map<SimNode, NodeAccount>;
}

export interface NodeAccount {
  settledAtMs: number;
  /** CPU used so far by the node and by each of its pods, in millicore-milliseconds. */
  used: number;
  readonly usedByPod: WeakMap<SimPod, number>;
  /** What the node used from moment to moment. */
  readonly stretches: CpuStretch[];
}

/** Usage along a straight line. */
export interface CpuStretch {
  readonly fromMs: number;
  readonly toMs: number;
  readonly fromMilli: number;
  readonly toMilli: number;
}

export function createCpu(world: World, load: LoadModel): Cpu {
  const cpu: Cpu = { world, load, accounts: new Map() };
  for (const node of world.nodes.values()) openAccount(cpu, node);
  for (const atMs of load.breaks) schedule(world.timeline, atMs, () => settleAll(cpu));
  return cpu;
}

/** For a node that joins; the account of one that left is kept for the result. */
export function openAccount({ world, accounts }: Cpu, node: SimNode): void {
  accounts.set(node, { settledAtMs: world.timeline.nowMs, used: 0, usedByPod: new WeakMap(), stretches: [] });
}

export function settleAll(cpu: Cpu): void {
  for (const node of cpu.accounts.keys()) settleNode(cpu, node);
}

/** Before a pod of it becomes ready or stops serving: the others' rates change with that. */
export function settleWorkload(cpu: Cpu, replicaSet: SimReplicaSet): void {
  const nodes = new Set<SimNode>();
  for (const { node } of replicaSet.pods) if (node !== undefined) nodes.add(node);
  for (const node of nodes) settleNode(cpu, node);
}

/**
 * After a pod began or ceased to serve, or a node to run: what was on its way to it, or can go to it now, is
 * looked at again.
 */
export function workChanged({ load }: Cpu, pod: SimPod): void {
  load.servingChanged?.(pod);
}

/** The counters of its containers begin at 0 when they start. */
export function resetUsage({ accounts }: Cpu, pod: SimPod): void {
  if (pod.node !== undefined) accounts.get(pod.node)?.usedByPod.delete(pod);
}

export function settleNode(cpu: Cpu, node: SimNode): NodeAccount | undefined {
  const account = cpu.accounts.get(node);
  const toMs = cpu.world.timeline.nowMs;
  if (account === undefined || account.settledAtMs === toMs) return account;
  const fromMs = account.settledAtMs;
  const pods = Array.from(node.pods);
  const start = sharesAt(cpu, node, pods, fromMs, 'after');
  const end = sharesAt(cpu, node, pods, toMs, 'before');
  const passedMs = toMs - fromMs;
  pods.forEach((pod, index) => {
    const meanMilli = ((start.podMilli[index] ?? 0) + (end.podMilli[index] ?? 0)) / 2;
    account.usedByPod.set(pod, (account.usedByPod.get(pod) ?? 0) + meanMilli * passedMs);
  });
  const stretch = { fromMs, toMs, fromMilli: sum(start), toMilli: sum(end) };
  account.used += ((stretch.fromMilli + stretch.toMilli) / 2) * passedMs;
  account.settledAtMs = toMs;
  addStretch(account.stretches, stretch);
  return account;
}

function sharesAt(
  { load }: Cpu,
  node: SimNode,
  pods: readonly SimPod[],
  atMs: number,
  side: 'before' | 'after',
) {
  // A machine that is gone uses nothing.
  if (node.state === 'lost') return { overheadMilli: 0, podMilli: pods.map(() => 0) };
  const demands = pods.map((pod) => load.podMilli(pod, atMs, side));
  return shareCpu(node.allocatable.cpuMilli, load.overheadMilli(node, atMs, side), demands);
}

function sum({ overheadMilli, podMilli }: ReturnType<typeof shareCpu>): number {
  return podMilli.reduce((total, milli) => total + milli, overheadMilli);
}

/** A quiet hour is one stretch, not one for every scrape. */
function addStretch(stretches: CpuStretch[], stretch: CpuStretch): void {
  const last = stretches.at(-1);
  const flat = stretch.fromMilli === stretch.toMilli;
  if (last !== undefined && flat && last.fromMilli === last.toMilli && last.toMilli === stretch.fromMilli) {
    stretches[stretches.length - 1] = { ...last, toMs: stretch.toMs };
  } else stretches.push(stretch);
}
