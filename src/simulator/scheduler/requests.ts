/** Amounts of resources, as the scheduler counts them: int64, in the units of the names. */
export interface Amounts {
  readonly cpuMilli: number;
  readonly memoryBytes: number;
  readonly ephemeralStorageBytes: number;
  /** Extended resources, huge pages and the like. */
  readonly scalars: ReadonlyMap<string, number>;
}

export interface PodAmounts {
  readonly requests: Amounts;
  /** As scores count them: every container without a request with a default. */
  readonly nonZero: Pick<Amounts, 'cpuMilli' | 'memoryBytes'>;
}
