import type { TierSettings } from '../picture/picture.ts';
import { autoscalerObject } from '../trace/autoscaler.ts';
import { TRACE_API_VERSION, TRACE_KIND } from '../trace/schema.ts';
import type { Window } from './curves.ts';
import { kubeletTimes } from './kubelet.ts';
import { loadOf } from './load.ts';
import { courseOf, eventsOf, GRACE_PERIOD_MS, type TimedEvent } from './nodes.ts';
import { isMapping, type JsonObject } from './objects.ts';
import { countsAt, expectationsOf, type Placement, placementsOf } from './placements.ts';
import {
  type DeploymentHistory,
  type DeploymentSighting,
  deploymentOf,
  type PodHistory,
  type Recording,
} from './recording.ts';
import { cadenceOf, lostScrapes, scrapesOf } from './scrapes.ts';
import { spanText } from './text.ts';

export interface TraceOptions {
  readonly name: string;
  readonly description: string;
  /** What is recorded, in milliseconds since the epoch. */
  readonly span: Window;
  /** By which labels a node is edge. */
  readonly tiers: TierSettings;
  /** Parts of Spillway's configuration file that concern placement. */
  readonly configuration?: JsonObject | undefined;
  /** Like 1.36. */
  readonly kubernetesVersion?: string | undefined;
  /** Whether the trace expects the pods where they were recorded. */
  readonly expect: boolean;
}

export interface RecordedTrace {
  readonly document: JsonObject;
  /** What a trace has no words for, and was left out. */
  readonly notes: readonly string[];
  readonly placements: readonly Placement[];
}

/** A trace of what was recorded, in an order that is the same for the same cluster. */
export function traceOf(recording: Recording, options: TraceOptions): RecordedTrace {
  const { span, tiers } = options;
  const { fromMs: startMs } = span;
  const scrapes = scrapesOf(recording);
  const courses = sorted(recording.nodes).map((node) => ({ ...courseOf(node, span), name: node.name }));
  const present = courses.filter(({ object }) => object !== undefined).map(({ name }) => name);
  const deployments = sorted(recording.deployments).filter(({ sightings }) =>
    sightings.some(({ atMs }) => atMs <= span.toMs),
  );
  const pods = ownPods(recording, present, span);
  const placements = placementsOf(recording, tiers, span);
  const autoscalers = judged(
    sorted(recording.autoscalers),
    deployments.map(({ key }) => key),
  );
  const scaled = new Set(autoscalers.map(({ object }) => targetOf(object)));
  const scalings = deployments.flatMap((deployment) =>
    scalingsOf(deployment, span, scaled.has(deployment.key)),
  );
  const happened: TimedEvent[] = [...courses.flatMap(({ events }) => events), ...scalings];
  const cadence = cadenceOf(scrapes, startMs);
  const ever = courses
    .filter(({ object, events }) => object !== undefined || events.length > 0)
    .map(({ name }) => name);
  const lost = ever.flatMap((node) => lostScrapes(scrapes, node, span));
  const kubelet = kubeletTimes(
    placements.map(({ pod }) => pod),
    span,
  );
  const sizes = new Map(deployments.map(({ key, sightings }) => [key, sightings] as const));
  const document = {
    apiVersion: TRACE_API_VERSION,
    kind: TRACE_KIND,
    metadata: { name: options.name, description: options.description },
    ...(options.kubernetesVersion !== undefined && { kubernetesVersion: options.kubernetesVersion }),
    duration: spanText(Math.max(1000, span.toMs - startMs)),
    ...(options.configuration !== undefined && { configuration: options.configuration }),
    nodes: courses.flatMap(({ object }) => object ?? []),
    pods: pods.map(({ object }) => object),
    deployments: deployments.map((deployment) => deploymentObject(deployment, startMs)),
    horizontalPodAutoscalers: autoscalers.flatMap(({ object, problem }) =>
      problem === undefined ? [object] : [],
    ),
    events: eventsOf(happened, startMs),
    load: loadOf(recording, pods, ever, span),
    ...(cadence && { metricsServer: { ...cadence, ...(lost.length > 0 && { lost }) } }),
    ...(Object.keys(kubelet).length > 0 && { kubelet }),
    nodeController: { gracePeriod: spanText(GRACE_PERIOD_MS) },
    ...(options.expect && {
      expect: expectationsOf(
        placements,
        sizes,
        happened.map(({ atMs }) => atMs),
        span,
      ),
    }),
  };
  return { document, placements, notes: notesOf(recording, { pods, deployments, autoscalers, span }) };
}

/** Where the pods were at a moment, for people: one text for each Deployment. */
export function whereText(
  { placements }: Pick<RecordedTrace, 'placements'>,
  atMs: number,
): readonly string[] {
  return Array.from(new Set(placements.map(({ workload }) => workload)), (workload) => {
    const { edge, cloud } = countsAt(placements, workload, atMs);
    return `${workload}: ${edge} edge, ${cloud} cloud`;
  });
}

function sorted<T>(map: ReadonlyMap<string, T>): readonly T[] {
  return Array.from(map)
    .sort(([left], [right]) => (left < right ? -1 : 1))
    .map(([, value]) => value);
}

/** Pods of nobody that is recorded, which ran when the recording began. */
function ownPods(recording: Recording, nodes: readonly string[], { fromMs }: Window): readonly PodHistory[] {
  const found = new Map<string, PodHistory>();
  const there = new Set(nodes);
  for (const pod of recording.pods.values()) {
    const { boundAtMs = Number.POSITIVE_INFINITY, endingAtMs = Number.POSITIVE_INFINITY, nodeName } = pod;
    if (deploymentOf(recording, pod) !== undefined || boundAtMs > fromMs || endingAtMs <= fromMs) continue;
    if (nodeName !== undefined && there.has(nodeName)) found.set(pod.key, pod);
  }
  return sorted(found);
}

function replicasAt(sightings: readonly DeploymentSighting[], atMs: number): number {
  return sightings.findLast((sighting) => sighting.atMs <= atMs)?.replicas ?? 0;
}

function deploymentObject({ object, sightings }: DeploymentHistory, startMs: number): JsonObject {
  const { spec } = object;
  return { ...object, spec: { ...(isMapping(spec) ? spec : {}), replicas: replicasAt(sightings, startMs) } };
}

/**
 * The simulator asks an autoscaler only where no event scales its Deployment. One that left its Deployment
 * alone is replayed too: an event at the start says what it was.
 */
function scalingsOf(
  { key, sightings }: DeploymentHistory,
  { fromMs, toMs }: Window,
  isAutoscaled: boolean,
): readonly TimedEvent[] {
  const scale = ({ atMs, replicas }: DeploymentSighting) => ({
    atMs,
    event: { scale: { deployment: key, replicas } },
  });
  const changes = sightings.filter(
    ({ atMs, replicas }) => atMs > fromMs && atMs <= toMs && replicas !== replicasAt(sightings, atMs - 1),
  );
  if (changes.length > 0 || !isAutoscaled) return changes.map(scale);
  return [scale({ atMs: fromMs, replicas: replicasAt(sightings, fromMs) })];
}

function targetOf({ metadata, spec }: JsonObject): string | undefined {
  const target = isMapping(spec) ? spec['scaleTargetRef'] : undefined;
  if (!isMapping(metadata) || !isMapping(target)) return undefined;
  return `${metadata['namespace'] ?? 'default'}/${target['name']}`;
}

type Judged = readonly { readonly object: JsonObject; readonly problem: string | undefined }[];

/** Why the simulator would not read an autoscaler; undefined: it would. */
function judged(autoscalers: readonly JsonObject[], deployments: readonly string[]): Judged {
  const scaled = new Set<string | undefined>();
  return autoscalers.map((object) => {
    const problem = problemOf(object, deployments, scaled);
    if (problem === undefined) scaled.add(targetOf(object));
    return { object, problem };
  });
}

function problemOf(
  object: JsonObject,
  deployments: readonly string[],
  scaled: ReadonlySet<string | undefined>,
): string | undefined {
  const issue = autoscalerObject.safeParse(object).error?.issues[0];
  if (issue !== undefined) return `${issue.path.join('.')}: allowed is ${issue.message}`;
  const target = targetOf(object) ?? '';
  if (!deployments.includes(target)) return `its Deployment ${target} was not recorded`;
  return scaled.has(target) ? `another one scales ${target}` : undefined;
}

interface Assembled {
  readonly pods: readonly PodHistory[];
  readonly deployments: readonly DeploymentHistory[];
  readonly autoscalers: Judged;
  readonly span: Window;
}

function notesOf(
  recording: Recording,
  { pods, deployments, autoscalers, span }: Assembled,
): readonly string[] {
  const kept = new Set(pods.map(({ key }) => key));
  const strays = Array.from(recording.pods.values()).filter(
    (pod) =>
      deploymentOf(recording, pod) === undefined &&
      pod.boundAtMs !== undefined &&
      (pod.endingAtMs ?? span.toMs) > span.fromMs &&
      pod.boundAtMs <= span.toMs &&
      !kept.has(pod.key),
  ).length;
  return [
    ...(recording.looks.length === 0 ? ['No CPU was measured: the trace has no load.'] : []),
    ...deployments.flatMap(({ key, rolledOut }) =>
      rolledOut ? [`${key} was rolled out anew: the trace has its template as it was first.`] : [],
    ),
    ...(strays > 0
      ? [
          `${strays} pods of no recorded Deployment came during the recording: their CPU is their node's, their requests are left out.`,
        ]
      : []),
    ...autoscalers.flatMap(({ object, problem }) =>
      problem === undefined ? [] : [`HorizontalPodAutoscaler ${nameOf(object)} is left out: ${problem}`],
    ),
  ];
}

function nameOf({ metadata }: JsonObject): string {
  return isMapping(metadata) ? `${metadata['namespace'] ?? 'default'}/${metadata['name']}` : '';
}
