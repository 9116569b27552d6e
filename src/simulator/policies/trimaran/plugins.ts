import { scheduleIn } from '../../engine/timeline.ts';
import type { SimPod, World } from '../../model/world.ts';
import type { NodeInfo } from '../../scheduler/node-info.ts';
import type { ScorePlugin } from '../../scheduler/plugin.ts';
import { amountOf } from '../../scheduler/requests.ts';
import { LOAD_VARIATION_ARGS, loadVariationScore } from './load-variation.ts';
import { startLoadWatcher } from './load-watcher.ts';
import { predictPodMilli, TARGET_LOAD_PACKING_ARGS, targetLoadPackingScore } from './target-load-packing.ts';

/** metricsAgentReportingIntervalSeconds: a pod bound this long before the metrics may not be in them. */
const REPORTING_INTERVAL_SECONDS = 60;

/** TargetLoadPacking. A node without metrics gets 0: it is avoided. */
export function targetLoadPacking(world: World): ScorePlugin {
  const watcher = startLoadWatcher(world);
  const bound = watchBindings(world);
  const args = TARGET_LOAD_PACKING_ARGS;
  return {
    plugin: 'TargetLoadPacking',
    weight: 1,
    prepare: ({ pod }) => {
      const podMilli = predictPodMilli(pod.spec, args);
      return {
        score: ({ state }) => {
          const { metrics } = watcher;
          const usageMilli = metrics?.usageMilli.get(state.name);
          if (metrics === undefined || usageMilli === undefined) return 0;
          const missingMilli = predictedSince(
            bound.get(state.name),
            metrics.windowEndSeconds - REPORTING_INTERVAL_SECONDS,
          );
          const capacityMilli = capacityOf(world, state.name) ?? state.allocatable.cpuMilli;
          const node = { capacityMilli, usageMilli, missingMilli };
          return targetLoadPackingScore(node, podMilli, args.targetUtilizationPercent);
        },
      };
    },
  };
}

/**
 * LoadVariationRiskBalancing. metrics-server gives no deviation, so it is 0 there. Memory that is used is not
 * simulated: what pods request stands for it.
 */
export function loadVariationRiskBalancing(world: World): ScorePlugin {
  const watcher = startLoadWatcher(world);
  return {
    plugin: 'LoadVariationRiskBalancing',
    weight: 1,
    prepare: ({ pod: { amounts } }) => ({
      score: (node) => {
        const usageMilli = watcher.metrics?.usageMilli.get(node.state.name);
        if (usageMilli === undefined) return 0;
        const { cpuMilli, memoryBytes } = node.state.allocatable;
        const cpu = statsOf(cpuMilli, amounts.requests.cpuMilli, usageMilli);
        const memory = statsOf(memoryBytes, amounts.requests.memoryBytes, requestedBytes(node));
        return loadVariationScore(cpu, memory, LOAD_VARIATION_ARGS);
      },
    }),
  };
}

function statsOf(capacity: number, requested: number, usedMean: number) {
  return { capacity, requested, usedMean, usedDeviation: 0 };
}

function requestedBytes({ requested }: NodeInfo): number {
  return requested.memoryBytes;
}

interface Binding {
  readonly atSeconds: number;
  readonly predictedMilli: number;
}

/** PodAssignEventHandler: pods by node and when their binding was heard of. */
function watchBindings(world: World): ReadonlyMap<string, ReadonlyMap<SimPod, Binding>> {
  const bound = new Map<string, Map<SimPod, Binding>>();
  const heard = (pod: SimPod) => {
    const { node } = pod;
    if (node === undefined || pod.goneAtMs !== undefined) return;
    const atSeconds = Math.floor(world.timeline.nowMs / 1000);
    const binding = { atSeconds, predictedMilli: predictPodMilli(pod.spec, TARGET_LOAD_PACKING_ARGS) };
    const onNode = bound.get(node.name) ?? new Map<SimPod, Binding>();
    bound.set(node.name, onNode.set(pod, binding));
  };
  world.watchers.push({
    pod: (pod, change) => {
      if (change === 'bound') scheduleIn(world.timeline, world.trace.scheduler.watch, () => heard(pod));
      if (change === 'gone') bound.get(pod.node?.name ?? '')?.delete(pod);
    },
  });
  return bound;
}

function predictedSince(bindings: ReadonlyMap<SimPod, Binding> | undefined, sinceSeconds: number): number {
  let milli = 0;
  for (const { atSeconds, predictedMilli } of bindings?.values() ?? []) {
    if (atSeconds > sinceSeconds) milli += predictedMilli;
  }
  return milli;
}

/** `status.capacity.cpu`, which a trace need not have. */
function capacityOf(world: World, name: string): number | undefined {
  const capacity = world.nodes.get(name)?.object.status['capacity'];
  if (typeof capacity !== 'object' || capacity === null || !('cpu' in capacity)) return undefined;
  return amountOf('cpu', String(capacity.cpu)) || undefined;
}
