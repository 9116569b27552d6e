import { type Compact, compactDecision, createCompact, withScores } from '../outcome/compact.ts';
import type {
  AttemptResult,
  CpuPoint,
  Incident,
  MeasuredCpu,
  PodResult,
  Scaling,
  SimulationResult,
} from '../outcome/result.ts';
import { projectNodeUsage } from '../picture/project.ts';
import type { Decision } from '../placement/decision.ts';
import { policyName } from '../trace/policy.ts';
import { TRACE_API_VERSION } from '../trace/schema.ts';
import type { NodeForecast } from './link.ts';
import type { Cpu } from './model/cpu.ts';
import type { ServedMetrics, SimPod, World } from './model/world.ts';
import { clockMs } from './model/world.ts';
import type { Attempt } from './scheduler/cycle.ts';

/** Writes down what happens in a run. */
export interface Recorder {
  readonly decisions: Decision[];
  readonly compact: Compact;
  readonly pods: Map<SimPod, AttemptResult[]>;
  readonly scalings: Scaling[];
  readonly incidents: Incident[];
  readonly measured: Map<string, MeasuredCpu[]>;
  readonly forecast: Map<string, CpuPoint[]>;
  /** Decisions made when the last attempt had been recorded. */
  decisionsBefore: number;
}

export function createRecorder(world: World): Recorder {
  const recorder: Recorder = {
    decisions: [],
    compact: createCompact(),
    pods: new Map(),
    scalings: [],
    incidents: [],
    measured: new Map(),
    forecast: new Map(),
    decisionsBefore: 0,
  };
  world.watchers.push({
    pod: (pod, change) => {
      if (change === 'created') recorder.pods.set(pod, []);
    },
  });
  return recorder;
}

export function recordDecision({ decisions, compact }: Recorder, decision: Decision): void {
  decisions.push(compactDecision(compact, decision));
}

/** One for all attempts that left out no node. */
const NO_REASONS: AttemptResult['reasons'] = {};

export function recordAttempt(recorder: Recorder, world: World, pod: SimPod, attempt: Attempt): void {
  const asked = recorder.decisions.length > recorder.decisionsBefore;
  const about = {
    atMs: world.timeline.nowMs,
    result: attempt.result,
    decision: asked ? recorder.decisions.length - 1 : undefined,
  };
  const scores = attempt.result === 'assumed' ? attempt.scores : [];
  const reasons = attempt.reasons.size === 0 ? NO_REASONS : Object.fromEntries(attempt.reasons);
  recorder.pods.get(pod)?.push(Object.assign(withScores(recorder.compact, about, scores), { reasons }));
  recorder.decisionsBefore = recorder.decisions.length;
}

/** @param forecasts what Spillway expects now that it has the metrics; asked only when they are written down */
export function recordSample(
  recorder: Recorder,
  world: World,
  metrics: ServedMetrics,
  forecasts: () => readonly NodeForecast[],
): void {
  const atMs = world.timeline.nowMs;
  if (atMs < clockMs(0)) return;
  for (const item of metrics.nodes) {
    const usage = projectNodeUsage(item);
    if (usage === undefined) continue;
    const { usageMilli, timestampMs, windowMs } = usage;
    listOf(recorder.measured, usage.name).push({
      atMs,
      milli: usageMilli,
      sampleEndMs: timestampMs,
      windowMs,
    });
  }
  for (const { node, milli } of forecasts()) listOf(recorder.forecast, node).push({ atMs, milli });
}

export function resultOf(
  recorder: Recorder,
  world: World,
  cpu: Cpu,
  thresholdRatio: number,
): Omit<SimulationResult, 'expectations' | 'expectationsOfOtherPolicies'> {
  const { trace, timeline } = world;
  const startMs = clockMs(0);
  const pods = Array.from(recorder.pods, ([pod, attempts]) => podResult(pod, attempts));
  return {
    apiVersion: TRACE_API_VERSION,
    kind: 'SimulationResult',
    trace: { name: trace.metadata.name, description: trace.metadata.description, seed: trace.seed },
    policy: policyName(trace),
    startMs,
    endMs: timeline.nowMs,
    nodes: Array.from(cpu.accounts.keys(), (node) => ({
      name: node.name,
      tier: node.tier,
      allocatableMilli: node.allocatable.cpuMilli,
      thresholdMilli: node.tier === 'edge' ? thresholdRatio * node.allocatable.cpuMilli : undefined,
      real: (cpu.accounts.get(node)?.stretches.list ?? []).flatMap((stretch) => {
        if (stretch.toMs <= startMs) return [];
        return [stretch.fromMs >= startMs ? stretch : { ...stretch, fromMs: startMs }];
      }),
      measured: recorder.measured.get(node.name) ?? [],
      forecast: recorder.forecast.get(node.name) ?? [],
    })),
    pods,
    scalings: recorder.scalings,
    decisions: recorder.decisions,
    counts: countsOf(pods),
    workloads: [],
    autoscalers: [],
    incidents: recorder.incidents,
  };
}

function podResult(pod: SimPod, attempts: readonly AttemptResult[]): PodResult {
  return {
    uid: pod.uid,
    namespace: pod.namespace,
    name: pod.name,
    workload: pod.owner?.workload ?? '',
    node: pod.node?.name,
    tier: pod.node?.tier,
    createdAtMs: pod.createdAtMs,
    boundAtMs: pod.boundAtMs,
    startedAtMs: pod.startedAtMs,
    readyAtMs: pod.readyAtMs,
    terminatingAtMs: pod.terminatingAtMs,
    goneAtMs: pod.goneAtMs,
    restarts: pod.restarts,
    attempts,
  };
}

interface CountChange {
  readonly atMs: number;
  readonly key: 'edge' | 'cloud' | 'pending';
  readonly by: 1 | -1;
}

function countsOf(pods: readonly PodResult[]): SimulationResult['counts'] {
  const changes = pods.flatMap(countChanges).sort((left, right) => left.atMs - right.atMs);
  const counts = { edge: 0, cloud: 0, pending: 0 };
  const points: SimulationResult['counts'][number][] = [];
  for (const { atMs, key, by } of changes) {
    counts[key] += by;
    if (points.at(-1)?.atMs === atMs) points.pop();
    points.push({ atMs, ...counts });
  }
  return points;
}

function countChanges({ tier, createdAtMs, boundAtMs, terminatingAtMs }: PodResult): readonly CountChange[] {
  const changes: CountChange[] = [{ atMs: createdAtMs, key: 'pending', by: 1 }];
  if (boundAtMs === undefined || tier === undefined) {
    if (terminatingAtMs !== undefined) changes.push({ atMs: terminatingAtMs, key: 'pending', by: -1 });
    return changes;
  }
  changes.push({ atMs: boundAtMs, key: 'pending', by: -1 }, { atMs: boundAtMs, key: tier, by: 1 });
  if (terminatingAtMs !== undefined) changes.push({ atMs: terminatingAtMs, key: tier, by: -1 });
  return changes;
}

function listOf<T>(lists: Map<string, T[]>, name: string): T[] {
  const existing = lists.get(name);
  if (existing !== undefined) return existing;
  const list: T[] = [];
  lists.set(name, list);
  return list;
}
