import type { Cpu } from './cpu.ts';
import { meanSince } from './crowd.ts';
import { shareCpu } from './share.ts';
import { type SimNode, type SimPod, type SimReplicaSet, serves } from './world.ts';

/** What a node's system and pods use at the beginning and at the end of a time, along straight lines. */
export interface Rates {
  /** In the order of the node's pods: those that use nothing too. */
  readonly pods: readonly SimPod[];
  readonly start: Moment;
  readonly end: Moment;
}

export interface Moment {
  readonly overheadMilli: number;
  /** Empty: none uses anything. */
  readonly podMilli: readonly number[];
}

const OFF: Moment = { overheadMilli: 0, podMilli: [] };

/** @param fromMs the node was settled then, and nothing has changed since that it is settled for */
export function ratesSince(cpu: Cpu, node: SimNode, fromMs: number, toMs: number): Rates {
  const pods = Array.from(node.pods);
  // A machine that is off.
  if (node.state === 'lost') return { pods, start: OFF, end: OFF };
  const { start, end } = wantedSince(cpu, pods, fromMs, toMs);
  return {
    pods,
    start: share(cpu, node, start, cpu.load.overheadMilli(node, fromMs, 'after')),
    end: share(cpu, node, end, cpu.load.overheadMilli(node, toMs, 'before')),
  };
}

interface Wanted {
  readonly startMilli: number;
  readonly endMilli: number;
}

/** What each pod can use, its quota considered. */
function wantedSince(cpu: Cpu, pods: readonly SimPod[], fromMs: number, toMs: number) {
  const start: number[] = [];
  const end: number[] = [];
  let owner: SimReplicaSet | undefined;
  let wanted: Wanted | undefined;
  for (const pod of pods) {
    if (!serves(pod)) {
      start.push(0);
      end.push(0);
      continue;
    }
    // Replicas that serve on one node want the same, and mostly stand side by side.
    if (wanted === undefined || pod.owner === undefined || pod.owner !== owner) {
      wanted = wantedBy(cpu, pod, fromMs, toMs);
      owner = pod.owner;
    }
    start.push(wanted.startMilli);
    end.push(wanted.endMilli);
  }
  return { start, end };
}

function wantedBy(cpu: Cpu, pod: SimPod, fromMs: number, toMs: number): Wanted {
  const { load, crowds } = cpu;
  const { quotaMilli } = cpu.cgroupOf(pod);
  const startMilli = Math.min(quotaMilli, load.podMilli(pod, fromMs, 'after'));
  const endMilli = Math.min(quotaMilli, load.podMilli(pod, toMs, 'before'));
  const crowd = pod.owner && crowds.get(pod.owner);
  // Nothing: it is not one of those that its workload's load reaches.
  if (crowd === undefined || (startMilli === 0 && endMilli === 0)) {
    return { startMilli, endMilli };
  }
  const meanMilli = meanSince(crowd, load, fromMs, toMs);
  if (meanMilli === undefined) return { startMilli, endMilli };
  const milli = Math.min(quotaMilli, meanMilli);
  return { startMilli: milli, endMilli: milli };
}

/**
 * As `shareCpu`, which is asked only where there is too little for all.
 *
 * @param wantedMilli in the order of the node's pods
 */
function share(
  cpu: Cpu,
  { allocatable: { cpuMilli }, pods }: SimNode,
  wantedMilli: readonly number[],
  overheadDemandMilli: number,
): Moment {
  const overheadMilli = Math.min(cpuMilli, overheadDemandMilli);
  let wanted = 0;
  for (const milli of wantedMilli) wanted += milli;
  if (wanted <= cpuMilli - overheadMilli) return { overheadMilli, podMilli: wantedMilli };
  const claims = Array.from(pods, (pod, index) => ({
    cgroup: cpu.cgroupOf(pod),
    demandMilli: wantedMilli[index] ?? 0,
  }));
  return shareCpu(cpuMilli, overheadDemandMilli, claims);
}
