import type { Measures } from './measures.ts';

/** How a measure is named and written in tables, and which way is better. */
export interface MeasureColumn {
  readonly key: keyof Measures;
  readonly title: string;
  readonly better: 'higher' | 'lower' | 'neither';
  readonly decimals: number;
}

export const MEASURE_COLUMNS: readonly MeasureColumn[] = [
  { key: 'edgeFillRatio', title: 'edge fill', better: 'higher', decimals: 3 },
  { key: 'secondsAboveThreshold', title: 's above', better: 'lower', decimals: 1 },
  { key: 'overshootMilli', title: 'over by m', better: 'lower', decimals: 0 },
  { key: 'overshootRatio', title: 'over by', better: 'lower', decimals: 3 },
  { key: 'overflowPods', title: 'overflow', better: 'lower', decimals: 0 },
  { key: 'cloudWhileEdgeFits', title: 'edge had room', better: 'lower', decimals: 0 },
  { key: 'pendingSeconds', title: 's pending', better: 'lower', decimals: 1 },
  { key: 'longestPendingSeconds', title: 'longest', better: 'lower', decimals: 1 },
  { key: 'responseP50Ms', title: 'p50 ms', better: 'lower', decimals: 1 },
  { key: 'responseP95Ms', title: 'p95 ms', better: 'lower', decimals: 1 },
  { key: 'failedRequests', title: 'failed', better: 'lower', decimals: 0 },
  { key: 'peakPods', title: 'peak pods', better: 'neither', decimals: 0 },
  { key: 'createdPods', title: 'created', better: 'neither', decimals: 0 },
  { key: 'churnPods', title: 'churn', better: 'lower', decimals: 0 },
  { key: 'expectationsHeld', title: 'held', better: 'higher', decimals: 0 },
  { key: 'expectationsFailed', title: 'not held', better: 'lower', decimals: 0 },
];

/** Those that say something about at least one of the runs. */
export function columnsWithValues(runs: readonly Measures[]): readonly MeasureColumn[] {
  return MEASURE_COLUMNS.filter(({ key }) => runs.some((measures) => measures[key] !== null));
}

export function cellText(value: number | null, decimals: number): string {
  return value === null ? '–' : value.toFixed(decimals);
}
