import { isActing } from '../autoscalers.ts';
import {
  autoscalerOf,
  type ClusterObject,
  deploymentOf,
  namespaceObject,
  nodeOf,
  overheadPod,
  runningPod,
} from '../objects.ts';
import { type SeenMetrics, scrapeBeat, startBefore } from '../scrapes.ts';
import { overheadMilliAtStart, podMilliAtStart, type Shadow } from '../shadow.ts';
import { inParallel } from './cluster.ts';
import { spillwayDifferences } from './decisions.ts';
import { requireFreeCluster } from './guard.ts';
import type { Rehearsal } from './rehearsal.ts';
import { createWatched, type Watched } from './watch.ts';

/** What a rehearsal has on the cluster when its time begins, and how it hears of the cluster. */
export interface Stage extends Watched {
  /** When its time began, since the epoch. */
  readonly startMs: number;
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
  const { cluster, trace, host } = rehearsal;
  const namespaces = await requireFreeCluster(cluster, trace);
  creating();
  const watched = createWatched(rehearsal);
  const { sources, shadow } = watched;
  try {
    await createNodes(rehearsal, namespaces, shadow);
    await Promise.race([sources.start(), aborted(host.signal)]);
    await allMeasured(rehearsal, watched);
    await compareSettings(rehearsal);
    if (!host.signal.aborted) return { ...watched, startMs: await begin(rehearsal, watched) };
  } catch (error) {
    await sources.stop();
    throw error;
  }
  await sources.stop();
  host.err('ended before its time began\n');
  return undefined;
}

async function createNodes(
  rehearsal: Rehearsal,
  namespaces: readonly string[],
  shadow: Shadow,
): Promise<void> {
  const { id, trace } = rehearsal;
  await createAll(
    rehearsal,
    namespaces.map((name) => namespaceObject(name, id)),
  );
  await createAll(
    rehearsal,
    trace.nodes.map((node) => nodeOf(node, id)),
  );
  await createAll(rehearsal, [
    ...trace.nodes.map((node) => overheadPod(nameOf(node), id, overheadMilliAtStart(shadow, nameOf(node)))),
    ...trace.pods.map((pod) => runningPod(pod, id, podMilliAtStart(shadow, pod))),
  ]);
}

/** Waits until each node was measured, or the rehearsal was ended. Throws when that takes too long. */
async function allMeasured({ trace, host }: Rehearsal, { looks }: Watched): Promise<void> {
  const { runtime, signal, err } = host;
  err(`waiting for the metrics of ${trace.nodes.length} nodes\n`);
  const untilMs = runtime.nowMs() + MEASURED_TIMEOUT_MS;
  while (!signal.aborted && !trace.nodes.every((node) => isMature(looks, nameOf(node)))) {
    if (runtime.nowMs() >= untilMs) {
      throw new Error(
        `no metrics of all nodes after ${MEASURED_TIMEOUT_MS / 1000} s: is metrics-server there?`,
      );
    }
    await runtime.sleep(CHECK_MS, signal);
  }
}

/** So many samples of a node lie wholly after its pods began: Spillway judges them by what they use. */
const SAMPLES = 2;

function isMature(looks: readonly SeenMetrics[], node: string): boolean {
  const stamps = looks.flatMap(({ look }) => look.nodes.find(({ name }) => name === node)?.timestampMs ?? []);
  return new Set(stamps).size >= SAMPLES;
}

/** Spillway runs with a configuration of its own: where it differs from the trace's, that is told. */
async function compareSettings({ trace, options, host }: Rehearsal): Promise<void> {
  if (options.spillway === undefined || host.signal.aborted) return;
  for (const line of await spillwayDifferences(options.spillway, trace)) host.err(`note: ${line}\n`);
}

/** @returns when its time began, since the epoch */
async function begin(rehearsal: Rehearsal, watched: Watched): Promise<number> {
  const { id, trace, options, host } = rehearsal;
  const { resolution, phase } = trace.metricsServer;
  const beat = scrapeBeat(watched.looks);
  if (beat !== undefined) {
    if (beat.periodMs !== resolution) {
      const [found, wanted] = [beat.periodMs / 1000, resolution / 1000];
      host.err(`note: metrics are scraped every ${found} s, not every ${wanted} s as the trace says\n`);
    }
    // The scrapes have the trace's phase then, as far as it can be known.
    const waitMs = startBefore(beat, phase, Date.now()) - Date.now();
    await host.runtime.sleep(Math.max(0, waitMs), host.signal);
  }
  watched.begin();
  const startMs = Date.now();
  const scheduler =
    options.schedulerName ?? (options.policy === 'spillway' ? undefined : 'default-scheduler');
  await createAll(rehearsal, [
    ...trace.deployments.map((deployment) => deploymentOf(deployment, id, scheduler)),
    ...trace.horizontalPodAutoscalers.flatMap((object, index) =>
      isActing(trace, object) ? (autoscalerOf(rehearsal.autoscalers[index], id) ?? []) : [],
    ),
  ]);
  return startMs;
}

/** Between two requests it may be ended; one that was cut off might still create. */
function createAll({ cluster, host }: Rehearsal, objects: readonly ClusterObject[]): Promise<void> {
  return inParallel(objects, async (object) => {
    if (!host.signal.aborted) await cluster.create(object);
  });
}

function nameOf({ metadata }: { readonly metadata: { readonly name: string } }): string {
  return metadata.name;
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
