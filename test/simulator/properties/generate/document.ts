import fc from 'fast-check';
import { type TraceDocument, traceDocument } from '../../traces.ts';
import { autoscalerSpecs } from './autoscalers.ts';
import { eventsOf, type Happening, happenings, type NodeDocument } from './events.ts';
import { recordedCpu, workloadLoads } from './loads.ts';
import { annotations, type GeneratedNode, nodes, podSpecs, rarely, within } from './objects.ts';
import { settings } from './settings.ts';

interface Workload {
  readonly group: string | undefined;
  readonly annotations: Record<string, string>;
  readonly replicas: number;
  readonly spec: TraceDocument;
  readonly load: TraceDocument | undefined;
  readonly autoscaler: TraceDocument | undefined;
}

const workloads: fc.Arbitrary<Workload> = fc.record({
  group: fc.constantFrom('x', 'y', undefined),
  annotations,
  replicas: within(0, 10),
  spec: podSpecs,
  load: workloadLoads,
  autoscaler: fc.oneof({ arbitrary: autoscalerSpecs, weight: 1 }, fc.constant(undefined)),
});

interface Ingredients {
  readonly settings: TraceDocument;
  /** All curves go in steps, and there are no requests: such CPU can be counted by hand (hold/asked.ts). */
  readonly inSteps: boolean;
  readonly nodes: readonly GeneratedNode[];
  readonly workloads: readonly Workload[];
  readonly runningPods: readonly { readonly node: number; readonly load: TraceDocument | undefined }[];
  readonly nodeLoads: readonly TraceDocument[];
  readonly lost: readonly { readonly node: number; readonly from: number; readonly seconds: number }[];
  readonly happenings: readonly Happening[];
}

/**
 * Whole traces: any cluster, workloads and settings that a user may write, and whatever may happen to them.
 * They pass the reader of traces, and are made of independent parts, so that fast-check can take parts away
 * from one that fails.
 */
export const traceDocuments: fc.Arbitrary<TraceDocument> = fc
  .record({
    settings,
    inSteps: fc.oneof({ arbitrary: fc.constant(false), weight: 2 }, fc.constant(true)),
    nodes: fc.array(nodes, { minLength: 1, maxLength: 8 }),
    workloads: fc.array(workloads, { minLength: 1, maxLength: 4 }),
    runningPods: fc.array(fc.record({ node: fc.nat(7), load: rarely(recordedCpu) }), { maxLength: 3 }),
    nodeLoads: fc.array(recordedCpu, { maxLength: 2 }),
    lost: fc.array(fc.record({ node: fc.nat(7), from: within(0, 120), seconds: within(1, 60) }), {
      maxLength: 2,
    }),
    happenings,
  })
  .map(documentOf);

function documentOf(ingredients: Ingredients): TraceDocument {
  const nodeDocuments = ingredients.nodes.map((node, index) => nodeDocument(node, nodeName(node, index)));
  const names = ingredients.nodes.map(nodeName);
  const nameOf = (index: number) => names[index % names.length] ?? '';
  const deployments = ingredients.workloads.map((_, index) => `fn/w${index}`);
  const runningPods = ingredients.runningPods.map(({ node, load }, index) => ({
    document: runningPod(`base-${index}`, nameOf(node)),
    load: load && { ...load, pod: `kube-system/base-${index}` },
  }));
  const { metricsServer, ...rest } = ingredients.settings;
  const lost = ingredients.lost.map(({ node, from, seconds }) => ({
    node: nameOf(node),
    from: `${from}s`,
    to: `${from + seconds}s`,
  }));
  return traceDocument({
    ...rest,
    metricsServer: { ...(metricsServer as TraceDocument), lost },
    nodes: nodeDocuments,
    pods: runningPods.map(({ document }) => document),
    deployments: ingredients.workloads.map(deployment),
    horizontalPodAutoscalers: ingredients.workloads.flatMap(({ autoscaler }, index) =>
      autoscaler === undefined ? [] : [autoscalerDocument(autoscaler, `w${index}`)],
    ),
    load: (ingredients.inSteps ? stepsOf : same)([
      ...ingredients.workloads.flatMap(({ load }, index) =>
        load === undefined ? [] : [{ ...load, deployment: deployments[index] }],
      ),
      ...runningPods.flatMap(({ load }) => load ?? []),
      ...ingredients.nodeLoads
        .slice(0, names.length)
        .map((load, index) => ({ ...load, node: nameOf(index) })),
    ]),
    events: eventsOf(ingredients.happenings, {
      seconds: Number.parseInt(String(rest['duration']), 10),
      nodes: nodeDocuments,
      deployments,
    }),
  });
}

function same(loads: readonly TraceDocument[]): readonly TraceDocument[] {
  return loads;
}

function stepsOf(loads: readonly TraceDocument[]): readonly TraceDocument[] {
  return loads
    .filter(({ type }) => type === 'recordedCpu' || type === 'demand')
    .map(({ repeat: _, ...load }) => ({ ...load, between: 'step' }));
}

function nodeName({ edge }: GeneratedNode, index: number): string {
  return `${edge ? 'edge' : 'cloud'}-${index}`;
}

function nodeDocument(
  { edge, labels, spec, allocatable, isReady }: GeneratedNode,
  name: string,
): NodeDocument {
  const tier = edge ? { 'node-role.kubernetes.io/edge': '' } : {};
  return {
    metadata: { name, labels: { ...labels, ...tier, 'kubernetes.io/hostname': name } },
    spec,
    status: { allocatable, conditions: [{ type: 'Ready', status: isReady ? 'True' : 'False' }] },
  };
}

/** Small enough for three of them to fit onto any node: the trace says where they run, no scheduler did. */
function runningPod(name: string, node: string): TraceDocument {
  return {
    metadata: { name, namespace: 'kube-system' },
    spec: { nodeName: node, containers: [{ resources: { requests: { cpu: '50m', memory: '50Mi' } } }] },
  };
}

function deployment({ group, annotations, replicas, spec }: Workload, index: number): TraceDocument {
  const labels = { app: `w${index}`, ...(group !== undefined && { group }) };
  return {
    metadata: { name: `w${index}`, namespace: 'fn' },
    spec: { replicas, template: { metadata: { labels, annotations }, spec } },
  };
}

function autoscalerDocument(spec: TraceDocument, name: string): TraceDocument {
  return {
    metadata: { name, namespace: 'fn' },
    spec: { ...spec, scaleTargetRef: { kind: 'Deployment', name } },
  };
}
