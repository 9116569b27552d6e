import type { TierSettings } from '../../picture/picture.ts';
import { projectNode } from '../../picture/project.ts';
import { podRequestMilli } from '../../picture/requests.ts';
import { parseCpuMilli } from '../../placement/quantity.ts';
import { matchesSelector } from '../../placement/selector.ts';
import type { TraceDeployment, TraceNode, TracePod, TracePodSpec } from '../../trace/kubernetes.ts';
import { keyOf } from '../../trace/references.ts';
import { below, type Random } from '../engine/random.ts';
import type { SimNode, SimPod, SimReplicaSet, World } from './world.ts';

/** What kubelet allows when a node's object does not say. */
const DEFAULT_MAX_PODS = 110;

export function buildNode(object: TraceNode, tiers: TierSettings): SimNode {
  const { name, labels, allocatableMilli } = projectNode(object);
  const { allocatable } = object.status;
  return {
    name,
    object,
    tier: matchesSelector(labels, tiers.edgeSelector) ? 'edge' : 'cloud',
    annotations: object.metadata.annotations ?? {},
    unschedulable: object.spec?.unschedulable === true,
    state: 'up',
    silentSinceMs: undefined,
    ready:
      object.status.conditions.find(({ type }) => type === 'Ready')?.status === 'True' ? 'True' : 'False',
    readyChangedAtMs: undefined,
    allocatable: {
      cpuMilli: allocatableMilli,
      memoryBytes: amount(allocatable['memory']) ?? Number.POSITIVE_INFINITY,
      pods: amount(allocatable['pods']) ?? DEFAULT_MAX_PODS,
    },
    pods: new Set(),
  };
}

/** Its revision's ReplicaSet; a trace has one revision of each Deployment. */
export function buildReplicaSet(world: World, deployment: TraceDeployment): SimReplicaSet {
  const { metadata, spec } = deployment;
  const uid = newUid(world.random.uids);
  return {
    uid,
    name: `${metadata.name}-${uid.slice(0, 8)}`,
    namespace: metadata.namespace ?? 'default',
    workload: keyOf(metadata),
    deploymentName: metadata.name,
    labels: spec.template.metadata?.labels ?? {},
    annotations: spec.template.metadata?.annotations ?? {},
    podSpec: spec.template.spec,
    replicas: spec.replicas ?? 1,
    pods: new Set(),
    created: 0,
    active: 0,
    serving: 0,
  };
}

/** The pod's name ends in its number, not in five random letters: a report is read by people. */
export function buildReplica(world: World, owner: SimReplicaSet): SimPod {
  const { nowMs } = world.timeline;
  return buildPod({
    uid: newUid(world.random.uids),
    name: `${owner.deploymentName}-${owner.created}`,
    namespace: owner.namespace,
    owner,
    labels: owner.labels,
    annotations: owner.annotations,
    spec: owner.podSpec,
    createdAtMs: nowMs,
    node: undefined,
    runsSinceMs: undefined,
  });
}

/** A pod that has run on its node since long before the trace begins. */
export function buildRunningPod(world: World, object: TracePod): SimPod {
  const { metadata, spec } = object;
  const sinceMs = world.timeline.nowMs - 86_400_000;
  return buildPod({
    uid: metadata.uid ?? newUid(world.random.uids),
    name: metadata.name,
    namespace: metadata.namespace ?? 'default',
    owner: undefined,
    labels: metadata.labels ?? {},
    annotations: metadata.annotations ?? {},
    spec,
    createdAtMs: sinceMs,
    node: world.nodes.get(spec.nodeName ?? ''),
    runsSinceMs: sinceMs,
  });
}

interface NewPod
  extends Pick<
    SimPod,
    'uid' | 'name' | 'namespace' | 'owner' | 'labels' | 'annotations' | 'spec' | 'createdAtMs' | 'node'
  > {
  readonly runsSinceMs: number | undefined;
}

/** Written out: an object that is spread from others takes 1 KB more, which tells with 100 000 pods. */
function buildPod(pod: NewPod): SimPod {
  const { spec, createdAtMs, runsSinceMs } = pod;
  return {
    uid: pod.uid,
    name: pod.name,
    namespace: pod.namespace,
    owner: pod.owner,
    labels: pod.labels,
    annotations: pod.annotations,
    spec,
    requests: { cpuMilli: podRequestMilli(spec) ?? 0, memoryBytes: memoryRequestBytes(spec) },
    createdAtMs,
    node: pod.node,
    boundAtMs: runsSinceMs,
    startedAtMs: runsSinceMs,
    readyAtMs: runsSinceMs,
    readyChangedAtMs: createdAtMs,
    kubelet:
      runsSinceMs === undefined ? { starts: 0, containers: 'waiting' } : { starts: 1, containers: 'ready' },
    restarts: 0,
    terminatingAtMs: undefined,
    goneAtMs: undefined,
  };
}

type Container = TracePodSpec['containers'][number];

function memoryRequestBytes({ containers, initContainers = [] }: TracePodSpec): number {
  const bytes = (container: Container) => memoryOf(container) ?? 0;
  const together = containers.reduce((sum, container) => sum + bytes(container), 0);
  return Math.max(together, ...initContainers.map(bytes));
}

function memoryOf({ resources }: Container): number | undefined {
  return amount(resources?.requests?.['memory'] ?? resources?.limits?.['memory']);
}

function amount(quantity: string | undefined): number | undefined {
  const milli = quantity === undefined ? undefined : parseCpuMilli(quantity);
  return milli === undefined ? undefined : milli / 1000;
}

function newUid(random: Random): string {
  const digits = Array.from({ length: 32 }, () => below(random, 16).toString(16)).join('');
  return [8, 4, 4, 4, 12]
    .reduce<{ readonly parts: readonly string[]; readonly from: number }>(
      ({ parts, from }, length) => ({
        parts: [...parts, digits.slice(from, from + length)],
        from: from + length,
      }),
      { parts: [], from: 0 },
    )
    .parts.join('-');
}
