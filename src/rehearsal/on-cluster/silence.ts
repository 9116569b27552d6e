import { clockMs, type SimNode } from '../../simulator/model/world.ts';
import { createLostScrapes, decideScrapes, type LostScrapes } from '../lost-scrapes.ts';
import { REHEARSAL_LABEL, scrapeAnnotation } from '../objects.ts';
import { type ScrapeBeat, scrapeBeat } from '../scrapes.ts';
import { changeState, type SilenceEvent, silenceEventOf } from '../silence.ts';
import { noteScrape, type UsageBook, usedSince } from '../usage.ts';
import { type Item, inParallel, type RehearsalCluster } from './cluster.ts';
import type { Rehearsal } from './rehearsal.ts';
import type { Stage } from './stage.ts';

/*
 * KWOK leaves a node alone, and its pods, while somebody else holds the node's Lease: as nobody renews it, the
 * control plane takes the node for unreachable. A scrape fails when metrics-server is told a path that KWOK does
 * not have.
 */

/** Nodes that are silent, and scrapes that fail. */
export interface Silences {
  readonly lost: LostScrapes;
  /** What nodes that fell silent had as their addresses. */
  readonly addresses: Map<string, unknown>;
  /** Nodes that may speak again, and have not yet. */
  readonly returning: Set<string>;
  /** As it was seen last: there may be times in which no node is measured. */
  beat?: ScrapeBeat | undefined;
}

const NODES = '/api/v1/nodes';
const LEASES = '/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases';
/** Longer than any trace. */
const HELD_S = 86_400;
/** Enough to know the beat. */
const LOOKS = 20;

export function createSilences(): Silences {
  return { lost: createLostScrapes(), addresses: new Map(), returning: new Set() };
}

/** Throws when nodes of the trace cannot fall silent: KWOK runs with no Leases. */
export async function requireLeases({ cluster, trace }: Rehearsal): Promise<void> {
  const nodes = new Set(trace.events.flatMap((event) => silenceEventOf(event)?.node ?? []));
  if (nodes.size === 0) return;
  const held = new Set((await cluster.list(LEASES)).map(({ metadata }) => metadata.name));
  const missing = trace.nodes
    .map(({ metadata }) => metadata.name)
    .find((name) => nodes.has(name) && !held.has(name));
  if (missing === undefined) return;
  throw new Error(
    `node ${missing} cannot fall silent, since KWOK renews no Lease for it: start KWOK with --node-lease-duration-seconds=40`,
  );
}

/** Lets a node fall silent, or speak again. */
export async function applySilence(
  { cluster }: Rehearsal,
  { shadow }: Stage,
  silences: Silences,
  event: SilenceEvent,
): Promise<void> {
  if (!changeState(shadow, event)) return;
  const { node, state, what } = event;
  const { world, recorder } = shadow;
  recorder.incidents.push({ atMs: world.timeline.nowMs, object: node, what: `${node} ${what}` });
  if (state === 'up') {
    await holdLease(cluster, node, { leaseDurationSeconds: 1 });
    silences.returning.add(node);
    return;
  }
  silences.returning.delete(node);
  const addresses = statusOf(await nodeNamed(cluster, node)).addresses ?? [];
  if (addresses.length > 0) silences.addresses.set(node, addresses);
  await holdLease(cluster, node, { holderIdentity: 'spillway-rehearsal', leaseDurationSeconds: HELD_S });
  silences.lost.failing.add(node);
  await cluster.patch(`${NODES}/${node}`, { metadata: { annotations: scrapeAnnotation(node, true) } });
}

/**
 * Does for nodes that speak again what a kubelet would: its pods are ready, and the node has its addresses, which
 * KWOK may leave out when it begins anew.
 */
export async function welcomeBack({ cluster, id }: Rehearsal, silences: Silences): Promise<void> {
  for (const name of silences.returning) {
    const { conditions = [], addresses = [] } = statusOf(await nodeNamed(cluster, name));
    if (conditions.find(({ type }) => type === 'Ready')?.status !== 'True') continue;
    silences.returning.delete(name);
    if (addresses.length === 0) {
      await cluster.patch(`${NODES}/${name}/status`, { status: { addresses: silences.addresses.get(name) } });
    }
    const query = { fieldSelector: `spec.nodeName=${name}`, labelSelector: `${REHEARSAL_LABEL}=${id}` };
    await inParallel(await cluster.list('/api/v1/pods', query), (pod) => makeReady(cluster, pod));
  }
}

/** Decides about scrapes that are near, and tells metrics-server. Called after what was used has been written down. */
export async function loseScrapes(
  { cluster }: Rehearsal,
  { shadow, looks, startMs }: Stage,
  silences: Silences,
  book: UsageBook,
): Promise<void> {
  silences.beat = scrapeBeat(looks.slice(-LOOKS)) ?? silences.beat;
  const { lost, beat } = silences;
  if (beat === undefined) return;
  const beforeMs = lost.decidedMs - startMs;
  const usageMilli = ({ name }: SimNode) => usedSince(book, name, clockMs(beforeMs));
  const changes = decideScrapes(shadow, lost, { beat, nowMs: Date.now(), usageMilli });
  if (lost.decidedMs - startMs !== beforeMs) {
    // The scrape before counted what is not served: the first one of a node that joined or had not been scraped.
    for (const name of shadow.world.nodes.keys()) {
      if (!lost.failing.has(name)) noteScrape(book, name, beforeMs);
    }
  }
  await inParallel([...changes], async ([name, fails]) => {
    await cluster.patch(`${NODES}/${name}`, { metadata: { annotations: scrapeAnnotation(name, fails) } });
    if (fails) lost.failing.add(name);
    else lost.failing.delete(name);
  });
}

async function holdLease(cluster: RehearsalCluster, node: string, spec: object): Promise<void> {
  // The API has microseconds here.
  const renewTime = `${new Date().toISOString().slice(0, -1)}000Z`;
  await cluster.patch(`${LEASES}/${node}`, { spec: { ...spec, renewTime } });
}

async function makeReady(cluster: RehearsalCluster, pod: Item): Promise<void> {
  const { name, namespace } = pod.metadata;
  const { conditions = [] } = statusOf(pod);
  const isNotReady = conditions.some(({ type, status }) => type === 'Ready' && status !== 'True');
  if (!isNotReady || pod.metadata.deletionTimestamp !== undefined) return;
  const ready = { type: 'Ready', status: 'True', lastTransitionTime: new Date().toISOString() };
  const others = conditions.filter(({ type }) => type !== 'Ready');
  const body = { status: { conditions: [...others, ready] } };
  await cluster.patch(`/api/v1/namespaces/${namespace}/pods/${name}/status`, body);
}

async function nodeNamed(cluster: RehearsalCluster, name: string): Promise<Item | undefined> {
  const [node] = await cluster.list(NODES, { fieldSelector: `metadata.name=${name}` });
  return node;
}

interface Status {
  readonly conditions?: readonly { readonly type: string; readonly status: string }[];
  readonly addresses?: readonly unknown[];
}

function statusOf(object: Item | undefined): Status {
  return (object?.['status'] ?? {}) as Status;
}
