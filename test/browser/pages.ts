import type { SimulationResult } from '../../src/outcome/result.ts';
import { htmlComparison } from '../../src/report/html/comparison.ts';
import { htmlReport } from '../../src/report/html/report.ts';
import { htmlSweep } from '../../src/report/html/sweep.ts';
import { simulate } from '../../src/simulator/simulate.ts';
import { summarize } from '../../src/sweep/summary.ts';
import { decisionOf, podOf, rampOf, resultOf, START_MS } from '../report/html/results.ts';
import { shippedTrace, traceOf } from '../simulator/traces.ts';
import { outcomesOf, planOf } from '../sweep/results.ts';
import { fileOf } from './browser.ts';

/** A run in which everything that a page can show has happened. */
export function fullResult(): SimulationResult {
  const decisions = Array.from({ length: 24 }, (_, index) =>
    decisionOf(index, 60_000 + Math.floor(index / 4) * 15_000 + (index % 4) * 2, {
      result: (['edge', 'overflow', 'overload', 'pending'] as const)[index % 4] ?? 'edge',
    }),
  );
  const counts = decisions.map(({ atMs }, index) => ({
    atMs,
    edge: Math.min(6, index),
    cloud: Math.max(0, Math.min(index - 6, 9)),
    pending: index % 3,
  }));
  const diverged = { atMs: START_MS + 60_002, what: 'fn/web-1 on cloud-1 (cloud)', decision: 1 };
  return resultOf({
    trace: { name: 'full', description: 'Everything that a page can show.', seed: 4 },
    decisions,
    counts,
    pods: decisions.map((decision, index) =>
      podOf(index, {
        ...(decision.nodes[0] === undefined
          ? {}
          : { node: decision.nodes[0], boundAtMs: decision.atMs + 15 }),
        createdAtMs: decision.atMs - 5,
        attempts: [
          {
            atMs: decision.atMs,
            result: decision.nodes[0] === undefined ? 'unschedulable' : 'assumed',
            decision: index,
            scores: [],
            reasons: {},
          },
        ],
      }),
    ),
    workloads: [rampOf(250)],
    autoscalers: [
      {
        autoscaler: 'fn/web',
        workload: 'fn/web',
        syncs: counts.map(({ atMs, edge, cloud, pending }) => ({
          atMs,
          currentReplicas: edge + cloud,
          desiredReplicas: edge + cloud + pending,
          utilizationPercent: 73,
          averageMilli: 95,
          conditions: { AbleToScale: 'SucceededRescale', ScalingLimited: '!DesiredWithinRange' },
        })),
        events: [
          {
            atMs: START_MS + 60_000,
            type: 'Normal',
            reason: 'SuccessfulRescale',
            message: 'New size: 4; reason: cpu resource utilization (percentage of request) above target',
          },
        ],
      },
    ],
    scalings: [{ atMs: START_MS + 60_000, workload: 'fn/web', from: 1, to: 4 }],
    incidents: [{ atMs: START_MS + 200_000, what: 'node edge-1 lost', object: 'edge-1' }],
    expectations: [
      { type: 'pods', expected: 'exactly 6 pods in tier edge at 240 s', held: true, found: '6' },
      { type: 'placed', expected: 'fn/web-1 at the edge', held: false, found: 'on cloud-1', diverged },
    ],
  });
}

export async function e1Result(): Promise<SimulationResult> {
  return simulate(await traceOf(shippedTrace('e1.json')));
}

export function reportFile(result: SimulationResult): string {
  return fileOf(htmlReport(result));
}

export function comparisonFile(
  runs: readonly { readonly label: string; readonly result: SimulationResult }[],
): string {
  return fileOf(
    htmlComparison({
      title: 'By policy',
      table: {
        headers: ['policy', 'edge pods', 'above the threshold'],
        rows: runs.map(({ label }, index) => [label, String(index), `${index}.5 s`]),
      },
      runs,
    }),
  );
}

/** Twenty combinations, some of them on the front. */
export function sweepFile(): string {
  const plan = planOf(['threshold=0.5..0.95:0.05', 'resolution=15,30']);
  const measured = Array.from(
    { length: 20 },
    (_, index) => [0.6 + 0.02 * index, (index * 37) % 100] as const,
  );
  return fileOf(htmlSweep({ name: 'full', plan }, summarize(plan, outcomesOf(...measured))));
}
