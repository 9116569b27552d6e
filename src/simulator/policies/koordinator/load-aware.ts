/*
 * LoadAwareScheduling of koordinator-sh/koordinator v1.6.0, pkg/scheduler/plugins/loadaware: nodes above a
 * threshold of usage are refused, and the least used is best. Its defaults are in
 * pkg/scheduler/apis/config/v1/defaults.go.
 */

export interface Amount {
  readonly cpuMilli: number;
  readonly memoryBytes: number;
}

export type Percents = { readonly [Resource in keyof Amount]: number };

export interface LoadAwareArgs {
  readonly usageThresholdPercents: Percents;
  readonly estimatedScalingPercents: Percents;
  readonly weights: Percents;
  readonly expirationMs: number;
}

export const LOAD_AWARE_ARGS: LoadAwareArgs = {
  usageThresholdPercents: { cpuMilli: 65, memoryBytes: 95 },
  estimatedScalingPercents: { cpuMilli: 85, memoryBytes: 70 },
  weights: { cpuMilli: 1, memoryBytes: 1 },
  expirationMs: 180_000,
};

/** What a node's koordlet reported last: means over the last five minutes. */
export interface NodeReport {
  readonly atMs: number;
  readonly node: Amount;
  /** By `namespace/name`. */
  readonly pods: ReadonlyMap<string, Amount>;
}

export interface AssignedPod {
  readonly key: string;
  readonly assignedAtMs: number;
  readonly estimate: Amount;
}

const RESOURCES = ['cpuMilli', 'memoryBytes'] as const;
const REASONS: Readonly<Record<keyof Amount, string>> = {
  cpuMilli: 'node(s) cpu usage exceed threshold',
  memoryBytes: 'node(s) memory usage exceed threshold',
};

/**
 * GetEstimatedUsed: what the node will use with the pod. Pods that came after the report, or within one
 * interval before it, count with the larger of estimate and report.
 */
export function estimatedUsed(
  report: NodeReport,
  assigned: Iterable<AssignedPod>,
  incoming: Amount,
  reportIntervalMs: number,
): Amount {
  const used = { ...incoming };
  const reported = { cpuMilli: 0, memoryBytes: 0 };
  for (const { key, assignedAtMs, estimate } of assigned) {
    const usage = report.pods.get(key);
    const sinceMs = report.atMs - assignedAtMs;
    const settled = sinceMs === 0 || sinceMs >= reportIntervalMs;
    if (usage !== undefined && settled) continue;
    for (const resource of RESOURCES) {
      used[resource] += Math.max(estimate[resource], usage?.[resource] ?? 0);
      reported[resource] += usage?.[resource] ?? 0;
    }
  }
  for (const resource of RESOURCES) {
    const measured = report.node[resource];
    used[resource] += measured >= reported[resource] ? measured - reported[resource] : measured;
  }
  return used;
}

/** filterNodeUsage: why the node is refused. */
export function usageRefusal(used: Amount, allocatable: Amount, thresholds: Percents): string | undefined {
  const resource = RESOURCES.find((name) => {
    if (thresholds[name] === 0 || !isKnown(allocatable[name])) return false;
    return Math.round((used[name] / allocatable[name]) * 100) > thresholds[name];
  });
  return resource && REASONS[resource];
}

/** loadAwareSchedulingScorer: the mean of the resources' free shares, in whole numbers as Go divides. */
export function leastUsedScore(used: Amount, allocatable: Amount, weights: Percents): number {
  const sum = RESOURCES.reduce(
    (total, name) => total + weights[name] * freeScore(used[name], allocatable[name]),
    0,
  );
  return Math.floor(sum / (weights.cpuMilli + weights.memoryBytes));
}

function freeScore(used: number, capacity: number): number {
  if (!isKnown(capacity) || used > capacity) return 0;
  return Math.floor(((capacity - used) * 100) / capacity);
}

function isKnown(capacity: number): boolean {
  return capacity > 0 && Number.isFinite(capacity);
}
