import type { PodObject } from '../picture/objects.ts';
import type { TraceDeployment, TraceNode, TracePod, TracePodSpec } from '../trace/kubernetes.ts';
import type { Trace } from '../trace/schema.ts';

/** On everything that a rehearsal creates: what it deletes again is found by it. */
export const REHEARSAL_LABEL = 'spillway.dev/rehearsal';
/** What each container of a pod is to use, on KWOK. */
const USAGE_ANNOTATION = 'kwok.x-k8s.io/usage-cpu';

/** An object of the API, and where its collection is. */
export interface ClusterObject {
  readonly collection: string;
  readonly name: string;
  readonly body: object;
}

/** What a rehearsal reads of pods beside what the picture of the cluster does. */
export interface SeenPod extends PodObject {
  readonly metadata: PodObject['metadata'] & {
    readonly labels?: Readonly<Record<string, string>> | undefined;
  };
}

type Json = Readonly<Record<string, unknown>>;

/** All namespaces that objects of the trace are in. */
export function namespacesOf({ deployments, pods }: Trace): readonly string[] {
  const names = [...deployments, ...pods].map(({ metadata }) => metadata.namespace ?? 'default');
  return [...new Set(names)].sort();
}

export function namespaceObject(name: string, id: string): ClusterObject {
  return { collection: '/api/v1/namespaces', name, body: { metadata: { name, labels: label(id) } } };
}

/** A node of KWOK's: where metrics-server finds its metrics is said by an annotation. */
export function nodeOf({ metadata, spec = {}, status }: TraceNode, id: string): ClusterObject {
  const { name, labels, annotations } = metadata;
  const { allocatable } = status;
  return {
    collection: '/api/v1/nodes',
    name,
    body: {
      metadata: {
        name,
        labels: { ...labels, ...label(id) },
        annotations: {
          ...annotations,
          'kwok.x-k8s.io/node': 'fake',
          ...scrapeAnnotation(name, false),
        },
      },
      spec: { taints: spec.taints, unschedulable: spec.unschedulable },
      status: { allocatable, capacity: status['capacity'] ?? allocatable },
    },
  };
}

/** Where metrics-server scrapes a node. @param fails at a path that KWOK does not have */
export function scrapeAnnotation(node: string, fails: boolean): Readonly<Record<string, string>> {
  const path = fails ? 'not-scraped' : 'metrics/resource';
  return { 'metrics.k8s.io/resource-metrics-path': `/metrics/nodes/${node}/${path}` };
}

/** The namespace and name of the pod that stands for what a node uses outside its pods. */
export const SYSTEM_NAMESPACE = 'kube-system';

export function overheadName(node: string): string {
  return `rehearsal-system-${node}`;
}

/** metrics-server does not show a node that uses no CPU: even an idle one has this pod. */
export function overheadPod(node: string, id: string, milli: number): ClusterObject {
  const metadata = { name: overheadName(node), namespace: SYSTEM_NAMESPACE };
  const spec = { containers: [{ name: 'system', image: 'none' }] };
  return podOn(node, { metadata, spec }, id, milli);
}

/** A pod that runs from the start. It has no owner: the garbage collector would look for one. */
export function runningPod(pod: TracePod, id: string, milli: number): ClusterObject {
  return podOn(pod.spec.nodeName ?? '', pod, id, milli);
}

function podOn(
  nodeName: string,
  { metadata, spec }: Pick<TracePod, 'metadata'> & { readonly spec: Pick<TracePodSpec, 'containers'> },
  id: string,
  milli: number,
): ClusterObject {
  const { name, namespace = 'default', labels, annotations } = metadata;
  return {
    collection: `/api/v1/namespaces/${namespace}/pods`,
    name,
    body: {
      metadata: {
        name,
        namespace,
        labels: { ...labels, ...label(id) },
        annotations: { ...annotations, ...usageOf(milli, spec) },
      },
      spec: {
        nodeName,
        terminationGracePeriodSeconds: 0,
        // As a DaemonSet's: it stays, whatever befalls the node.
        tolerations: [{ operator: 'Exists' }],
        containers: podSpecOf(spec).containers,
      },
    },
  };
}

/** In a simulation the scheduler asks Spillway about pods whose template names none. */
const SPILLWAYS_SCHEDULER = 'spillway';

/** @param schedulerName in the place of the template's */
export function deploymentOf(
  { metadata, spec }: TraceDeployment,
  id: string,
  schedulerName?: string,
): ClusterObject {
  const { name, namespace = 'default', labels, annotations } = metadata;
  const { template } = spec;
  const templateLabels = { ...template.metadata?.labels, ...label(id) };
  return {
    collection: `/apis/apps/v1/namespaces/${namespace}/deployments`,
    name,
    body: {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name, namespace, labels: { ...labels, ...label(id) }, annotations },
      spec: {
        ...spec,
        selector: spec['selector'] ?? { matchLabels: template.metadata?.labels },
        template: {
          metadata: { annotations: template.metadata?.annotations, labels: templateLabels },
          spec: {
            ...podSpecOf(template.spec),
            schedulerName: schedulerName ?? template.spec.schedulerName ?? SPILLWAYS_SCHEDULER,
          },
        },
      },
    },
  };
}

/** @param raw as the trace has it: read, its quantities are numbers */
export function autoscalerOf(raw: unknown, id: string): ClusterObject | undefined {
  if (!isMapping(raw) || !isMapping(raw['metadata'])) return undefined;
  const { name, namespace = 'default', labels } = raw['metadata'];
  return {
    collection: `/apis/autoscaling/v2/namespaces/${String(namespace)}/horizontalpodautoscalers`,
    name: String(name),
    body: {
      apiVersion: 'autoscaling/v2',
      kind: 'HorizontalPodAutoscaler',
      metadata: { name, namespace, labels: { ...(isMapping(labels) ? labels : {}), ...label(id) } },
      spec: raw['spec'],
    },
  };
}

/**
 * What a pod is to say that it uses. KWOK lets each of its containers use as much.
 *
 * @param milli of all its containers together
 */
export function usageOf(
  milli: number,
  { containers }: Pick<TracePodSpec, 'containers'>,
): Readonly<Record<string, string>> {
  // metrics-server drops a container whose counter stands still.
  return { [USAGE_ANNOTATION]: `${Math.max(1, Math.round((milli * 1000) / containers.length))}u` };
}

function label(id: string): Readonly<Record<string, string>> {
  return { [REHEARSAL_LABEL]: id };
}

/**
 * What of a pod decides where it goes and what it gets. The rest may name what the cluster does not have (a Secret,
 * a ServiceAccount), or is not whole in a trace that was recorded (a probe); on KWOK nothing of it runs.
 */
const POD_FIELDS = [
  'affinity',
  'nodeSelector',
  'priorityClassName',
  'resources',
  'restartPolicy',
  'terminationGracePeriodSeconds',
  'tolerations',
  'topologySpreadConstraints',
] as const;
const CONTAINER_FIELDS = ['ports', 'resources', 'restartPolicy'] as const;

function podSpecOf(spec: Pick<TracePodSpec, 'containers'> & Json) {
  const initContainers = Array.isArray(spec['initContainers']) ? spec['initContainers'] : [];
  return {
    ...pick(spec, POD_FIELDS),
    ...(initContainers.length > 0 && { initContainers: initContainers.map(containerOf('init')) }),
    containers: spec.containers.map(containerOf('container')),
  };
}

/** The API wants a name and an image, a trace does not. */
function containerOf(kind: string) {
  return (container: TracePodSpec['containers'][number], index: number) => ({
    ...pick(container, CONTAINER_FIELDS),
    name: container.name ?? `${kind}-${index + 1}`,
    image: 'none',
  });
}

function pick(from: Json, keys: readonly string[]): Json {
  return Object.fromEntries(keys.flatMap((key) => (from[key] === undefined ? [] : [[key, from[key]]])));
}

function isMapping(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
