import type { AutoscalerResult } from '../../outcome/result.ts';
import type { TraceAutoscaler } from '../../trace/autoscaler.ts';
import { keyOf, targetKeyOf } from '../../trace/references.ts';
import { every, schedule } from '../engine/timeline.ts';
import { clockMs, type ServedMetrics, type SimReplicaSet, type World } from '../model/world.ts';
import { emptyNotes, type Notes, note } from './notes.ts';
import { podOf, sampleReader } from './read.ts';
import { type ControllerSettings, DEFAULT_SYNC_PERIOD_MS, settingsOf } from './settings.ts';
import { specOf } from './spec.ts';
import { type AutoscalerState, NEW_AUTOSCALER } from './state.ts';
import { syncAutoscaler } from './sync.ts';
import type { AutoscalerInput, AutoscalerSpec, Read } from './types.ts';

export interface AutoscalersOptions {
  /** `--horizontal-pod-autoscaler-sync-period` */
  readonly periodMs?: number;
  /** From the start of the trace to the first sync. A real controller's comes one period after it met them. */
  readonly phaseMs?: number;
  readonly settings?: ControllerSettings;
  /** Of these Deployments the trace says what their autoscaler did: it is not asked. */
  readonly isReplayed?: (workload: string) => boolean;
  /** What metrics.k8s.io serves now; undefined: it does not answer. */
  readonly readMetrics: () => ServedMetrics | undefined;
  readonly scale: (replicaSet: SimReplicaSet, replicas: number) => void;
}

/** A HorizontalPodAutoscaler at work. */
interface Autoscaler {
  readonly workload: string;
  readonly spec: AutoscalerSpec;
  state: AutoscalerState;
  readonly notes: Notes;
}

/**
 * kube-controller-manager's horizontal-pod-autoscaler-controller for all autoscalers of the trace.
 *
 * @returns what they did; it grows while the trace runs
 */
export function startAutoscalers(world: World, options: AutoscalersOptions): readonly AutoscalerResult[] {
  const { trace, timeline } = world;
  const { periodMs = DEFAULT_SYNC_PERIOD_MS, phaseMs = 0, readMetrics, scale } = options;
  const settings = options.settings ?? settingsOf(trace.kubernetesVersion);
  const readSamples = sampleReader();
  const sync = (autoscaler: Autoscaler) => {
    const replicaSet = world.replicaSets.get(autoscaler.workload);
    const input = inputOf(autoscaler, replicaSet, (one) => readSamples(readMetrics(), one));
    const { nowMs } = timeline;
    const result = syncAutoscaler(autoscaler.state, { spec: autoscaler.spec, input, nowMs, settings });
    autoscaler.state = result.state;
    const isSame = note(autoscaler.notes, result, nowMs);
    if (replicaSet !== undefined && result.scaleTo !== undefined) scale(replicaSet, result.scaleTo);
    return isSame ? 'same' : 'changed';
  };
  const autoscalers = trace.horizontalPodAutoscalers.flatMap((object) => {
    const autoscaler = autoscalerOf(object);
    if (options.isReplayed?.(autoscaler.workload) === true) return [];
    const keep = Math.ceil(longestMemoryMs(autoscaler.spec, settings) / periodMs) + 1;
    const begin = () => every(timeline, clockMs(phaseMs), { periodMs, keep, run: () => sync(autoscaler) });
    // Not before what else happens at the start: then there are no workloads yet.
    schedule(timeline, clockMs(0), begin);
    return [{ object, autoscaler }];
  });
  return autoscalers.map(({ object, autoscaler: { workload, notes } }) => ({
    autoscaler: keyOf(object.metadata),
    workload,
    syncs: notes.syncs,
    events: notes.events,
  }));
}

function autoscalerOf(object: TraceAutoscaler): Autoscaler {
  return {
    workload: targetKeyOf(object),
    spec: specOf(object),
    state: NEW_AUTOSCALER,
    notes: emptyNotes(),
  };
}

function inputOf(
  { workload }: Autoscaler,
  replicaSet: SimReplicaSet | undefined,
  readSamples: (replicaSet: SimReplicaSet) => AutoscalerInput['samples'],
): AutoscalerInput {
  if (replicaSet === undefined) {
    const name = workload.slice(workload.indexOf('/') + 1);
    const replicas: Read<number> = { ok: false, error: `deployments.apps "${name}" not found` };
    return { replicas, pods: [], samples: { ok: true, value: [] } };
  }
  return {
    replicas: { ok: true, value: replicaSet.replicas },
    pods: Array.from(replicaSet.pods, podOf),
    samples: readSamples(replicaSet),
  };
}

/** For how long after it happened something may make a sync come to another result than the one before. */
function longestMemoryMs({ behavior }: AutoscalerSpec, settings: ControllerSettings): number {
  const rules = behavior === undefined ? [] : [behavior.scaleUp, behavior.scaleDown];
  const seconds = rules.flatMap(({ stabilizationWindowSeconds = 0, policies }) => [
    stabilizationWindowSeconds,
    ...policies.map(({ periodSeconds }) => periodSeconds),
  ]);
  return Math.max(
    settings.downscaleStabilizationMs,
    settings.cpuInitializationPeriodMs,
    ...seconds.map((one) => one * 1000),
  );
}
