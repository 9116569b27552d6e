import { schedule, scheduleIn } from './engine/timeline.ts';
import type { SpillwayLink, Told } from './link.ts';
import { nodeJson, podJson, replicaSetJson } from './model/objects.ts';
import { clockMs, type ServedMetrics, type World } from './model/world.ts';

/** Spillway's senses: the simulated cluster tells it what a real one tells `serve`. */
export interface Senses {
  /** metrics.k8s.io answers something new from now on. */
  readonly metricsServed: () => void;
}

export interface SensesOptions {
  readonly pollIntervalMs: number;
  /** Called after each look at the metrics. */
  readonly sampled: (metrics: ServedMetrics) => void;
}

export function startSenses(
  world: World,
  link: SpillwayLink,
  { pollIntervalMs, sampled }: SensesOptions,
): Senses {
  const { timeline } = world;
  for (const node of world.nodes.values()) {
    link.tell({ type: 'nodeSeen', node: nodeJson(node) });
    for (const pod of node.pods) link.tell({ type: 'podSeen', pod: podJson(pod) });
  }
  watch(world, link);
  return {
    metricsServed: () =>
      schedule(timeline, nextPollMs(timeline.nowMs, pollIntervalMs), () => {
        const { served } = world.metricsApi;
        // Down again before the poller looked.
        if (served === undefined) return;
        link.tell({ type: 'metricsRead', metrics: served });
        sampled(served);
      }),
  };
}

/** Objects are written down when they change and told a moment later, as a watch does. */
function watch({ timeline, trace, watchers }: World, link: SpillwayLink): void {
  const later = (told: Told) => scheduleIn(timeline, trace.scheduler.watch, () => link.tell(told));
  watchers.push({
    node: (node, change) =>
      later(
        change === 'left'
          ? { type: 'nodeGone', name: node.name }
          : { type: 'nodeSeen', node: nodeJson(node) },
      ),
    pod: (pod, change) =>
      later(change === 'gone' ? { type: 'podGone', uid: pod.uid } : { type: 'podSeen', pod: podJson(pod) }),
    replicaSet: (replicaSet) => later({ type: 'replicaSetSeen', replicaSet: replicaSetJson(replicaSet) }),
  });
}

/**
 * The poller reads at a fixed beat. Reading the same answer twice changes nothing, so only the first reading
 * of each is simulated.
 */
function nextPollMs(nowMs: number, intervalMs: number): number {
  return clockMs(Math.ceil((nowMs - clockMs(0)) / intervalMs) * intervalMs);
}
