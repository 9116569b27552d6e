import type { PodMetricsObject, UsageObject } from '../../cluster/objects.ts';
import { scheduleIn } from '../engine/timeline.ts';
import { type Cpu, settleNode } from './cpu.ts';
import { timeText } from './objects.ts';
import { clockMs, type SimNode, type SimPod, type World } from './world.ts';

/** What metrics.k8s.io answers from a moment on. */
export interface ServedMetrics {
  readonly nodes: readonly UsageObject[];
  readonly pods: readonly PodMetricsObject[];
}

/** A counter read at a moment. */
interface Point {
  readonly atMs: number;
  readonly used: number;
}

interface Points {
  readonly last: Point;
  readonly before: Point | undefined;
}

interface Storage {
  nodes: ReadonlyMap<SimNode, Points>;
  pods: ReadonlyMap<SimPod, Points>;
}

/** Younger containers give inaccurate rates (metrics-server, pkg/storage/pod.go). */
const FRESH_CONTAINER_MIN_MS = 10_000;

/**
 * metrics-server as its storage has it (pkg/storage/node.go, pod.go): the last two points of what the last
 * scrape returned, and nothing of what it did not. A node that misses one scrape thus loses both points, its
 * pods with it.
 *
 * @param serve called when the API begins to serve what a scrape brought
 */
export function startMetricsServer(world: World, cpu: Cpu, serve: (metrics: ServedMetrics) => void): void {
  const { resolution, phase, delay } = world.trace.metricsServer;
  const storage: Storage = { nodes: new Map(), pods: new Map() };
  const scrapeAll = () => {
    scrape(world, cpu, storage);
    const metrics = served(storage);
    scheduleIn(world.timeline, delay, () => serve(metrics));
    scheduleIn(world.timeline, resolution, scrapeAll);
  };
  // It has run since before the trace began, on the same beat.
  const beforeStartMs = clockMs(0) - world.timeline.nowMs;
  scheduleIn(world.timeline, (phase + beforeStartMs) % resolution, scrapeAll);
}

function scrape(world: World, cpu: Cpu, storage: Storage): void {
  const { nowMs } = world.timeline;
  const nodes = new Map<SimNode, Points>();
  const pods = new Map<SimPod, Points>();
  for (const node of world.nodes.values()) {
    if (isLost(world, node)) continue;
    const account = settleNode(cpu, node);
    if (account === undefined) continue;
    nodes.set(node, pointsAfter(storage.nodes.get(node), { atMs: nowMs, used: account.used }));
    for (const pod of node.pods) {
      if (pod.startedAtMs === undefined) continue;
      const point = { atMs: nowMs, used: account.usedByPod.get(pod) ?? 0 };
      pods.set(pod, podPointsAfter(world, storage.pods.get(pod), point, pod.startedAtMs));
    }
  }
  storage.nodes = nodes;
  storage.pods = pods;
}

function isLost({ trace, timeline }: World, node: SimNode): boolean {
  return trace.metricsServer.lost.some(
    ({ node: name, from, to }) =>
      name === node.name && clockMs(from) <= timeline.nowMs && timeline.nowMs < clockMs(to),
  );
}

function pointsAfter(points: Points | undefined, last: Point): Points {
  return { last, before: points?.last };
}

function podPointsAfter(world: World, points: Points | undefined, last: Point, startedAtMs: number): Points {
  const { freshContainers, resolution } = world.trace.metricsServer;
  const ageMs = last.atMs - startedAtMs;
  const isFresh = ageMs >= FRESH_CONTAINER_MIN_MS && ageMs < resolution;
  if (freshContainers === 'kubelet' && isFresh) return { last, before: { atMs: startedAtMs, used: 0 } };
  return pointsAfter(points, last);
}

function served({ nodes, pods }: Storage): ServedMetrics {
  return {
    nodes: Array.from(nodes).flatMap(([node, points]) => {
      const rate = rateOf(points);
      return rate === undefined
        ? []
        : [{ metadata: { name: node.name }, ...rate.time, usage: { cpu: rate.cpu } }];
    }),
    pods: Array.from(pods).flatMap(([pod, points]) => {
      const rate = rateOf(points);
      if (rate === undefined) return [];
      const metadata = { name: pod.name, namespace: pod.namespace };
      return [{ metadata, ...rate.time, containers: [{ usage: { cpu: rate.cpu } }] }];
    }),
  };
}

function rateOf({ last, before }: Points) {
  if (before === undefined) return undefined;
  const windowMs = last.atMs - before.atMs;
  const nanocores = Math.floor(((last.used - before.used) / windowMs) * 1e6);
  return {
    time: { timestamp: timeText(last.atMs), window: `${windowMs / 1000}s` },
    cpu: `${nanocores}n`,
  };
}
