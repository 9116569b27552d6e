import { projectNodeUsage } from '../../../picture/project.ts';
import { below, createRandom } from '../../engine/random.ts';
import { schedule, scheduleIn } from '../../engine/timeline.ts';
import { clockMs, type World } from '../../model/world.ts';

/**
 * What Trimaran knows of the nodes: load-watcher (github.com/paypal/load-watcher v0.2.4, pkg/watcher) as a
 * library with metrics-server behind it, the default. It asks for the latest usage once a minute; the plugin
 * takes its newest answer every 30 s (pkg/trimaran/collector.go).
 */
export interface LoadWatcher {
  /** Undefined: nothing was ever read. */
  metrics: WatchedMetrics | undefined;
}

interface WatchedMetrics {
  /** When they were asked for, in seconds as there. */
  readonly windowEndSeconds: number;
  /** Nodes that metrics-server did not serve then are not in it. */
  readonly usageMilli: ReadonlyMap<string, number>;
}

const FETCH_INTERVAL_MS = 60_000;
const UPDATE_INTERVAL_MS = 30_000;

/** It has run since before the trace began, on a beat that is drawn from the trace's seed. */
export function startLoadWatcher(world: World): LoadWatcher {
  const watcher: LoadWatcher = { metrics: undefined };
  let fetched: WatchedMetrics | undefined;
  const fetch = () => {
    fetched = fetchMetrics(world) ?? fetched;
  };
  const update = () => {
    watcher.metrics = fetched;
  };
  const phaseMs = below(createRandom(world.trace.seed, 'trimaran'), FETCH_INTERVAL_MS);
  every(world, FETCH_INTERVAL_MS, phaseMs, fetch);
  every(world, UPDATE_INTERVAL_MS, phaseMs, update);
  // Its first beat may have come before metrics-server served anything: that is an artefact of the warm-up.
  schedule(world.timeline, clockMs(0), () => {
    if (watcher.metrics === undefined) fetch();
    if (watcher.metrics === undefined) update();
  });
  return watcher;
}

/** Undefined: metrics.k8s.io did not answer, and what was read before stays. */
function fetchMetrics({ metricsApi, timeline }: World): WatchedMetrics | undefined {
  if (!metricsApi.available || metricsApi.served === undefined) return undefined;
  const usageMilli = new Map<string, number>();
  for (const item of metricsApi.served.nodes) {
    const usage = projectNodeUsage(item);
    if (usage !== undefined) usageMilli.set(usage.name, Math.ceil(usage.usageMilli));
  }
  return { windowEndSeconds: Math.floor(timeline.nowMs / 1000), usageMilli };
}

function every(world: World, intervalMs: number, phaseMs: number, run: () => void): void {
  const beat = () => {
    run();
    scheduleIn(world.timeline, intervalMs, beat);
  };
  const untilStartMs = clockMs(0) - world.timeline.nowMs;
  scheduleIn(world.timeline, (phaseMs + untilStartMs) % intervalMs, beat);
}
