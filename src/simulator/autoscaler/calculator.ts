import { groupPods, type PodGroups } from './groups.ts';
import type { ControllerSettings } from './settings.ts';
import { isWithinTolerance, type Tolerances } from './tolerance.ts';
import type { AutoscaledPod, MetricTarget, PodSample, Read } from './types.ts';
import { failed, podRequests, podUsages } from './usage.ts';

/** What one metric asks for. */
export interface ReplicaQuestion {
  readonly currentReplicas: number;
  readonly pods: readonly AutoscaledPod[];
  readonly samples: Read<readonly PodSample[]>;
  /** Undefined: all containers of a pod together. */
  readonly container?: string | undefined;
  readonly target: MetricTarget;
  readonly tolerances: Tolerances;
  readonly nowMs: number;
  readonly settings: ControllerSettings;
}

export interface Proposal extends Reading {
  readonly replicas: number;
}

/** As `status.currentMetrics` shows it. */
export interface Reading {
  /** Percent of the request, cut to a whole number; of a target of type Utilization only. */
  readonly utilizationPercent?: number | undefined;
  /** Mean of the pods, cut to whole millicores. */
  readonly averageMilli: number;
}

/** CPU by the name of the pod. */
type Values = Map<string, number>;

/** How far the target is used, and what a missing pod counts when scaling down. */
interface Meter {
  readonly read: (values: Values) => Read<Reading & { readonly ratio: number }>;
  readonly missingMilli: (pod: AutoscaledPod) => number;
  readonly onTargetLeavesMissingOut: boolean;
}

/**
 * The replicas that one metric proposes: replica_calculator.go, GetResourceReplicas for a utilization,
 * GetRawResourceReplicas with calcPlainMetricReplicas for an average value.
 */
export function proposeReplicas(question: ReplicaQuestion): Read<Proposal> {
  const { pods, samples, container, nowMs, settings, target } = question;
  const usages = podUsages(samples, container, settings.generation);
  if (!usages.ok) return failed(`unable to get metrics for resource cpu: ${usages.error}`);
  if (pods.length === 0) return failed('no pods returned by selector while calculating replica count');
  const groups = groupPods(pods, usages.value, nowMs, settings);
  const values: Values = new Map();
  for (const [name, { milli }] of usages.value) values.set(name, milli);
  for (const { name } of [...groups.ignored, ...groups.unready]) values.delete(name);
  if (values.size === 0) {
    return failed('did not receive metrics for targeted pods (pods might be unready)');
  }
  const meter =
    target.type === 'Utilization'
      ? utilizationMeter(question, target.averageUtilization)
      : averageMeter(question, target.averageMilli);
  return meter.ok ? propose(question, groups, values, meter.value) : meter;
}

function propose(
  { currentReplicas, tolerances, settings }: ReplicaQuestion,
  groups: PodGroups,
  values: Values,
  meter: Meter,
): Read<Proposal> {
  const first = meter.read(values);
  if (!first.ok) return first;
  const { ratio, ...reading } = first.value;
  const proposed = (replicas: number): Read<Proposal> => ({ ok: true, value: { ...reading, replicas } });
  const isWithin = (usageRatio: number) => isWithinTolerance(usageRatio, tolerances, settings.generation);

  const scalesUpWithUnready = groups.unready.length > 0 && ratio > 1;
  if (!scalesUpWithUnready && groups.missing.length === 0) {
    return proposed(isWithin(ratio) ? currentReplicas : Math.ceil(ratio * groups.ready.length));
  }
  assumeUnknown(values, groups, meter, ratio);
  const second = meter.read(values);
  if (!second.ok) return second;
  const newRatio = second.value.ratio;
  if (isWithin(newRatio) || areOpposite(ratio, newRatio)) return proposed(currentReplicas);
  const replicas = Math.ceil(newRatio * values.size);
  return proposed(areOpposite(newRatio, replicas / currentReplicas) ? currentReplicas : replicas);
}

/** Pods of which nothing is known shall make the step smaller, whichever way it goes. */
function assumeUnknown(values: Values, { unready, missing }: PodGroups, meter: Meter, ratio: number): void {
  if (ratio < 1) for (const pod of missing) values.set(pod.name, meter.missingMilli(pod));
  else if (ratio > 1 || !meter.onTargetLeavesMissingOut) for (const { name } of missing) values.set(name, 0);
  if (ratio > 1) for (const { name } of unready) values.set(name, 0);
}

/** Whether one is for fewer replicas and the other for more. */
function areOpposite(ratio: number, other: number): boolean {
  return (ratio < 1 && other > 1) || (ratio > 1 && other < 1);
}

/** metrics/utilization.go, GetResourceUtilizationRatio. Metrics of pods that are not there do not count. */
function utilizationMeter({ pods, container, settings }: ReplicaQuestion, target: number): Read<Meter> {
  const requests = podRequests(pods, container, settings.generation);
  if (!requests.ok) return requests;
  const missingPercent = settings.generation.missingPodsReachTarget ? Math.max(100, target) : 100;
  const read: Meter['read'] = (values) => {
    let usedMilli = 0;
    let requestedMilli = 0;
    let count = 0;
    for (const [name, milli] of values) {
      const request = requests.value.get(name);
      if (request === undefined) continue;
      usedMilli += milli;
      requestedMilli += request;
      count += 1;
    }
    if (requestedMilli === 0) return failed('no metrics returned matched known pods');
    const utilizationPercent = Math.trunc((usedMilli * 100) / requestedMilli);
    const averageMilli = Math.trunc(usedMilli / count);
    return { ok: true, value: { ratio: utilizationPercent / target, utilizationPercent, averageMilli } };
  };
  const missingMilli = ({ name }: AutoscaledPod) =>
    Math.trunc(((requests.value.get(name) ?? 0) * missingPercent) / 100);
  return { ok: true, value: { read, missingMilli, onTargetLeavesMissingOut: true } };
}

/** metrics/utilization.go, GetMetricUsageRatio. */
function averageMeter({ settings }: ReplicaQuestion, targetMilli: number): Read<Meter> {
  const read: Meter['read'] = (values) => {
    let usedMilli = 0;
    for (const milli of values.values()) usedMilli += milli;
    const averageMilli = Math.trunc(usedMilli / values.size);
    return { ok: true, value: { ratio: averageMilli / targetMilli, averageMilli } };
  };
  const { onTargetLeavesMissingOut } = settings.generation;
  return { ok: true, value: { read, missingMilli: () => targetMilli, onTargetLeavesMissingOut } };
}
