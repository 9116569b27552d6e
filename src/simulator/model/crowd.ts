import { firstIndexNot } from './curve.ts';
import type { LoadModel } from './load.ts';
import type { SimReplicaSet } from './world.ts';

/**
 * Many pods of a workload that begin or cease to serve within a second. Each changes what all the others get, and to
 * settle all their nodes each time grows with the square of the replicas. From a number of settlements on, changes
 * are therefore only noted until the second ends: a node that is settled meanwhile takes the mean of what its
 * pods got since. That is exact unless the node was saturated for a part of that time only.
 */
export interface Crowd {
  readonly owner: SimReplicaSet;
  /** The end of the second that is looked at. */
  endMs: number;
  /** How often nodes were settled in it for this workload's sake. */
  settlements: number;
  /** When they were settled last, and then each change that was only noted. Empty: there was none. */
  readonly changes: Change[];
}

interface Change {
  readonly atMs: number;
  /** What a pod that served all the time got from the first entry on, in millicore-milliseconds. */
  readonly area: number;
  /** What each got after the entry before, and before this one: a straight line between them. */
  readonly startMilli: number;
  readonly endMilli: number;
}

/** With three nodes 83 changes in a second are settled one by one. */
const SETTLEMENTS = 250;
const SECOND_MS = 1000;

export function createCrowd(owner: SimReplicaSet): Crowd {
  return { owner, endMs: 0, settlements: 0, changes: [] };
}

/** Whether a change now is one of so many that it is only noted. */
export function isCrowded(crowd: Crowd, nowMs: number): boolean {
  if (nowMs >= crowd.endMs) {
    crowd.endMs = (Math.floor(nowMs / SECOND_MS) + 1) * SECOND_MS;
    crowd.settlements = 0;
  }
  return crowd.settlements >= SETTLEMENTS;
}

/** All nodes of the workload were settled. */
export function settledAt(crowd: Crowd, nowMs: number, nodes: number): void {
  crowd.settlements += nodes;
  crowd.changes.length = 0;
  crowd.changes.push({ atMs: nowMs, area: 0, startMilli: 0, endMilli: 0 });
}

/** Before the number of its pods that serve changes, or its curve bends. */
export function noteChange(crowd: Crowd, load: LoadModel, nowMs: number): void {
  const change = sinceLast(crowd, load, nowMs);
  if (change !== undefined) crowd.changes.push(change);
}

/**
 * What a pod of it that served since then got at each moment, on average.
 *
 * @returns undefined: nothing changed since that was only noted
 */
export function meanSince(crowd: Crowd, load: LoadModel, fromMs: number, nowMs: number): number | undefined {
  const { changes } = crowd;
  if (changes.length < 2 || (changes.at(-1)?.atMs ?? fromMs) <= fromMs) return undefined;
  const area = sinceLast(crowd, load, nowMs)?.area ?? 0;
  return (area - areaAt(changes, fromMs)) / (nowMs - fromMs);
}

function sinceLast({ owner, changes }: Crowd, load: LoadModel, nowMs: number): Change | undefined {
  const last = changes.at(-1);
  if (last === undefined) return undefined;
  const startMilli = load.replicaMilli(owner, last.atMs, 'after');
  const endMilli = load.replicaMilli(owner, nowMs, 'before');
  const area = last.area + ((startMilli + endMilli) / 2) * (nowMs - last.atMs);
  return { atMs: nowMs, area, startMilli, endMilli };
}

function areaAt(changes: readonly Change[], atMs: number): number {
  const next = firstIndexNot(changes, (change) => change.atMs < atMs);
  const [before, after] = [changes[next - 1], changes[next]];
  if (before === undefined || after === undefined) return after?.area ?? 0;
  const passedMs = atMs - before.atMs;
  const { startMilli, endMilli } = after;
  const milli = startMilli + ((endMilli - startMilli) * passedMs) / (after.atMs - before.atMs);
  return before.area + ((startMilli + milli) / 2) * passedMs;
}
