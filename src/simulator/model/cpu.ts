import { schedule } from '../engine/timeline.ts';
import { type PodCgroup, podCgroup } from './cgroup.ts';
import { type Crowd, createCrowd, isCrowded, noteChange, settledAt } from './crowd.ts';
import { type Held, heldRates, isSteady, useHeld } from './held.ts';
import type { LoadModel } from './load.ts';
import { type Moment, ratesSince } from './rates.ts';
import { addLine, addMean, closeSecond, type Stretches } from './stretches.ts';
import type { SimNode, SimPod, SimReplicaSet, World } from './world.ts';

/**
 * Counts the CPU that nodes and pods use, as the kernel's counters do: what they used up to a moment. An
 * account is brought up to date ("settled") before anything changes that its rates depend on, so between two
 * settlements the rates are straight lines and the sums exact (but for the moment within such a stretch at
 * which a node becomes saturated, or a pod comes to its quota).
 */
export interface Cpu {
  readonly world: World;
  readonly load: LoadModel;
  readonly accounts: Map<SimNode, NodeAccount>;
  readonly cgroupOf: (pod: SimPod) => PodCgroup;
  /** Workloads of which many pods begin or cease to serve in a short time. */
  readonly crowds: Map<SimReplicaSet, Crowd>;
  /** Requests that pods work on; undefined: the trace has none. */
  work: Work | undefined;
}

/** What requests need to know of the CPU, and the CPU of requests (load/). */
interface Work {
  /** What the pod's requests can use at this moment. */
  readonly demandMilli: (pod: SimPod) => number;
  /** The node's account was settled, and something that its rates depend on changes now. */
  readonly settled: (node: SimNode) => void;
  /** The pod began or ceased to serve, its containers ended, or its node changed its state. */
  readonly servingChanged: (pod: SimPod) => void;
}

export interface NodeAccount {
  settledAtMs: number;
  /** CPU used so far by the node, the system's and each of its pods', in millicore-milliseconds. */
  used: number;
  usedByOverhead: number;
  readonly usedByPod: Map<SimPod, number>;
  /** By workload, all its pods that were ever here; pods without one under ''. */
  readonly usedByWorkload: Map<string, number>;
  readonly stretches: Stretches;
  /** While requests are worked on here. */
  held: Held | undefined;
}

export function createCpu(world: World, load: LoadModel): Cpu {
  const cpu: Cpu = {
    world,
    load,
    accounts: new Map(),
    cgroupOf: cgroups(),
    crowds: new Map(),
    work: undefined,
  };
  for (const node of world.nodes.values()) openAccount(cpu, node);
  for (const atMs of load.breaks) {
    if (atMs > world.timeline.nowMs) schedule(world.timeline, atMs, () => settleAll(cpu));
  }
  return cpu;
}

/** For a node that joins; the account of one that left is kept for the result. */
export function openAccount({ world, accounts }: Cpu, node: SimNode): void {
  accounts.set(node, {
    settledAtMs: world.timeline.nowMs,
    used: 0,
    usedByOverhead: 0,
    usedByPod: new Map(),
    usedByWorkload: new Map(),
    stretches: { list: [], second: undefined },
    held: undefined,
  });
}

export function settleAll(cpu: Cpu): void {
  for (const node of cpu.accounts.keys()) settleNode(cpu, node);
  for (const crowd of cpu.crowds.values()) settledAt(crowd, cpu.world.timeline.nowMs, 0);
}

/** Settles everything for the last time. */
export function closeAccounts(cpu: Cpu): void {
  settleAll(cpu);
  for (const { stretches, settledAtMs } of cpu.accounts.values()) closeSecond(stretches, settledAtMs);
}

/** Before a pod of it becomes ready or stops serving: the others' rates change with that. */
export function settleWorkload(cpu: Cpu, replicaSet: SimReplicaSet): void {
  const { timeline } = cpu.world;
  const crowd = cpu.crowds.get(replicaSet) ?? createCrowd(replicaSet);
  cpu.crowds.set(replicaSet, crowd);
  // What requests are given is settled each time: they are asked by their rates when they will be done.
  if (cpu.work !== undefined || !isCrowded(crowd, timeline.nowMs)) {
    settleNodesOf(cpu, replicaSet, crowd);
    return;
  }
  const isFirst = crowd.changes.length === 1;
  noteChange(crowd, cpu.load, timeline.nowMs);
  if (!isFirst) return;
  schedule(timeline, crowd.endMs, () => {
    if (crowd.changes.length > 1) settleNodesOf(cpu, replicaSet, crowd);
  });
}

function settleNodesOf(cpu: Cpu, replicaSet: SimReplicaSet, crowd: Crowd): void {
  const nodes = new Set<SimNode>();
  for (const { node } of replicaSet.pods) if (node !== undefined) nodes.add(node);
  for (const node of nodes) settleNode(cpu, node);
  settledAt(crowd, cpu.world.timeline.nowMs, nodes.size);
}

/**
 * After a pod began or ceased to serve, its containers ended, or a node to run: what was on its way to it, or
 * can go to it now, is looked at again.
 */
export function workChanged({ work }: Cpu, pod: SimPod): void {
  work?.servingChanged(pod);
}

/** The counters of its containers begin at 0 when they start. */
export function resetUsage({ accounts }: Cpu, pod: SimPod): void {
  if (pod.node !== undefined) accounts.get(pod.node)?.usedByPod.delete(pod);
}

export function settleNode(cpu: Cpu, node: SimNode): NodeAccount | undefined {
  const account = cpu.accounts.get(node);
  if (account === undefined) return undefined;
  if (account.held === undefined) {
    settleByCurves(cpu, node, account);
    return account;
  }
  settleHeld(cpu, account);
  for (const { pod, used } of account.held.claims) count(account, pod, used);
  account.held = undefined;
  cpu.work?.settled(node);
  return account;
}

/** What the account's parts come to, to be held against its `used`; changes nothing. */
export function usedByParts({ usedByOverhead, usedByWorkload, held }: NodeAccount): number {
  let used = usedByOverhead;
  for (const ofWorkload of usedByWorkload.values()) used += ofWorkload;
  for (const claim of held?.claims ?? []) used += claim.used;
  return used;
}

/** Until the account is settled next, rates change only when requests begin and end. */
export function holdRates(cpu: Cpu, node: SimNode, account: NodeAccount): Held {
  settleByCurves(cpu, node, account);
  const held = heldRates(cpu, node, cpu.cgroupOf);
  account.held = held;
  if (!isSteady(held)) {
    schedule(cpu.world.timeline, held.untilMs, () => {
      if (account.held === held) settleNode(cpu, node);
    });
  }
  return held;
}

/** Brings the account up to date while its rates are held: once for every request that begins or ends. */
export function settleHeld({ world }: Cpu, account: NodeAccount): void {
  const { held, settledAtMs } = account;
  const { nowMs } = world.timeline;
  if (held === undefined || settledAtMs === nowMs) return;
  const milli = useHeld(held, nowMs - settledAtMs);
  account.used += milli * (nowMs - settledAtMs);
  account.usedByOverhead += held.overheadMilli * (nowMs - settledAtMs);
  account.settledAtMs = nowMs;
  addMean(account.stretches, settledAtMs, nowMs, milli);
}

function settleByCurves(cpu: Cpu, node: SimNode, account: NodeAccount): void {
  const fromMs = account.settledAtMs;
  const toMs = cpu.world.timeline.nowMs;
  if (fromMs === toMs) return;
  const { pods, start, end } = ratesSince(cpu, node, fromMs, toMs);
  const passedMs = toMs - fromMs;
  pods.forEach((pod, index) => {
    const meanMilli = ((start.podMilli[index] ?? 0) + (end.podMilli[index] ?? 0)) / 2;
    if (meanMilli > 0) count(account, pod, meanMilli * passedMs);
  });
  const line = { fromMs, toMs, fromMilli: sum(start), toMilli: sum(end) };
  account.used += ((line.fromMilli + line.toMilli) / 2) * passedMs;
  account.usedByOverhead += ((start.overheadMilli + end.overheadMilli) / 2) * passedMs;
  account.settledAtMs = toMs;
  addLine(account.stretches, line);
}

function count({ usedByPod, usedByWorkload }: NodeAccount, pod: SimPod, used: number): void {
  usedByPod.set(pod, (usedByPod.get(pod) ?? 0) + used);
  const workload = pod.owner?.workload ?? '';
  usedByWorkload.set(workload, (usedByWorkload.get(workload) ?? 0) + used);
}

/** By the pod's template: replicas have the same. */
function cgroups(): Cpu['cgroupOf'] {
  const known = new Map<SimPod['spec'], PodCgroup>();
  return ({ spec }) => {
    const cgroup = known.get(spec) ?? podCgroup(spec);
    known.set(spec, cgroup);
    return cgroup;
  };
}

function sum({ overheadMilli, podMilli }: Moment): number {
  return podMilli.reduce((total, milli) => total + milli, overheadMilli);
}
