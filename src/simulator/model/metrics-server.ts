import type { PodMetricsObject } from '../../picture/objects.ts';
import { every, scheduleIn } from '../engine/timeline.ts';
import { type Cpu, settleNode } from './cpu.ts';
import { timeText } from './objects.ts';
import { drawsFailures, failsScrape, usageRatio } from './scrape-failures.ts';
import { clockMs, type ServedMetrics, type SimNode, type SimPod, type World } from './world.ts';

/** A counter read at a moment. */
interface Point {
  readonly atMs: number;
  readonly used: number;
}

interface Points {
  readonly last: Point;
  readonly before: Point | undefined;
}

export interface MetricsServer {
  nodes: ReadonlyMap<SimNode, Points>;
  pods: ReadonlyMap<SimPod, Points>;
  /** Where the counter of each node stood at the last scrape, whether that succeeded or not. */
  readonly scraped: Map<SimNode, Point>;
  /** Where KWOK's counters have begun: by the start of the containers that they count. */
  readonly counting: WeakMap<SimPod, number>;
  lastServed: ServedMetrics | undefined;
  running: boolean;
}

/** Younger containers give inaccurate rates (metrics-server, pkg/storage/pod.go). */
const FRESH_CONTAINER_MIN_MS = 10_000;

/**
 * metrics-server as its storage has it (pkg/storage/node.go, pod.go): the last two points of what the last
 * scrape returned, and nothing of what it did not. A node that misses one scrape thus loses both points, its
 * pods with it.
 *
 * @param served called when the API begins to serve what a scrape brought
 */
export function startMetricsServer(world: World, cpu: Cpu, served: () => void): MetricsServer {
  const { resolution, phase, delay } = world.trace.metricsServer;
  const server: MetricsServer = {
    nodes: new Map(),
    pods: new Map(),
    scraped: new Map(),
    counting: new WeakMap(),
    lastServed: undefined,
    running: true,
  };
  const scrapeAll = () => {
    if (!server.running) return 'same';
    scrape(world, cpu, server);
    const metrics = servedBy(server);
    const before = server.lastServed;
    server.lastServed = metrics;
    scheduleIn(world.timeline, delay, () => {
      if (!server.running) return;
      world.metricsApi.available = true;
      world.metricsApi.served = metrics;
      served();
    });
    return before !== undefined && !drawsFailures(world) && isSameUsage(before, metrics) ? 'same' : 'changed';
  };
  // It has run since before the trace began, on the same beat.
  const beforeStartMs = clockMs(0) - world.timeline.nowMs;
  every(world.timeline, world.timeline.nowMs + ((phase + beforeStartMs) % resolution), {
    periodMs: resolution,
    keep: KEPT_SCRAPES,
    run: scrapeAll,
  });
  return server;
}

/** Scrapes that what is known of a load reaches back to, and more (cluster/workload-samples.ts). */
const KEPT_SCRAPES = 8;

/** All but the times. */
function isSameUsage(left: ServedMetrics, right: ServedMetrics): boolean {
  return (
    left.nodes.length === right.nodes.length &&
    left.pods.length === right.pods.length &&
    left.nodes.every(({ metadata, usage }, index) => {
      const other = right.nodes[index];
      return other?.metadata?.name === metadata?.name && other?.usage?.['cpu'] === usage?.['cpu'];
    }) &&
    left.pods.every(({ metadata, containers }, index) => {
      const other = right.pods[index];
      return (
        other?.metadata?.name === metadata?.name &&
        other?.containers?.[0]?.usage?.['cpu'] === containers?.[0]?.usage?.['cpu']
      );
    })
  );
}

/** The process ends: the API answers 503, and all points are forgotten. */
export function stopMetricsServer({ metricsApi }: World, server: MetricsServer): void {
  server.running = false;
  server.nodes = new Map();
  server.pods = new Map();
  metricsApi.available = false;
  metricsApi.served = undefined;
}

/** It scrapes again, on its beat, and is ready after the first one. */
export function restartMetricsServer(server: MetricsServer): void {
  server.running = true;
}

function scrape(world: World, cpu: Cpu, server: MetricsServer): void {
  const { nowMs } = world.timeline;
  const nodes = new Map<SimNode, Points>();
  const pods = new Map<SimPod, Points>();
  for (const node of world.nodes.values()) {
    const account = settleNode(cpu, node);
    if (account === undefined) continue;
    const point = { atMs: nowMs, used: account.used };
    // The counters of a node that failed before are known to itself.
    const since = server.scraped.get(node);
    server.scraped.set(node, point);
    if (failsScrape(world, node, usageRatio(node, since, point))) continue;
    nodes.set(node, pointsAfter(server.nodes.get(node), point));
    for (const pod of node.pods) {
      if (pod.startedAtMs === undefined || !isCounted(world, server, pod, pod.startedAtMs)) continue;
      const podPoint = { atMs: nowMs, used: account.usedByPod.get(pod) ?? 0 };
      pods.set(pod, podPointsAfter(world, server.pods.get(pod), podPoint, pod.startedAtMs));
    }
  }
  server.nodes = nodes;
  server.pods = pods;
}

/**
 * KWOK counts a container from when it is first asked on, and metrics-server drops a counter that stands at 0
 * (pkg/storage/pod.go). Measured with KWOK 0.8.0: a pod is served at its third scrape.
 */
function isCounted(world: World, { counting }: MetricsServer, pod: SimPod, startedAtMs: number): boolean {
  if (world.trace.metricsServer.freshContainers === 'kubelet') return true;
  const isCounted = counting.get(pod) === startedAtMs;
  counting.set(pod, startedAtMs);
  return isCounted;
}

function pointsAfter(points: Points | undefined, last: Point): Points {
  return { last, before: points?.last };
}

function podPointsAfter(world: World, points: Points | undefined, last: Point, startedAtMs: number): Points {
  const { freshContainers, resolution } = world.trace.metricsServer;
  const ageMs = last.atMs - startedAtMs;
  const isFresh = ageMs >= FRESH_CONTAINER_MIN_MS && ageMs < resolution;
  if (freshContainers === 'kubelet' && isFresh) return { last, before: { atMs: startedAtMs, used: 0 } };
  // A container that was restarted since its last point begins anew.
  return points !== undefined && startedAtMs >= points.last.atMs
    ? { last, before: undefined }
    : pointsAfter(points, last);
}

function servedBy({ nodes, pods }: MetricsServer): ServedMetrics {
  const timeOf = sharedTimes();
  return {
    nodes: Array.from(nodes).flatMap(([node, { last, before }]) => {
      if (before === undefined) return [];
      return [
        { metadata: { name: node.name }, ...timeOf(last, before), usage: { cpu: rateText(last, before) } },
      ];
    }),
    pods: Array.from(pods).flatMap(([pod, { last, before }]) => {
      if (before === undefined) return [];
      const metadata = { name: pod.name, namespace: pod.namespace };
      const { timestamp, window } = timeOf(last, before);
      return [{ metadata, timestamp, window, containers: containersOf(pod, rateText(last, before)) }];
    }),
  };
}

/** Of one scrape, in which almost all have the same: the texts are made once. */
function sharedTimes() {
  const timestamps = new Map<number, string>();
  const windows = new Map<number, string>();
  return (last: Point, before: Point) => {
    const windowMs = last.atMs - before.atMs;
    const timestamp = timestamps.get(last.atMs) ?? timeText(last.atMs);
    const window = windows.get(windowMs) ?? `${windowMs / 1000}s`;
    timestamps.set(last.atMs, timestamp);
    windows.set(windowMs, window);
    return { timestamp, window };
  };
}

/** The load of a pod is its first container's; the others are there and idle. */
function containersOf({ spec }: SimPod, cpu: string): PodMetricsObject['containers'] {
  return spec.containers.map(({ name = '' }, index) => ({ name, usage: { cpu: index === 0 ? cpu : '0' } }));
}

function rateText(last: Point, before: Point): string {
  return `${Math.floor(((last.used - before.used) / (last.atMs - before.atMs)) * 1e6)}n`;
}
