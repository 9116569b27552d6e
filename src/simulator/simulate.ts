import { type Config, configOf } from '../config/config.ts';
import { API_VERSION, KIND } from '../config/schema.ts';
import { runUntil, schedule } from './engine/timeline.ts';
import { checkExpectations } from './expect/check.ts';
import { buildNode, buildReplicaSet, buildRunningPod } from './model/build.ts';
import { type Cpu, createCpu, settleAll } from './model/cpu.ts';
import { startPod } from './model/kubelet.ts';
import { recordedLoad } from './model/load.ts';
import { type ServedMetrics, startMetricsServer } from './model/metrics-server.ts';
import { scaleTo } from './model/workloads.ts';
import { clockMs, createWorld, tellNode, type World } from './model/world.ts';
import { createRecorder, type Recorder, recordAttempt, recordSample, resultOf } from './record.ts';
import type { SimulationResult } from './result.ts';
import { inProcessExtender } from './scheduler/extender.ts';
import { startScheduler } from './scheduler/scheduler.ts';
import { startSpillway } from './spillway.ts';
import type { Trace, TraceEvent } from './trace/schema.ts';

/** The cluster, its metrics and Spillway have run for so many scrapes when the trace begins. */
const WARM_UP_SCRAPES = 4;

/**
 * Runs a trace in virtual time. The same trace gives the same result, to the byte, on any machine: nothing
 * here looks at the real clock, and chance comes from the trace's seed.
 */
export function simulate(trace: Trace): SimulationResult {
  const config = traceConfig(trace);
  const startMs = clockMs(-WARM_UP_SCRAPES * trace.metricsServer.resolution);
  const nodes = trace.nodes.map((node) => buildNode(node, config.tiers));
  const world = createWorld(trace, nodes, startMs);
  for (const object of trace.pods) {
    const pod = buildRunningPod(world, object);
    world.pods.set(pod.uid, pod);
    pod.node?.pods.add(pod);
  }
  const cpu = createCpu(world, recordedLoad(trace.load));
  const recorder = createRecorder(world);
  start(world, cpu, recorder, config);
  schedule(world.timeline, clockMs(0), () => deploy(world, cpu));
  for (const event of trace.events) {
    schedule(world.timeline, clockMs(event.at), () => apply(world, cpu, recorder, event));
  }
  runUntil(world.timeline, clockMs(trace.duration));
  settleAll(cpu);
  const result = resultOf(recorder, world, cpu, config.placement.thresholdRatio);
  return { ...result, expectations: checkExpectations(trace, result) };
}

/** The configuration that the trace asks for; what it leaves out has the defaults of the file. */
export function traceConfig({ configuration }: Trace): Config {
  return configOf({ ...configuration, apiVersion: API_VERSION, kind: KIND });
}

function start(world: World, cpu: Cpu, recorder: Recorder, config: Config): void {
  const spillway = startSpillway(
    world,
    config,
    {
      decided: (decision) => recorder.decisions.push(decision),
      // A bug in the core fails open in a cluster, and must not pass here.
      failedOpen: (verb, error) => {
        throw new Error(`${verb} failed`, { cause: error });
      },
    },
    (picture, metrics) => recordSample(recorder, world, picture, metrics),
  );
  const serve = (metrics: ServedMetrics) => spillway.metricsServed(metrics);
  startMetricsServer(world, cpu, serve);
  startScheduler(
    world,
    world.trace.scheduler.extender === 'none' ? undefined : inProcessExtender(spillway.context),
    { attempted: (pod, attempt) => recordAttempt(recorder, world, pod, attempt) },
    (pod) => startPod(world, cpu, pod),
  );
}

function deploy(world: World, cpu: Cpu): void {
  for (const deployment of world.trace.deployments) {
    const replicaSet = buildReplicaSet(world, deployment);
    world.replicaSets.set(replicaSet.workload, replicaSet);
    scaleTo(world, cpu, replicaSet, replicaSet.replicas);
  }
}

function apply(world: World, cpu: Cpu, recorder: Recorder, event: TraceEvent): void {
  const { scale, cordon, uncordon } = event;
  const replicaSet = scale && world.replicaSets.get(scale.deployment);
  if (scale !== undefined && replicaSet !== undefined) {
    const atMs = world.timeline.nowMs;
    const { workload, replicas } = replicaSet;
    recorder.scalings.push({ atMs, workload, from: replicas, to: scale.replicas });
    scaleTo(world, cpu, replicaSet, scale.replicas);
  }
  const node = world.nodes.get(cordon ?? uncordon ?? '');
  if (node !== undefined) {
    node.unschedulable = cordon !== undefined;
    tellNode(world, node);
  }
}
