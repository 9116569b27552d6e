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

/** A cgroup beside its siblings. */
export interface Share {
  readonly weight: number;
  /** What it can use, its quota considered. */
  wantedMilli: number;
  /** What it gets. */
  milli: number;
}

/**
 * The cgroups of a node's pods: guaranteed pods, the class of the burstable and that of the best-effort pods are
 * siblings, and the pods within a class are (pkg/kubelet/cm/qos_container_manager_linux.go).
 */
export interface CpuTree {
  /** One for each pod, in the order in which they were given. */
  readonly pods: readonly Share[];
  readonly top: readonly Share[];
  readonly classes: readonly QosClass[];
}

interface QosClass extends Share {
  readonly pods: readonly Share[];
}

/** @param cgroups those of all pods of the node: idle ones too weigh in their class */
export function cpuTree(cgroups: readonly PodCgroup[]): CpuTree {
  const pods = cgroups.map(({ weight }): Share => ({ weight, wantedMilli: 0, milli: 0 }));
  const podsOf = (qos: PodCgroup['qos']) => pods.filter((_, index) => cgroups[index]?.qos === qos);
  const classes = (['burstable', 'besteffort'] as const).map((qos): QosClass => {
    // Best-effort pods request nothing: together they weigh as little as one of them.
    const requested = cgroups.reduce((sum, one) => sum + (one.qos === qos ? one.requestMilli : 0), 0);
    return { weight: cpuWeight(cpuShares(requested)), wantedMilli: 0, milli: 0, pods: podsOf(qos) };
  });
  return { pods, top: [...podsOf('guaranteed'), ...classes], classes };
}

/**
 * Divides CPU as CFS does: nobody gets more than it wants; what there is too little of goes by the weights of
 * the cgroups, and what one leaves over goes to the others by the same rule.
 */
export function divideCpu({ pods, top, classes }: CpuTree, milli: number): void {
  let wanted = 0;
  for (const share of pods) {
    share.milli = share.wantedMilli;
    wanted += share.wantedMilli;
  }
  if (wanted <= milli) return;
  for (const qosClass of classes) {
    qosClass.wantedMilli = 0;
    for (const share of qosClass.pods) qosClass.wantedMilli += share.wantedMilli;
  }
  fill(top, milli);
  for (const qosClass of classes) fill(qosClass.pods, qosClass.milli);
}

/** As `divideCpu`; the system comes first: kubelet and runtime run outside the pods' cgroup. */
export function shareCpu(
  capacityMilli: number,
  overheadDemandMilli: number,
  claims: readonly Claim[],
): Shares {
  const overheadMilli = Math.min(capacityMilli, overheadDemandMilli);
  const tree = cpuTree(claims.map(({ cgroup }) => cgroup));
  claims.forEach(({ cgroup, demandMilli }, index) => {
    const share = tree.pods[index];
    if (share !== undefined) share.wantedMilli = Math.min(cgroup.quotaMilli, demandMilli);
  });
  divideCpu(tree, capacityMilli - overheadMilli);
  return { overheadMilli, podMilli: tree.pods.map(({ milli }) => milli) };
}

/**
 * Weighted max-min fairness: whoever wants no more than its weight gives it has what it wants, and the rest is
 * divided again among the others, until all of them want more.
 */
function fill(siblings: readonly Share[], milli: number): void {
  const hungry: Share[] = [];
  let weights = 0;
  for (const share of siblings) {
    share.milli = 0;
    if (share.wantedMilli === 0) continue;
    hungry.push(share);
    weights += share.weight;
  }
  let left = milli;
  for (let wasSated = true; wasSated; ) {
    wasSated = false;
    for (const share of hungry) {
      if (share.milli > 0 || share.wantedMilli * weights > left * share.weight) continue;
      share.milli = share.wantedMilli;
      left -= share.wantedMilli;
      weights -= share.weight;
      wasSated = true;
    }
  }
  for (const share of hungry)
    if (share.milli === 0) share.milli = Math.max(0, (left * share.weight) / weights);
}
