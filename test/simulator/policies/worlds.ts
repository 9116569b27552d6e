import type { UsageObject } from '../../../src/picture/objects.ts';
import { runUntil } from '../../../src/simulator/engine/timeline.ts';
import { buildNode } from '../../../src/simulator/model/build.ts';
import { timeText } from '../../../src/simulator/model/objects.ts';
import {
  clockMs,
  createWorld,
  type SimPod,
  tellPod,
  type World,
} from '../../../src/simulator/model/world.ts';
import type { NodeInfo } from '../../../src/simulator/scheduler/node-info.ts';
import { addPod, createNodeInfo, nodeState } from '../../../src/simulator/scheduler/node-info.ts';
import { createPodInfo, type PodInfo } from '../../../src/simulator/scheduler/pod-info.ts';
import { traceConfig } from '../../../src/simulator/simulate.ts';
import { nodeDocument, type TraceDocument, traceDocument, traceOf } from '../traces.ts';

/** A world in which nothing happens by itself: one edge node of 1 CPU, one cloud node of 4. */
export async function idleWorld(over: TraceDocument = {}): Promise<World> {
  const nodes = [nodeDocument('edge-1', '1'), nodeDocument('cloud-1', '4')];
  const trace = await traceOf(traceDocument({ nodes, duration: '1h', ...over }));
  const { tiers } = traceConfig(trace);
  return createWorld(
    trace,
    trace.nodes.map((node) => buildNode(node, tiers)),
    clockMs(-60_000),
  );
}

/** Lets time pass, up to so many seconds after the start of the trace. */
export function passUntil(world: World, seconds: number): void {
  runUntil(world.timeline, clockMs(seconds * 1000));
}

/** What metrics.k8s.io serves from now on, by node and by pod (`namespace/name`). */
export function serve(
  world: World,
  nodes: Readonly<Record<string, string>>,
  pods: Readonly<Record<string, string>> = {},
): void {
  const timestamp = timeText(world.timeline.nowMs);
  const usage = (cpu: string) => ({ timestamp, window: '15s', usage: { cpu } });
  world.metricsApi.served = {
    nodes: Object.entries(nodes).map(
      ([name, cpu]) => ({ metadata: { name }, ...usage(cpu) }) satisfies UsageObject,
    ),
    pods: Object.entries(pods).map(([key, cpu]) => {
      const [namespace = '', name = ''] = key.split('/');
      return {
        metadata: { name, namespace },
        timestamp,
        window: '15s',
        containers: [{ name: '', usage: { cpu } }],
      };
    }),
  };
}

const REQUESTS = { cpu: '100m' };

/** A pod on a node of the world, bound now. */
export function bindPod(world: World, name: string, nodeName: string): SimPod {
  const node = world.nodes.get(nodeName);
  const spec = { containers: [{ resources: { requests: REQUESTS } }] };
  const pod: SimPod = {
    uid: name,
    name,
    namespace: 'fn',
    owner: undefined,
    labels: {},
    annotations: {},
    spec,
    requests: { cpuMilli: 100, memoryBytes: 0 },
    createdAtMs: world.timeline.nowMs,
    node,
    boundAtMs: world.timeline.nowMs,
    startedAtMs: undefined,
    readyAtMs: undefined,
    readyChangedAtMs: world.timeline.nowMs,
    kubelet: { starts: 1, containers: 'ready' },
    restarts: 0,
    terminatingAtMs: undefined,
    goneAtMs: undefined,
  };
  world.pods.set(pod.uid, pod);
  node?.pods.add(pod);
  tellPod(world, pod, 'bound');
  return pod;
}

/** A pod that waits for a node. */
export function waitingPod(name: string, cpu = '100m'): PodInfo {
  const spec = { containers: [{ resources: { requests: { cpu } } }] };
  return createPodInfo({ uid: name, name, namespace: 'fn', labels: {}, annotations: {}, spec }, undefined);
}

/** A node of the world as the scheduler has it, with these pods on it. */
export function infoOf(world: World, nodeName: string, pods: readonly PodInfo[] = []): NodeInfo {
  const node = world.nodes.get(nodeName);
  if (node === undefined) throw new Error(`no node ${nodeName}`);
  const info = createNodeInfo(nodeState(node.object));
  for (const pod of pods) addPod(info, pod);
  return info;
}
