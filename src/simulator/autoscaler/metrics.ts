import { type Proposal, proposeReplicas, type Reading } from './calculator.ts';
import { tolerancesOf } from './tolerance.ts';
import type { MetricSpec, Read, Sync } from './types.ts';
import { failed } from './usage.ts';

/** What all metrics of an autoscaler come to. */
export interface MetricsOutcome {
  /** The most that one of them proposes, and its name; an error when nothing may be done. */
  readonly decision: Read<{ readonly replicas: number; readonly metric: string }>;
  /** Of each that could not be computed, in order. */
  readonly failures: readonly MetricFailure[];
  /** `status.currentMetrics`, in the order of the spec; undefined: could not be computed. */
  readonly readings: readonly (Reading | undefined)[];
  /** Of the metric that proposes most. */
  readonly deciding: Reading | undefined;
}

interface MetricFailure {
  /** Of the event, and of the condition ScalingActive. */
  readonly reason: string;
  readonly error: string;
}

interface Computed {
  readonly proposal: Read<Proposal>;
  readonly metric: string;
  readonly failureReason: string;
  /** What stands before the error in the one of all metrics. */
  readonly failureOf: string;
}

/** horizontal.go, computeReplicasForMetrics. */
export function computeMetrics(sync: Sync): MetricsOutcome {
  const { spec, currentReplicas } = sync;
  const computed = spec.metrics.map((metric) => computeMetric(metric, sync));
  let replicas = 0;
  let metric = '';
  let deciding: Reading | undefined;
  for (const { proposal, metric: name } of computed) {
    if (!proposal.ok || (replicas !== 0 && proposal.value.replicas <= replicas)) continue;
    ({ replicas, ...deciding } = proposal.value);
    metric = name;
  }
  const failures = computed.flatMap(({ proposal, failureReason, failureOf }) =>
    proposal.ok ? [] : [{ reason: failureReason, error: proposal.error, of: failureOf }],
  );
  const [first] = failures;
  // With some metrics unknown there may be more load than is seen: then it scales up only.
  const isUnsafe = first !== undefined && (failures.length === computed.length || replicas < currentReplicas);
  const counts = `${failures.length} invalid out of ${computed.length}`;
  return {
    decision: isUnsafe
      ? failed(`invalid metrics (${counts}), first error is: ${first.of}${first.error}`)
      : { ok: true, value: { replicas, metric } },
    failures,
    readings: computed.map(({ proposal }) => (proposal.ok ? readingOf(proposal.value) : undefined)),
    deciding,
  };
}

function readingOf({ replicas: _, ...reading }: Proposal): Reading {
  return reading;
}

/** horizontal.go, computeReplicasForMetric with computeStatusForResourceMetricGeneric. */
function computeMetric(metric: MetricSpec, sync: Sync): Computed {
  if (metric.type === 'Unknown') {
    const proposal = failed(`unknown metric source type ${JSON.stringify(metric.source)}`);
    return { proposal, metric: '', failureReason: 'InvalidMetricSourceType', failureOf: '' };
  }
  const { target } = metric;
  const container = metric.type === 'ContainerResource' ? metric.container : undefined;
  const { spec, input, settings } = sync;
  const tolerances = tolerancesOf(spec.behavior, settings);
  const proposal = proposeReplicas({ ...sync, ...input, container, target, tolerances });
  const what = target.type === 'Utilization' ? 'utilization' : 'usage';
  return {
    proposal: proposal.ok ? proposal : failed(`failed to get cpu ${what}: ${proposal.error}`),
    metric: metricName(metric.type, target.type),
    failureReason: container === undefined ? 'FailedGetResourceMetric' : 'FailedGetContainerResourceMetric',
    failureOf:
      container === undefined
        ? 'failed to get cpu resource metric value: '
        : `failed to get ${container} container metric value: `,
  };
}

/** As conditions and the reasons of events name it. */
function metricName(type: 'Resource' | 'ContainerResource', target: 'Utilization' | 'AverageValue'): string {
  if (target === 'AverageValue') return 'cpu resource';
  const resource = type === 'Resource' ? 'resource' : 'container resource';
  return `cpu ${resource} utilization (percentage of request)`;
}
