import type { PodResult, SimulationResult } from '../../../../src/outcome/result.ts';
import { demand, isAtMost } from './violation.ts';

/** What must hold of any run's result. */
export function holdResult(result: SimulationResult): void {
  holdPods(result);
  holdCounts(result);
  holdStretches(result);
  holdScalings(result);
}

/** Each pod is told once, and was placed once at most. */
function holdPods({ pods, decisions }: SimulationResult): void {
  for (const key of ['uid', 'name'] as const) {
    const keys = new Set(pods.map((pod) => `${pod.workload} ${pod[key]}`));
    demand(keys.size === pods.length, `two pods have the same ${key}`);
  }
  for (const { name, node, attempts } of pods) {
    const isAscending = attempts.every(({ atMs }, index) => atMs >= (attempts[index - 1]?.atMs ?? 0));
    demand(isAscending, () => `the attempts of ${name} are not in the order of time`);
    const last = attempts.findLast(({ result }) => result === 'assumed')?.decision;
    const nodes = last === undefined ? undefined : decisions[last]?.nodes;
    const isAllowed = node === undefined || nodes === undefined || nodes.includes(node);
    demand(isAllowed, () => `${name} is on ${node}, Spillway said ${nodes}`);
  }
}

function holdCounts({ pods, counts }: SimulationResult): void {
  for (const { atMs, edge, cloud, pending } of counts) {
    const there = pods.filter((pod) => isActive(pod, atMs)).length;
    const counted = edge + cloud + pending;
    demand(counted === there, () => `${counted} pods are counted at ${atMs}, ${there} were there`);
    demand(Math.min(edge, cloud, pending) >= 0, () => `fewer than no pods are counted at ${atMs}`);
  }
}

function isActive({ createdAtMs, terminatingAtMs, goneAtMs }: PodResult, atMs: number): boolean {
  return createdAtMs <= atMs && atMs < (terminatingAtMs ?? goneAtMs ?? Number.POSITIVE_INFINITY);
}

/** CPU over time: one stretch after the other, none above what the node has. */
function holdStretches({ nodes }: SimulationResult): void {
  for (const { name, real, allocatableMilli } of nodes) {
    let endMs = 0;
    for (const { fromMs, toMs, fromMilli, toMilli } of real) {
      demand(fromMs >= endMs && toMs > fromMs, () => `stretches of ${name} overlap at ${fromMs}`);
      const isWithin = [fromMilli, toMilli].every((milli) => milli >= 0 && isAtMost(milli, allocatableMilli));
      demand(isWithin, () => `${name} uses ${fromMilli}m to ${toMilli}m of ${allocatableMilli}m`);
      endMs = toMs;
    }
  }
}

/** Each scaling begins with the replicas that the one before it left. */
function holdScalings({ scalings }: SimulationResult): void {
  const replicas = new Map<string, number>();
  for (const { workload, from, to } of scalings) {
    const before = replicas.get(workload) ?? from;
    demand(before === from, () => `${workload} is scaled from ${from} and had ${before} replicas`);
    replicas.set(workload, to);
  }
}
