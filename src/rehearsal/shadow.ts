import { projectPod } from '../picture/project.ts';
import { runUntil } from '../simulator/engine/timeline.ts';
import type { StartedRequests } from '../simulator/load/start.ts';
import { startRequests } from '../simulator/load/start.ts';
import { buildNode, buildReplica, buildReplicaSet, buildRunningPod } from '../simulator/model/build.ts';
import { type Cpu, createCpu, settleNode, workChanged } from '../simulator/model/cpu.ts';
import { curveLoad } from '../simulator/model/load.ts';
import { becomeReady, becomeUnready, remove, start, terminate } from '../simulator/model/pods.ts';
import {
  clockMs,
  createWorld,
  type SimPod,
  type SimReplicaSet,
  tellNode,
  tellPod,
  tellReplicaSet,
  type World,
} from '../simulator/model/world.ts';
import { createRecorder, type Recorder } from '../simulator/record.ts';
import { traceConfig } from '../simulator/simulate.ts';
import type { TracePod } from '../trace/kubernetes.ts';
import type { Trace } from '../trace/schema.ts';
import type { SeenPod } from './objects.ts';

/**
 * The simulator's model of CPU and load, beside a cluster that is there: pods come, get ready and go as the
 * cluster says, not by the model's scheduler, kubelet and ReplicaSets; what they would use follows from the
 * trace's load, as in a simulation. Its clock is moved on to the time that has passed.
 */
export interface Shadow {
  readonly trace: Trace;
  readonly world: World;
  readonly cpu: Cpu;
  readonly recorder: Recorder;
  readonly load: StartedRequests;
  /** Pods of Deployments by the uid that the cluster gave them. */
  readonly pods: Map<string, SimPod>;
  /** Where the API has each pod, by its uid. */
  readonly paths: Map<string, string>;
  /** Those that are gone. */
  readonly gone: Set<string>;
}

/** The kubelet of the cluster says when a pod is gone; the model's would say so too. */
const NEVER_MS = Number.POSITIVE_INFINITY;

export function createShadow(trace: Trace): Shadow {
  const { tiers } = traceConfig(trace);
  const nodes = trace.nodes.map((node) => buildNode(node, tiers));
  const ofCluster = { ...trace, kubelet: { ...trace.kubelet, termination: NEVER_MS } };
  const paths = new Map<string, string>();
  const world = createWorld(ofCluster, nodes, clockMs(0));
  for (const object of trace.pods) {
    const pod = buildRunningPod(world, object);
    world.pods.set(pod.uid, pod);
    pod.node?.pods.add(pod);
    paths.set(pod.uid, podPath(pod));
  }
  const cpu = createCpu(world, curveLoad(trace.load, clockMs(trace.duration)));
  const load = startRequests(world, cpu);
  const recorder = createRecorder(world);
  for (const deployment of trace.deployments) {
    const replicaSet = buildReplicaSet(world, deployment);
    world.replicaSets.set(replicaSet.workload, replicaSet);
  }
  return { trace, world, cpu, recorder, load, pods: new Map(), paths, gone: new Set() };
}

/** What the node uses outside its pods when the trace begins. */
export function overheadMilliAtStart({ world, cpu }: Shadow, name: string): number {
  const node = world.nodes.get(name);
  return node === undefined ? 0 : cpu.load.overheadMilli(node, clockMs(0), 'after');
}

/** What a pod that runs from the start uses then. */
export function podMilliAtStart({ world, cpu }: Shadow, { metadata }: TracePod): number {
  const { name, namespace = 'default' } = metadata;
  const pod = [...world.pods.values()].find((one) => one.name === name && one.namespace === namespace);
  return pod === undefined ? 0 : cpu.load.podMilli(pod, clockMs(0), 'after');
}

/** Lets pass what has passed. A time that lies before the last one counts as that. */
export function advance({ world }: Shadow, sinceStartMs: number): void {
  const atMs = clockMs(sinceStartMs);
  if (atMs > world.timeline.nowMs) runUntil(world.timeline, atMs);
}

/** A pod of a Deployment as the cluster shows it; called at the time to which the shadow was advanced. */
export function podSeen(shadow: Shadow, object: SeenPod): void {
  const { world, cpu } = shadow;
  const seen = projectPod(object);
  if (shadow.gone.has(seen.uid)) return;
  const owner = ownerOf(shadow, object);
  if (owner === undefined) return;
  const pod = shadow.pods.get(seen.uid) ?? created(shadow, owner, seen.uid);
  shadow.paths.set(seen.uid, podPath(seen));
  if (pod.node === undefined && seen.nodeName !== undefined) bind(shadow, pod, seen.nodeName);
  if (pod.startedAtMs === undefined && isRunning(object)) start(world, cpu, pod);
  if (seen.readyAtMs !== undefined && !seen.ended) becomeReady(world, cpu, pod);
  else becomeUnready(world, cpu, pod);
  if (seen.terminating) terminate(world, cpu, pod);
}

export function podGone(shadow: Shadow, uid: string): void {
  shadow.gone.add(uid);
  const pod = shadow.pods.get(uid);
  if (pod !== undefined) remove(shadow.world, shadow.cpu, pod);
}

/** The node's object was deleted: its pods use nothing any more, and are gone when the cluster says so. */
export function nodeGone({ world, cpu }: Shadow, name: string): void {
  const node = world.nodes.get(name);
  if (node === undefined) return;
  settleNode(cpu, node);
  node.state = 'lost';
  for (const pod of node.pods) workChanged(cpu, pod);
  world.nodes.delete(name);
  tellNode(world, node, 'left');
}

/** A Deployment has another number of replicas than it had. */
export function replicasSeen(shadow: Shadow, workload: string, replicas: number): void {
  const { world, recorder } = shadow;
  const replicaSet = world.replicaSets.get(workload);
  if (replicaSet === undefined || replicaSet.replicas === replicas) return;
  const { replicas: from } = replicaSet;
  recorder.scalings.push({ atMs: world.timeline.nowMs, workload, from, to: replicas });
  replicaSet.replicas = replicas;
  tellReplicaSet(world, replicaSet);
}

function created(shadow: Shadow, owner: SimReplicaSet, uid: string): SimPod {
  const { world } = shadow;
  owner.created += 1;
  owner.active += 1;
  const pod = { ...buildReplica(world, owner), uid };
  owner.pods.add(pod);
  world.pods.set(uid, pod);
  shadow.pods.set(uid, pod);
  tellPod(world, pod, 'created');
  return pod;
}

function bind({ world, cpu }: Shadow, pod: SimPod, nodeName: string): void {
  const node = world.nodes.get(nodeName);
  if (node === undefined) return;
  settleNode(cpu, node);
  pod.node = node;
  pod.boundAtMs = world.timeline.nowMs;
  node.pods.add(pod);
  tellPod(world, pod, 'bound');
}

/** A ReplicaSet is called after its Deployment and the hash of its template. */
function ownerOf({ world }: Shadow, { metadata }: SeenPod): SimReplicaSet | undefined {
  const controller = metadata.ownerReferences?.find((reference) => reference.controller === true);
  const hash = metadata.labels?.['pod-template-hash'];
  if (controller?.name === undefined || hash === undefined) return undefined;
  const name = controller.name.slice(0, -(hash.length + 1));
  return world.replicaSets.get(`${metadata.namespace}/${name}`);
}

function isRunning({ status }: SeenPod): boolean {
  return status?.phase === 'Running';
}

function podPath({ namespace, name }: { readonly namespace: string; readonly name: string }): string {
  return `/api/v1/namespaces/${namespace}/pods/${name}`;
}
