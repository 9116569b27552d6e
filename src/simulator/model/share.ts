/** What a node's system and pods get of its CPU, in millicores. */
export interface Shares {
  readonly overheadMilli: number;
  readonly podMilli: readonly number[];
}

/**
 * Divides a node's CPU: the system first, since kubelet and runtime run outside the pods' cgroup; the pods
 * as they ask, or in proportion to what they ask when that is more than there is.
 */
export function shareCpu(
  capacityMilli: number,
  overheadDemandMilli: number,
  podDemandMilli: readonly number[],
): Shares {
  const overheadMilli = Math.min(capacityMilli, overheadDemandMilli);
  const askedMilli = podDemandMilli.reduce((sum, milli) => sum + milli, 0);
  const leftMilli = capacityMilli - overheadMilli;
  if (askedMilli <= leftMilli) return { overheadMilli, podMilli: podDemandMilli };
  return { overheadMilli, podMilli: podDemandMilli.map((milli) => (milli * leftMilli) / askedMilli) };
}
