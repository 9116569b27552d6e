import type { Window } from './curves.ts';
import type { Happening } from './kubernetes-events.ts';
import { seeNodes } from './node-events.ts';
import { isMapping, type JsonObject, keyOf, type RecordedDeployment, type RecordedPod } from './objects.ts';
import {
  autoscalerSeen,
  createRecording,
  deploymentSeen,
  podGone,
  podSeen,
  type Recording,
} from './recording.ts';

/** What `kubectl get -o json` printed, after the run. */
export interface Dump {
  readonly happenings: readonly Happening[];
  readonly nodes: readonly JsonObject[];
  readonly deployments: readonly JsonObject[];
  readonly autoscalers: readonly JsonObject[];
  readonly pods: readonly JsonObject[];
}

export interface FromEvents {
  readonly recording: Recording;
  readonly span: Window;
  readonly notes: readonly string[];
}

/** So long before the first and after the last event: what was before can settle, and what came of it show. */
const MARGIN_MS = 60_000;

/**
 * A recording as if somebody had watched. Objects are as they were after the run: what they were at its start
 * follows from the first event of each.
 */
export function recordingFromEvents(dump: Dump): FromEvents {
  const happenings = dump.happenings.toSorted((left, right) => left.atMs - right.atMs);
  const [first, last] = [happenings[0], happenings.at(-1)];
  const span = { fromMs: (first?.atMs ?? 0) - MARGIN_MS, toMs: (last?.atMs ?? 0) + MARGIN_MS };
  const recording = createRecording();
  const notes = [
    ...seeNodes(recording, dump.nodes, happenings, span),
    ...seeDeployments(recording, dump, happenings, span),
  ];
  for (const autoscaler of dump.autoscalers) autoscalerSeen(recording, asObject(autoscaler));
  seePods(recording, dump, happenings, span);
  return { recording, span, notes };
}

function seeDeployments(
  recording: Recording,
  { deployments, autoscalers }: Dump,
  happenings: readonly Happening[],
  { fromMs }: Window,
): readonly string[] {
  const known = new Set(deployments.map((object) => keyOf(asObject(object).metadata)));
  const changes = new Map<string, SizeChange[]>();
  for (const happening of happenings) {
    if (happening.type !== 'scaled' && happening.type !== 'rescaled') continue;
    const key = workloadOf(happening, autoscalers);
    changes.set(key, [...(changes.get(key) ?? []), happening]);
  }
  const guessed = deployments.flatMap((object) => {
    const { spec, metadata } = asObject(object);
    const key = keyOf(metadata);
    const { start = spec?.replicas ?? 1, steps, isGuess } = sizesOf(changes.get(key) ?? []);
    const see = (replicas: number, atMs: number) =>
      deploymentSeen(recording, { metadata, spec: { ...spec, replicas } }, atMs);
    see(start, fromMs);
    for (const { atMs, replicas } of steps) see(replicas, atMs);
    return isGuess ? [`${key}: no event says how many replicas there were at first: taken as ${start}.`] : [];
  });
  const strangers = Array.from(changes.keys()).filter((key) => !known.has(key));
  return strangers.length === 0
    ? guessed
    : [...guessed, `Events of Deployments that are not given are left out: ${strangers.sort().join(', ')}.`];
}

type SizeChange = Extract<Happening, { type: 'scaled' | 'rescaled' }>;

interface Sizes {
  /** Replicas at the start; undefined: nothing was changed. */
  readonly start: number | undefined;
  readonly isGuess: boolean;
  readonly steps: readonly { readonly atMs: number; readonly replicas: number }[];
}

/** In a rollout a Deployment has what its ReplicaSets have together. */
function sizesOf(changes: readonly SizeChange[]): Sizes {
  if (changes.length === 0) return { start: undefined, isGuess: false, steps: [] };
  const replicaSets = new Map<string, number>();
  let isGuess = !changes.some(({ type }) => type === 'scaled');
  for (const change of changes) {
    if (change.type !== 'scaled' || replicaSets.has(change.replicaSet)) continue;
    if (change.from === undefined) isGuess = true;
    replicaSets.set(change.replicaSet, change.from ?? 1);
  }
  const total = () => Array.from(replicaSets.values()).reduce((sum, count) => sum + count, 0);
  const start = replicaSets.size === 0 ? 1 : total();
  const steps = changes.map((change) => {
    if (change.type === 'rescaled') return { atMs: change.atMs, replicas: change.to };
    replicaSets.set(change.replicaSet, change.to);
    return { atMs: change.atMs, replicas: total() };
  });
  return { start, isGuess, steps };
}

/** The Deployment whose size a happening tells. */
function workloadOf(change: SizeChange, autoscalers: readonly JsonObject[]): string {
  if (change.type === 'scaled') return change.deployment;
  const { autoscaler: key } = change;
  const object = autoscalers.find((one) => keyOf(asObject(one).metadata) === key);
  const target = isMapping(object?.['spec']) ? object['spec']['scaleTargetRef'] : undefined;
  // Without the autoscaler's object: mostly it has the name of its Deployment.
  return isMapping(target) ? `${key.slice(0, key.indexOf('/'))}/${String(target['name'])}` : key;
}

/** Pods that are known from events, and those that are still there. */
function seePods(
  recording: Recording,
  { pods, deployments }: Dump,
  happenings: readonly Happening[],
  { fromMs }: Window,
): void {
  const keys = deployments.map((object) => keyOf(asObject(object).metadata));
  const scheduled = new Set<string>();
  const objects = new Map(pods.map((object) => [keyOf(asObject(object).metadata), object]));
  for (const happening of happenings) {
    if (happening.type === 'scheduled') {
      const { atMs, pod, node } = happening;
      scheduled.add(pod);
      seePod(recording, keys, { key: pod, nodeName: node, atMs, object: objects.get(pod) });
    } else if (happening.type === 'podDeleted') podGone(recording, happening.pod, happening.atMs);
  }
  for (const [key, object] of objects) {
    const { spec } = object as { readonly spec?: { readonly nodeName?: string } };
    if (scheduled.has(key) || spec?.nodeName === undefined) continue;
    seePod(recording, keys, { key, nodeName: spec.nodeName, atMs: fromMs, object });
  }
}

/** A pod that is on a node from a moment on. */
interface PodSighting {
  readonly key: string;
  readonly nodeName: string;
  readonly atMs: number;
  /** As it was after the run; undefined: it was gone by then. */
  readonly object: JsonObject | undefined;
}

function seePod(
  recording: Recording,
  deployments: readonly string[],
  { key, nodeName, atMs, object }: PodSighting,
): void {
  const [namespace = '', name = ''] = key.split('/');
  const deployment = ownerOf(key, deployments);
  const given = object === undefined ? undefined : (object as unknown as RecordedPod);
  if (deployment !== undefined) recording.replicaSets.set(deployment, deployment);
  const owner = { kind: 'ReplicaSet', uid: deployment, controller: true };
  podSeen(
    recording,
    {
      metadata: {
        ...given?.metadata,
        name,
        namespace,
        uid: key,
        creationTimestamp: given?.metadata.creationTimestamp ?? new Date(atMs).toISOString(),
        ownerReferences: deployment === undefined ? [] : [owner],
      },
      spec: { containers: [], ...given?.spec, nodeName },
    },
    atMs,
  );
}

/** Pods are named after their ReplicaSet, and that after its Deployment: `web-7d4b9c6f5-x2z1p`. */
function ownerOf(pod: string, deployments: readonly string[]): string | undefined {
  const owner = /^(.+)-[a-z0-9]{1,10}-[a-z0-9]{5}$/.exec(pod)?.[1];
  return deployments.find((key) => key === owner);
}

function asObject(object: JsonObject): RecordedDeployment {
  return object as unknown as RecordedDeployment;
}
