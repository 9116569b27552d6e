import { createPicture } from '../cluster/create.ts';
import { nodeGone, nodeSeen } from '../cluster/nodes.ts';
import type { Picture } from '../cluster/picture.ts';
import { podGone, podSeen } from '../cluster/pods.ts';
import {
  projectNode,
  projectNodeUsage,
  projectPod,
  projectPodUsage,
  projectReplicaSet,
} from '../cluster/project.ts';
import { sampleTaken } from '../cluster/samples.ts';
import { replicaSetSeen } from '../cluster/workloads.ts';
import { type Config, pictureSettings } from '../config/config.ts';
import type { ExtenderContext, ExtenderObserver } from '../extender/context.ts';
import { schedule, scheduleIn } from './engine/timeline.ts';
import { nodeJson, podJson, replicaSetJson } from './model/objects.ts';
import { clockMs, type ServedMetrics, type World } from './model/world.ts';

/** The production code, wired to the simulated cluster as `serve` wires it to a real one. */
export interface Spillway {
  readonly context: ExtenderContext;
  readonly picture: Picture;
  /** metrics.k8s.io answers something new from now on. */
  readonly metricsServed: () => void;
}

/** @param sampled called after each look at the metrics that the picture took */
export function startSpillway(
  world: World,
  config: Config,
  observer: ExtenderObserver,
  sampled: (picture: Picture, metrics: ServedMetrics) => void,
): Spillway {
  const { timeline } = world;
  const now = () => timeline.nowMs;
  const picture = createPicture(pictureSettings(config));
  for (const node of world.nodes.values()) {
    nodeSeen(picture, projectNode(nodeJson(node)));
    for (const pod of node.pods) podSeen(picture, projectPod(podJson(pod)), now());
  }
  watch(world, picture);
  return {
    context: { picture, now, observer },
    picture,
    metricsServed: () =>
      schedule(timeline, nextPollMs(timeline.nowMs, config.metrics.pollIntervalMs), () => {
        const { served } = world.metricsApi;
        // Down again before the poller looked.
        if (served === undefined) return;
        look(picture, served, now());
        sampled(picture, served);
      }),
  };
}

/** Objects are written down when they change and told a moment later, as a watch does. */
function watch(world: World, picture: Picture): void {
  const { timeline, trace } = world;
  const later = (tell: () => void) => scheduleIn(timeline, trace.scheduler.watch, tell);
  world.watchers.push({
    node: (node, change) => {
      if (change === 'left') {
        later(() => nodeGone(picture, node.name));
        return;
      }
      const record = projectNode(nodeJson(node));
      later(() => nodeSeen(picture, record));
    },
    pod: (pod, change) => {
      if (change === 'gone') {
        later(() => podGone(picture, pod.uid, timeline.nowMs));
        return;
      }
      const record = projectPod(podJson(pod));
      later(() => podSeen(picture, record, timeline.nowMs));
    },
    replicaSet: (replicaSet) => {
      const record = projectReplicaSet(replicaSetJson(replicaSet));
      later(() => replicaSetSeen(picture, record));
    },
  });
}

/**
 * The poller reads at a fixed beat. Reading the same answer twice changes nothing, so only the first reading
 * of each is simulated.
 */
function nextPollMs(nowMs: number, intervalMs: number): number {
  return clockMs(Math.ceil((nowMs - clockMs(0)) / intervalMs) * intervalMs);
}

function look(picture: Picture, { nodes, pods }: ServedMetrics, nowMs: number): void {
  const usable = <T>(item: T | undefined): readonly T[] => (item === undefined ? [] : [item]);
  sampleTaken(
    picture,
    {
      nodes: nodes.flatMap((item) => usable(projectNodeUsage(item))),
      pods: pods.flatMap((item) => usable(projectPodUsage(item))),
    },
    nowMs,
  );
}
