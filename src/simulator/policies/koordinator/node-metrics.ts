import { projectNodeUsage, projectPodUsage } from '../../../picture/project.ts';
import { below, createRandom } from '../../engine/random.ts';
import { schedule, scheduleIn } from '../../engine/timeline.ts';
import { clockMs, type ServedMetrics, type SimNode, type World } from '../../model/world.ts';
import type { NodeReport } from './load-aware.ts';
import { addTo, createMeans, type Means, meanOf, removeFrom } from './means.ts';

/*
 * NodeMetric objects, as koordlet reports them (koordinator v1.6.0, pkg/koordlet/statesinformer/impl/
 * states_nodemetric.go): every 60 s, for the node and for each pod the mean over the last 300 s. koordlet
 * measures once a second; here its samples are what metrics-server served.
 */

export interface NodeMetrics {
  /** The last report of each node. */
  readonly reports: ReadonlyMap<string, NodeReport>;
  /** Told of every report. */
  readonly watchers: ((name: string) => void)[];
}

export const REPORT_INTERVAL_MS = 60_000;
const AGGREGATE_MS = 300_000;

interface Sample {
  readonly atMs: number;
  readonly served: ServedMetrics;
}

interface Collected {
  readonly samples: Sample[];
  readonly nodes: Means;
  readonly pods: Means;
}

/** Every node reports on a beat of its own, drawn from the trace's seed. */
export function startNodeMetrics(world: World): NodeMetrics {
  const collected: Collected = { samples: [], nodes: createMeans(), pods: createMeans() };
  const reports = new Map<string, NodeReport>();
  const watchers: NodeMetrics['watchers'] = [];
  const random = createRandom(world.trace.seed, 'koordinator');
  const { timeline } = world;

  const report = (node: SimNode) => {
    const written = reportOf(world, collected, node);
    if (written === undefined) return;
    reports.set(node.name, written);
    for (const watcher of watchers) watcher(node.name);
  };
  const beat = (node: SimNode) => {
    if (world.nodes.get(node.name) !== node) return;
    report(node);
    scheduleIn(timeline, REPORT_INTERVAL_MS, () => beat(node));
  };
  const join = (node: SimNode) => scheduleIn(timeline, below(random, REPORT_INTERVAL_MS), () => beat(node));
  const sample = () => {
    collect(world, collected);
    scheduleIn(timeline, world.trace.metricsServer.resolution, sample);
  };

  for (const node of world.nodes.values()) join(node);
  world.watchers.push({
    node: (node, change) => {
      if (change === 'joined') join(node);
      if (change === 'left') reports.delete(node.name);
    },
  });
  sample();
  // A beat may have come before metrics-server served anything: that is an artefact of the warm-up.
  schedule(timeline, clockMs(0), () => {
    collect(world, collected);
    for (const node of world.nodes.values()) if (!reports.has(node.name)) report(node);
  });
  return { reports, watchers };
}

function collect({ metricsApi, timeline }: World, collected: Collected): void {
  const { samples } = collected;
  const { nowMs } = timeline;
  for (let oldest = samples[0]; oldest !== undefined && oldest.atMs <= nowMs - AGGREGATE_MS; ) {
    forEachUsage(oldest.served, collected, removeFrom);
    samples.shift();
    oldest = samples[0];
  }
  const { served } = metricsApi;
  if (!metricsApi.available || served === undefined || samples.at(-1)?.served === served) return;
  samples.push({ atMs: nowMs, served });
  forEachUsage(served, collected, addTo);
}

function forEachUsage(
  served: ServedMetrics,
  { nodes, pods }: Collected,
  change: (means: Means, key: string, value: number) => void,
): void {
  for (const item of served.nodes) {
    const usage = projectNodeUsage(item);
    if (usage !== undefined) change(nodes, usage.name, usage.usageMilli);
  }
  for (const item of served.pods) {
    const usage = projectPodUsage(item);
    if (usage !== undefined) change(pods, `${usage.namespace}/${usage.name}`, usage.usageMilli);
  }
}

/** Undefined: nothing to report, or nobody to report to. */
function reportOf(world: World, { nodes, pods }: Collected, node: SimNode): NodeReport | undefined {
  const nodeMilli = meanOf(nodes, node.name);
  if (nodeMilli === undefined || node.state !== 'up') return undefined;
  const byPod = new Map<string, { cpuMilli: number; memoryBytes: number }>();
  let memoryBytes = 0;
  for (const pod of node.pods) {
    // Memory that is used is not simulated: what pods request stands for it.
    memoryBytes += pod.requests.memoryBytes;
    const key = `${pod.namespace}/${pod.name}`;
    const milli = meanOf(pods, key);
    if (milli === undefined) continue;
    byPod.set(key, { cpuMilli: Math.floor(milli), memoryBytes: pod.requests.memoryBytes });
  }
  return {
    // metav1.Time has whole seconds.
    atMs: Math.floor(world.timeline.nowMs / 1000) * 1000,
    node: { cpuMilli: Math.floor(nodeMilli), memoryBytes },
    pods: byPod,
  };
}
