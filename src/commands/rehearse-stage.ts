import { type AutoscalerNotes, autoscalerSeen } from '../rehearsal/autoscalers.ts';
import {
  autoscalerOf,
  type ClusterObject,
  deploymentOf,
  namespaceObject,
  namespacesOf,
  nodeOf,
  overheadPod,
  REHEARSAL_LABEL,
  runningPod,
} from '../rehearsal/objects.ts';
import { type SeenMetrics, scrapeBeat, startBefore } from '../rehearsal/scrapes.ts';
import {
  advance,
  createShadow,
  overheadMilliAtStart,
  podGone,
  podMilliAtStart,
  podSeen,
  replicasSeen,
  type Shadow,
} from '../rehearsal/shadow.ts';
import type { Rehearsal } from './rehearse.ts';
import { type Item, inParallel, type RehearsalCluster } from './rehearse-cluster.ts';
import { createRehearsalSources, type RehearsalSources } from './rehearse-sources.ts';

/** What a rehearsal has on the cluster when its time begins, and how it hears of the cluster. */
export interface Stage {
  readonly shadow: Shadow;
  readonly autoscalers: AutoscalerNotes;
  readonly sources: RehearsalSources;
  /** Milliseconds since its time began; 0 before. */
  readonly sinceStart: () => number;
  /** When it began, since the epoch. */
  readonly startMs: number;
  /** Looks at metrics, as they come. */
  readonly looks: SeenMetrics[];
}

/** metrics-server needs some scrapes, a minute apart at most as a rule. */
const MEASURED_TIMEOUT_MS = 180_000;
const CHECK_MS = 500;

/**
 * Creates nodes and what runs from the start, waits for their metrics, then begins, at the trace's phase of the
 * scrapes: the Deployments and autoscalers are created at second 0, as in a simulation.
 *
 * @param creating called before the first object is created
 * @returns undefined: it was ended early
 */
export async function createStage(rehearsal: Rehearsal, creating: () => void): Promise<Stage | undefined> {
  const { id, trace, cluster, connection, host, options } = rehearsal;
  const { signal, runtime, err } = host;
  const namespaces = namespacesOf(trace);
  const existing = await existingObjects(cluster);
  const taken = [...namespaces.filter((name) => !KEPT.includes(name)), ...trace.nodes.map(nameOf)].filter(
    (name) => existing.has(name),
  );
  if (taken.length > 0) {
    const isLeft = taken.every((name) => existing.get(name)?.labels?.[REHEARSAL_LABEL] !== undefined);
    const advice = isLeft ? ', left by another rehearsal: spillway rehearse --clean-up deletes them' : '';
    throw new Error(`the cluster has these already: ${taken.join(', ')}${advice}`);
  }
  const foreign = await realNodes(cluster);
  if (foreign.length > 0) {
    throw new Error(`the cluster has nodes that are not KWOK's: ${foreign.slice(0, 3).join(', ')}`);
  }
  creating();
  const createAll = (objects: readonly ClusterObject[]) =>
    inParallel(objects, async (object) => {
      if (!signal.aborted) await cluster.create(object);
    });
  await createAll(namespaces.filter((name) => !existing.has(name)).map((name) => namespaceObject(name, id)));
  await createAll(trace.nodes.map((node) => nodeOf(node, id)));
  const shadow = createShadow(trace);
  await createAll([
    ...trace.nodes.map((node) => overheadPod(nameOf(node), id, overheadMilliAtStart(shadow, nameOf(node)))),
    ...trace.pods.map((pod) => runningPod(pod, id, podMilliAtStart(shadow, pod))),
  ]);

  const autoscalers: AutoscalerNotes = new Map();
  const looks: SeenMetrics[] = [];
  let startedAt: number | undefined;
  // Whole milliseconds, as the API and a simulation have them.
  const sinceStart = () => (startedAt === undefined ? 0 : Math.round(runtime.nowMs() - startedAt));
  const now = () => advance(shadow, sinceStart());
  const sources = createRehearsalSources({
    connection,
    namespaces,
    runtime,
    complain: (message) => err(`${message}\n`),
    sink: {
      podSeen: (pod) => {
        now();
        podSeen(shadow, pod);
      },
      podGone: (uid) => {
        now();
        podGone(shadow, uid);
      },
      deploymentSeen: (workload, replicas) => {
        now();
        replicasSeen(shadow, workload, replicas);
      },
      autoscalerSeen: (seen) => {
        now();
        autoscalerSeen(autoscalers, seen, shadow.world.timeline.nowMs);
      },
      looked: (look) => looks.push({ look, seenAtMs: Date.now() }),
    },
  });
  await Promise.race([sources.start(), aborted(signal)]);
  err(`waiting for the metrics of ${trace.nodes.length} nodes\n`);
  const measured = await waitFor(() => trace.nodes.every((node) => isMature(looks, nameOf(node))), rehearsal);
  if (!measured && !signal.aborted) {
    await sources.stop();
    throw new Error(
      `no metrics of all nodes after ${MEASURED_TIMEOUT_MS / 1000} s: is metrics-server there?`,
    );
  }
  if (signal.aborted) {
    err('ended before its time began\n');
    await sources.stop();
    return undefined;
  }
  // The scrapes have the trace's phase then, as far as it can be known.
  const beat = scrapeBeat(looks);
  const beginMs = beat === undefined ? 0 : startBefore(beat, trace.metricsServer.phase, Date.now());
  await runtime.sleep(Math.max(0, beginMs - Date.now()), signal);
  startedAt = runtime.nowMs();
  const startMs = Date.now();
  const scheduler =
    options.schedulerName ?? (options.policy === 'spillway' ? undefined : 'default-scheduler');
  await createAll([
    ...trace.deployments.map((deployment) => deploymentOf(deployment, id, scheduler)),
    ...rehearsal.autoscalers.flatMap((raw) => autoscalerOf(raw, id) ?? []),
  ]);
  return { shadow, autoscalers, sources, sinceStart, startMs, looks };
}

/** So many samples of a node lie wholly after its pods began: Spillway judges them by what they use. */
const SAMPLES = 2;

function isMature(looks: readonly SeenMetrics[], node: string): boolean {
  const stamps = looks.flatMap(({ look }) => look.nodes.find(({ name }) => name === node)?.timestampMs ?? []);
  return new Set(stamps).size >= SAMPLES;
}

/** These are there always, and their objects are none of ours. */
const KEPT: readonly string[] = ['default', 'kube-system'];

function nameOf({ metadata }: { readonly metadata: { readonly name: string } }): string {
  return metadata.name;
}

/** Namespaces and nodes, by their names. */
async function existingObjects(cluster: RehearsalCluster): Promise<ReadonlyMap<string, Item['metadata']>> {
  const lists = await Promise.all([cluster.list('/api/v1/namespaces'), cluster.list('/api/v1/nodes')]);
  return new Map(lists.flat().map(({ metadata }) => [metadata.name, metadata]));
}

/** A node that KWOK does not pretend to be: what its pods use cannot be said by an annotation. */
async function realNodes(cluster: RehearsalCluster): Promise<readonly string[]> {
  const nodes = await cluster.list('/api/v1/nodes');
  const isFake = ({ annotations = {}, labels = {} }: (typeof nodes)[number]['metadata']) =>
    annotations['kwok.x-k8s.io/node'] === 'fake' || labels['type'] === 'kwok';
  return nodes.filter(({ metadata }) => !isFake(metadata)).map(({ metadata }) => metadata.name);
}

/** @returns whether it came about, in time and before the rehearsal was ended */
async function waitFor(check: () => boolean, { host }: Rehearsal): Promise<boolean> {
  const { runtime, signal } = host;
  const untilMs = runtime.nowMs() + MEASURED_TIMEOUT_MS;
  while (!signal.aborted && runtime.nowMs() < untilMs) {
    if (check()) return true;
    await runtime.sleep(CHECK_MS, signal);
  }
  return false;
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
