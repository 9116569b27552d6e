import { cpuShares, cpuWeight, type PodCgroup } from './cgroup.ts';

/** What a pod asks of its node at this moment. */
export interface Claim {
  readonly cgroup: PodCgroup;
  readonly demandMilli: number;
}

/** What a node's system and pods get of its CPU, in millicores. */
export interface Shares {
  readonly overheadMilli: number;
  readonly podMilli: readonly number[];
}

/** A cgroup beside its siblings; one of a QoS class has the pods of that class in it. */
interface Sibling {
  readonly weight: number;
  readonly demandMilli: number;
}

/**
 * Divides a node's CPU as CFS does. The system comes first: kubelet and runtime run outside the pods' cgroup.
 * Then nobody gets more than it asks for or than its quota; what there is too little of goes by the weights of
 * the cgroups, and what one leaves over goes to the others by the same rule. Guaranteed pods, the class of the
 * burstable and that of the best-effort pods are siblings, and the pods within a class are
 * (pkg/kubelet/cm/qos_container_manager_linux.go).
 *
 * @param claims all pods of the node: idle ones too weigh in their class
 */
export function shareCpu(
  capacityMilli: number,
  overheadDemandMilli: number,
  claims: readonly Claim[],
): Shares {
  const overheadMilli = Math.min(capacityMilli, overheadDemandMilli);
  const leftMilli = capacityMilli - overheadMilli;
  const podMilli = claims.map(({ cgroup, demandMilli }) => Math.min(cgroup.quotaMilli, demandMilli));
  if (sum(podMilli) <= leftMilli) return { overheadMilli, podMilli };
  const indexesOf = (qos: PodCgroup['qos']) =>
    claims.flatMap(({ cgroup }, index) => (cgroup.qos === qos ? [index] : []));
  const guaranteed = indexesOf('guaranteed');
  const classes = [indexesOf('burstable'), indexesOf('besteffort')];
  const sibling = (index: number): Sibling => ({
    weight: claims[index]?.cgroup.weight ?? 1,
    demandMilli: podMilli[index] ?? 0,
  });
  const shares = fill(leftMilli, [
    ...guaranteed.map(sibling),
    ...classes.map((indexes) => ({
      // Best-effort pods request nothing: together they weigh as little as one of them.
      weight: cpuWeight(cpuShares(sum(indexes.map((index) => claims[index]?.cgroup.requestMilli ?? 0)))),
      demandMilli: sum(indexes.map((index) => podMilli[index] ?? 0)),
    })),
  ]);
  guaranteed.forEach((index, at) => {
    podMilli[index] = shares[at] ?? 0;
  });
  classes.forEach((indexes, at) => {
    const within = fill(shares[guaranteed.length + at] ?? 0, indexes.map(sibling));
    indexes.forEach((index, position) => {
      podMilli[index] = within[position] ?? 0;
    });
  });
  return { overheadMilli, podMilli };
}

/** Weighted max-min fairness: the most modest, by its weight, is served first. */
function fill(capacityMilli: number, siblings: readonly Sibling[]): readonly number[] {
  const milli = siblings.map(() => 0);
  const order = siblings
    .map((sibling, index) => ({ ...sibling, index }))
    .sort((left, right) => left.demandMilli * right.weight - right.demandMilli * left.weight);
  let leftMilli = capacityMilli;
  let leftWeight = sum(siblings.map(({ weight }) => weight));
  for (const { weight, demandMilli, index } of order) {
    const given = Math.min(demandMilli, (leftMilli * weight) / leftWeight);
    milli[index] = given;
    leftMilli = Math.max(0, leftMilli - given);
    leftWeight -= weight;
  }
  return milli;
}

function sum(values: readonly number[]): number {
  let total = 0;
  for (const value of values) total += value;
  return total;
}
