import type { Responses } from '../../../src/outcome/responses.ts';
import type { WorkloadResult } from '../../../src/outcome/result.ts';
import { runUntil, schedule } from '../../../src/simulator/engine/timeline.ts';
import { startRequests } from '../../../src/simulator/load/start.ts';
import { workloadResults } from '../../../src/simulator/load/workloads.ts';
import { type Cpu, closeAccounts, createCpu } from '../../../src/simulator/model/cpu.ts';
import { curveLoad } from '../../../src/simulator/model/load.ts';
import { becomeReady } from '../../../src/simulator/model/pods.ts';
import {
  clockMs,
  createWorld,
  type SimNode,
  type SimPod,
  type SimReplicaSet,
  type World,
} from '../../../src/simulator/model/world.ts';
import { simNode, simPod } from '../model/pods.ts';
import { type TraceDocument, traceDocument, traceOf, WORKLOAD } from '../traces.ts';

/** Pods of fn/web on nodes, without a scheduler: whether and when requests are answered is all there is. */
export interface Rig {
  readonly world: World;
  readonly cpu: Cpu;
  readonly pods: readonly SimPod[];
  readonly nodes: readonly SimNode[];
}

export interface RigSettings {
  /** Cores of each node, by name. */
  readonly nodes?: Readonly<Record<string, number>>;
  /** The node of each pod; they are ready from the start. */
  readonly pods?: readonly string[];
  readonly limit?: string;
  readonly load: readonly TraceDocument[];
  readonly seconds: number;
  readonly seed?: number;
  readonly over?: TraceDocument;
  /** What happens at which second. */
  readonly events?: readonly (readonly [number, (rig: Rig) => void])[];
}

export interface RigRun extends Rig {
  readonly result: WorkloadResult | undefined;
  readonly responses: Responses;
  /** Core-seconds that all pods used. */
  readonly podCpu: number;
  readonly timelineSteps: number;
}

export async function runRig({ seconds, events = [], ...settings }: RigSettings): Promise<RigRun> {
  const rig = await rigOf(settings, seconds);
  const { world, cpu, pods } = rig;
  schedule(world.timeline, clockMs(0), () => {
    for (const pod of pods) becomeReady(world, cpu, pod);
  });
  const { answered } = startRequests(world, cpu);
  for (const [second, happens] of events) {
    schedule(world.timeline, clockMs(second * 1000), () => happens(rig));
  }
  runUntil(world.timeline, clockMs(seconds * 1000));
  closeAccounts(cpu);
  const { responses } = answered();
  const ofWeb = responses.get(WORKLOAD);
  return {
    ...rig,
    result: workloadResults(cpu, answered())[0],
    responses: ofWeb ?? { rows: 0, ...emptyColumns() },
    podCpu:
      sum(Array.from(cpu.accounts.values(), ({ usedByWorkload }) => usedByWorkload.get(WORKLOAD) ?? 0)) / 1e6,
    timelineSteps: world.timeline.sequence,
  };
}

async function rigOf(
  { nodes = { 'cloud-1': 4 }, pods = ['cloud-1'], limit, load, seed = 1, over }: Omit<RigSettings, 'seconds'>,
  seconds: number,
): Promise<Rig> {
  const trace = await traceOf(traceDocument({ duration: `${seconds}s`, seed, load, ...over }));
  const simNodes = Object.entries(nodes).map(([name, cores]) =>
    simNode(name, { allocatable: { cpuMilli: cores * 1000, memoryBytes: 8e9, pods: 110 } }),
  );
  const world = createWorld(trace, simNodes, clockMs(0));
  const cpu = createCpu(world, curveLoad(trace.load, clockMs(trace.duration)));
  const resources = { requests: { cpu: '100m' }, ...(limit !== undefined && { limits: { cpu: limit } }) };
  const spec = { containers: [{ resources }] };
  const owner = replicaSetOf(spec, pods.length);
  world.replicaSets.set(WORKLOAD, owner);
  const simPods = pods.map((name, index) => {
    const node = world.nodes.get(name);
    const kubelet = { starts: 1, containers: 'ready' } as const;
    const pod = simPod(`web-${index + 1}`, { owner, node, spec, kubelet, startedAtMs: clockMs(0) });
    node?.pods.add(pod);
    owner.pods.add(pod);
    world.pods.set(pod.uid, pod);
    return pod;
  });
  return { world, cpu, pods: simPods, nodes: simNodes };
}

function replicaSetOf(podSpec: SimPod['spec'], replicas: number): SimReplicaSet {
  return {
    uid: 'rs',
    name: 'web-1',
    namespace: 'fn',
    workload: WORKLOAD,
    deploymentName: 'web',
    labels: {},
    annotations: {},
    podSpec,
    replicas,
    pods: new Set(),
    created: replicas,
    active: replicas,
    serving: 0,
  };
}

function emptyColumns() {
  return {
    sentAtMs: new Float64Array(),
    endedAtMs: new Float64Array(),
    tier: new Uint8Array(),
    ok: new Uint8Array(),
  };
}

export function users(count: number, request: TraceDocument, over: TraceDocument = {}): TraceDocument {
  return {
    type: 'virtualUsers',
    deployment: WORKLOAD,
    startUsers: count,
    stages: [{ duration: '24h', target: count }],
    request,
    ...over,
  };
}

export function arrivals(perSecond: number, request: TraceDocument, over: TraceDocument = {}): TraceDocument {
  return { type: 'arrivals', deployment: WORKLOAD, points: [{ at: '0s', perSecond }], request, ...over };
}

/** When each response came, in seconds, how long it took, in milliseconds, and how it ended. */
export function rowsOf({ responses }: RigRun) {
  return Array.from({ length: responses.rows }, (_, row) => {
    const [sentAtMs = 0, endedAtMs = 0] = [responses.sentAtMs[row], responses.endedAtMs[row]];
    return {
      second: (endedAtMs - clockMs(0)) / 1000,
      tookMs: Math.round((endedAtMs - sentAtMs) * 100) / 100,
      ok: responses.ok[row] === 1,
      tier: [undefined, 'edge', 'cloud'][responses.tier[row] ?? 0],
    };
  });
}

export const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);

export const even = (perSecond: number, request: object) =>
  arrivals(perSecond, { ...request }, { spacing: 'even' });
/** Something that happens to the first pod. */
export const toFirst = (what: (rig: Rig, pod: SimPod, node: SimNode) => void) => (rig: Rig) => {
  const [pod] = rig.pods;
  if (pod?.node !== undefined) what(rig, pod, pod.node);
};
/** Core-seconds of each pod. */
export const cpuOf = (run: RigRun) => {
  const accounts = Array.from(run.cpu.accounts.values());
  return run.pods.map(
    (pod) =>
      Math.round(accounts.reduce((sum, { usedByPod }) => sum + (usedByPod.get(pod) ?? 0), 0) / 1e3) / 1e3,
  );
};
