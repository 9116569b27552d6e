import type { World } from '../../model/world.ts';
import type { NodeInfo } from '../../scheduler/node-info.ts';
import type { FilterPlugin, Profile, ScorePlugin } from '../../scheduler/plugin.ts';
import type { PodInfo } from '../../scheduler/pod-info.ts';
import { estimatePod } from './estimate.ts';
import {
  type Amount,
  type AssignedPod,
  estimatedUsed,
  LOAD_AWARE_ARGS,
  leastUsedScore,
  usageRefusal,
} from './load-aware.ts';
import { type NodeMetrics, REPORT_INTERVAL_MS, startNodeMetrics } from './node-metrics.ts';

const PLUGIN = 'LoadAwareScheduling';
const EXPIRED: readonly string[] = ['node(s) nodeMetric expired'];

/** What the plugin keeps from one cycle to the next. */
interface LoadAware {
  readonly metrics: NodeMetrics;
  /** When each pod was assigned, by uid. A pod that is not in it was assigned just now. */
  readonly assignedAtMs: ReadonlyMap<string, number>;
  readonly estimates: WeakMap<PodInfo, Amount>;
}

/** LoadAwareScheduling with its defaults, beside the plugins of the default profile. */
export function withLoadAware({ filters, scorers }: Profile, world: World): Profile {
  const loadAware: LoadAware = {
    metrics: startNodeMetrics(world),
    assignedAtMs: watchAssignments(world),
    estimates: new WeakMap(),
  };
  return {
    filters: [...filters, loadAwareFilter(loadAware)],
    scorers: [...scorers, loadAwareScorer(loadAware)],
    watch: (changed) => loadAware.metrics.watchers.push(() => changed(PLUGIN)),
  };
}

/** Filter: a node without a report passes, one whose report expired does not. */
function loadAwareFilter(loadAware: LoadAware): FilterPlugin {
  return {
    plugin: PLUGIN,
    prepare: ({ pod, nowMs }) => ({
      filter: (node) => {
        const report = loadAware.metrics.reports.get(node.state.name);
        if (report === undefined) return undefined;
        if (nowMs - report.atMs >= LOAD_AWARE_ARGS.expirationMs) return EXPIRED;
        const used = usedWith(loadAware, node, pod, nowMs);
        const refusal = usageRefusal(used, node.state.allocatable, LOAD_AWARE_ARGS.usageThresholdPercents);
        return refusal === undefined ? undefined : [refusal];
      },
    }),
    mayHelp: (_pod, event) =>
      event.type === 'assignedPodDeleted' ||
      (event.type === 'pluginObjectChanged' && event.plugin === PLUGIN),
  };
}

/** Score: a node without a report, or with one that expired, gets 0. */
function loadAwareScorer(loadAware: LoadAware): ScorePlugin {
  return {
    plugin: PLUGIN,
    weight: 1,
    prepare: ({ pod, nowMs }) => ({
      score: (node) => {
        const report = loadAware.metrics.reports.get(node.state.name);
        if (report === undefined || nowMs - report.atMs >= LOAD_AWARE_ARGS.expirationMs) return 0;
        const used = usedWith(loadAware, node, pod, nowMs);
        return leastUsedScore(used, node.state.allocatable, LOAD_AWARE_ARGS.weights);
      },
    }),
  };
}

function usedWith(loadAware: LoadAware, { state, pods }: NodeInfo, pod: PodInfo, nowMs: number): Amount {
  const report = loadAware.metrics.reports.get(state.name);
  const incoming = estimateOf(loadAware, pod);
  if (report === undefined) return incoming;
  const assigned = Array.from(
    pods,
    (other): AssignedPod => ({
      key: `${other.namespace}/${other.name}`,
      assignedAtMs: loadAware.assignedAtMs.get(other.uid) ?? nowMs,
      estimate: estimateOf(loadAware, other),
    }),
  );
  return estimatedUsed(report, assigned, incoming, REPORT_INTERVAL_MS);
}

function estimateOf({ estimates }: LoadAware, pod: PodInfo): Amount {
  const known = estimates.get(pod) ?? estimatePod(pod.spec, LOAD_AWARE_ARGS.estimatedScalingPercents);
  estimates.set(pod, known);
  return known;
}

/** podAssignCache. It learns of a pod when the scheduler assumes it; here when it is bound, milliseconds later. */
function watchAssignments(world: World): ReadonlyMap<string, number> {
  const assignedAtMs = new Map<string, number>();
  for (const { uid, boundAtMs } of world.pods.values()) {
    if (boundAtMs !== undefined) assignedAtMs.set(uid, boundAtMs);
  }
  world.watchers.push({
    pod: ({ uid }, change) => {
      if (change === 'bound') assignedAtMs.set(uid, world.timeline.nowMs);
      if (change === 'gone') assignedAtMs.delete(uid);
    },
  });
  return assignedAtMs;
}
