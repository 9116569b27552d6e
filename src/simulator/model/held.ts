import type { PodCgroup } from './cgroup.ts';
import type { Cpu } from './cpu.ts';
import { firstIndexNot } from './curve.ts';
import { type CpuTree, cpuTree, divideCpu, type Share } from './share.ts';
import type { SimNode, SimPod } from './world.ts';

/**
 * The rates of a node on which requests are worked on. What curves ask for is taken as constant for a second
 * at a time, at its mean: when a request ends follows from its rate, and a rate that changes all the time has no
 * simple answer to that.
 */
export interface Held {
  readonly capacityMilli: number;
  readonly overheadMilli: number;
  readonly tree: CpuTree;
  readonly claims: readonly HeldClaim[];
  readonly claimOf: ReadonlyMap<SimPod, HeldClaim>;
  /** When the curves have to be looked at again; Infinity: they are level. */
  readonly untilMs: number;
}

export interface HeldClaim {
  readonly pod: SimPod;
  readonly curveMilli: number;
  readonly quotaMilli: number;
  readonly share: Share;
  /** What it used since the rates were held, in millicore-milliseconds. */
  used: number;
}

const SECOND_MS = 1000;

export function heldRates(
  { world, load, work }: Cpu,
  node: SimNode,
  cgroupOf: (pod: SimPod) => PodCgroup,
): Held {
  const { nowMs } = world.timeline;
  const isOn = node.state !== 'lost';
  const nextBreak =
    load.breaks[firstIndexNot(load.breaks, (atMs) => atMs <= nowMs)] ?? Number.POSITIVE_INFINITY;
  const endMs = Math.min(nowMs + SECOND_MS, nextBreak);
  let isLevel = true;
  const meanOf = (at: (atMs: number, side: 'before' | 'after') => number) => {
    if (!isOn) return 0;
    const [start, end] = [at(nowMs, 'after'), at(endMs, 'before')];
    isLevel &&= start === end;
    return (start + end) / 2;
  };
  const overheadMilli = meanOf((atMs, side) => load.overheadMilli(node, atMs, side));
  const pods = Array.from(node.pods);
  const cgroups = pods.map(cgroupOf);
  const tree = cpuTree(cgroups);
  const claims = tree.pods.flatMap((share, index): readonly HeldClaim[] => {
    const [pod, cgroup] = [pods[index], cgroups[index]];
    if (pod === undefined || cgroup === undefined) return [];
    const curveMilli = meanOf((atMs, side) => load.podMilli(pod, atMs, side));
    return [{ pod, curveMilli, quotaMilli: cgroup.quotaMilli, share, used: 0 }];
  });
  const held: Held = {
    capacityMilli: node.allocatable.cpuMilli,
    overheadMilli: Math.min(overheadMilli, node.allocatable.cpuMilli),
    tree,
    claims,
    claimOf: new Map(claims.map((claim) => [claim.pod, claim])),
    untilMs: isLevel ? Number.POSITIVE_INFINITY : endMs,
  };
  for (const claim of claims) claimWork(claim, work?.demandMilli(claim.pod) ?? 0);
  divide(held);
  return held;
}

export function isSteady({ untilMs }: Held): boolean {
  return untilMs === Number.POSITIVE_INFINITY;
}

/** What the pod's requests can use, beside what curves ask for. */
export function claimWork({ share, curveMilli, quotaMilli }: HeldClaim, milli: number): void {
  share.wantedMilli = Math.min(quotaMilli, curveMilli + milli);
}

/** Divides the node's CPU again, after a claim has changed. */
export function divide({ capacityMilli, overheadMilli, tree }: Held): void {
  divideCpu(tree, capacityMilli - overheadMilli);
}

/** Lets time pass. @returns what the node used at each moment of it */
export function useHeld({ overheadMilli, claims }: Held, passedMs: number): number {
  let milli = overheadMilli;
  for (const claim of claims) {
    milli += claim.share.milli;
    claim.used += claim.share.milli * passedMs;
  }
  return milli;
}
