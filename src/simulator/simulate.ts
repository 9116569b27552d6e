import { type Config, configOf } from '../config/config.ts';
import { API_VERSION, type ConfigFile, KIND } from '../config/schema.ts';
import { checkExpectations } from '../outcome/expect/check.ts';
import type { AutoscalerResult, SimulationResult } from '../outcome/result.ts';
import type { Picture } from '../picture/picture.ts';
import type { Plan } from '../rebalance/rebalancer.ts';
import { policyName } from '../trace/policy.ts';
import type { Trace } from '../trace/schema.ts';
import { actsOn } from './acts.ts';
import { startAutoscalers } from './autoscaler/autoscalers.ts';
import { runUntil, schedule } from './engine/timeline.ts';
import { type Affected, applyEvent } from './incidents.ts';
import { linkInProcess, type OpenLink, type SpillwayLink } from './link.ts';
import { startRequests } from './load/start.ts';
import type { Requests } from './load/types.ts';
import { workloadResults } from './load/workloads.ts';
import { buildNode, buildReplicaSet, buildRunningPod } from './model/build.ts';
import { type Cpu, closeAccounts, createCpu } from './model/cpu.ts';
import { curveLoad } from './model/load.ts';
import { startMetricsServer } from './model/metrics-server.ts';
import { podBound } from './model/nodes.ts';
import { replaceDeleted, scaleTo } from './model/workloads.ts';
import { clockMs, createWorld, type World } from './model/world.ts';
import { POLICIES, type Policy } from './policies/policy.ts';
import {
  createRecorder,
  type Recorder,
  recordAttempt,
  recordDecision,
  recordSample,
  resultOf,
} from './record.ts';
import { extenderBehind } from './scheduler/extender.ts';
import { defaultProfile } from './scheduler/profile.ts';
import { startScheduler } from './scheduler/scheduler.ts';
import type { Scheduler } from './scheduler/state.ts';
import { startSenses } from './senses.ts';

/** The cluster, its metrics and Spillway have run for so many scrapes when the trace begins. */
const WARM_UP_SCRAPES = 4;

export interface SimulateOptions {
  /** Called now and then with the time since the start of the trace that the run has come to. */
  readonly progress?: ((sinceStartMs: number) => void) | undefined;
  /** How Spillway is reached; absent: by calling its functions. */
  readonly openLink?: OpenLink | undefined;
  /** What Spillway asks of the cluster after each sample; absent: nothing. */
  readonly plan?: Plan | undefined;
  /**
   * Looks into the run, but for one with a live extender: called when all is set up, and what it returns after
   * each thing that happened.
   */
  readonly inspect?: ((run: Run) => () => void) | undefined;
}

/** The parts of a run while it goes on. Who looks at them changes nothing, or the result is another one. */
export interface Run {
  readonly world: World;
  readonly cpu: Cpu;
  readonly requests: Requests;
  readonly scheduler: Scheduler;
  readonly picture: Picture;
  readonly recorder: Recorder;
  /** Those that are asked: not those whose Deployments are scaled by events. */
  readonly autoscalers: readonly AutoscalerResult[];
}

/**
 * Runs a trace in virtual time. The same trace gives the same result, to the byte, on any machine: nothing
 * here looks at the real clock, and chance comes from the trace's seed.
 */
export function simulate(
  given: Trace,
  { progress, openLink = linkInProcess, plan, inspect }: SimulateOptions = {},
): SimulationResult {
  const configuration = configFileOf(given);
  const config = configOf(configuration);
  const policy = POLICIES[policyName(given)];
  const trace = policy.traceOf?.(given, config.tiers) ?? given;
  const startMs = clockMs(-WARM_UP_SCRAPES * trace.metricsServer.resolution);
  const nodes = trace.nodes.map((node) => buildNode(node, config.tiers));
  const world = createWorld(trace, nodes, startMs);
  for (const object of trace.pods) {
    const pod = buildRunningPod(world, object);
    world.pods.set(pod.uid, pod);
    pod.node?.pods.add(pod);
  }
  const cpu = createCpu(world, curveLoad(trace.load, clockMs(trace.duration)));
  const { requests, answered } = startRequests(world, cpu);
  const recorder = createRecorder(world);
  const link = openLink({
    configuration,
    now: () => world.timeline.nowMs,
    port: actsOn(world, cpu),
    plan,
    observer: {
      decided: (decision) => recordDecision(recorder, decision),
      // A bug in the core fails open in a cluster, and must not pass here.
      failedOpen: (verb, error) => {
        throw new Error(`${verb} failed`, { cause: error });
      },
    },
  });
  const { picture } = link;
  const { affected, scheduler } = start(world, cpu, recorder, { config, policy, link });
  schedule(world.timeline, clockMs(0), () => deploy(world, cpu));
  for (const event of trace.events) {
    schedule(world.timeline, clockMs(event.at), () => applyEvent(affected, event));
  }
  const autoscalers = startScaling(affected, recorder);
  runUntil(world.timeline, clockMs(trace.duration), {
    reached: progress && ((atMs) => progress(atMs - clockMs(0))),
    stepped: picture && inspect?.({ world, cpu, requests, scheduler, picture, recorder, autoscalers }),
  });
  link.end();
  closeAccounts(cpu);
  const result = resultOf(recorder, world, cpu, config.placement.thresholdRatio);
  const { responses, users } = answered();
  const run = { ...result, autoscalers, workloads: workloadResults(cpu, { responses, users }) };
  const expectations = checkExpectations(trace, { ...run, responses });
  return { ...run, expectations, expectationsOfOtherPolicies: trace.expect.length - expectations.length };
}

/** The configuration that the trace asks for; what it leaves out has the defaults of the file. */
export function traceConfig(trace: Trace): Config {
  return configOf(configFileOf(trace));
}

function configFileOf({ configuration }: Trace): ConfigFile {
  return { ...configuration, apiVersion: API_VERSION, kind: KIND };
}

interface Placing {
  readonly config: Config;
  readonly policy: Policy;
  readonly link: SpillwayLink;
}

interface Started extends Pick<Run, 'scheduler'> {
  readonly affected: Affected;
}

function start(world: World, cpu: Cpu, recorder: Recorder, { config, policy, link }: Placing): Started {
  const { metricsServed } = startSenses(world, link, {
    pollIntervalMs: config.metrics.pollIntervalMs,
    sampled: (metrics) => recordSample(recorder, world, metrics, link.forecasts),
  });
  const metricsServer = startMetricsServer(world, cpu, metricsServed);
  const profile = defaultProfile(world.trace.scheduler.scoringStrategy);
  const scheduler = startScheduler(world, {
    extender: policy.asksSpillway ? extenderBehind(link, () => world.extender.available) : undefined,
    observer: { attempted: (pod, attempt) => recordAttempt(recorder, world, pod, attempt) },
    onBound: (pod) => podBound(world, cpu, pod),
    profile: policy.profileOf?.(profile, world) ?? profile,
  });
  replaceDeleted(world);
  const { scalings, incidents } = recorder;
  const affected = { world, cpu, metricsServer, tiers: config.tiers, scalings, incidents };
  return { affected, scheduler };
}

/** Autoscalers act on their own, but for those of which the trace replays what they did. */
function startScaling({ world, cpu }: Affected, { scalings }: Recorder): readonly AutoscalerResult[] {
  const { events, autoscaling } = world.trace;
  return startAutoscalers(world, {
    // workqueue: an autoscaler is put back when its sync is over, and is due a period later.
    periodMs: autoscaling.syncPeriod + autoscaling.syncDuration,
    phaseMs: autoscaling.phase,
    isReplayed: (workload) => events.some(({ scale }) => scale?.deployment === workload),
    readMetrics: () => world.metricsApi.served,
    scale: (replicaSet, to) => {
      const { workload, replicas: from } = replicaSet;
      scalings.push({ atMs: world.timeline.nowMs, workload, from, to });
      scaleTo(world, cpu, replicaSet, to);
    },
  });
}

function deploy(world: World, cpu: Cpu): void {
  for (const deployment of world.trace.deployments) {
    const replicaSet = buildReplicaSet(world, deployment);
    world.replicaSets.set(replicaSet.workload, replicaSet);
    scaleTo(world, cpu, replicaSet, replicaSet.replicas);
  }
}
