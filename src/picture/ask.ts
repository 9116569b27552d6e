import type { AnnotationProblems } from '../placement/annotations.ts';
import { decide } from '../placement/decide.ts';
import type { Decision, Question } from '../placement/decision.ts';
import { nodesAfterPreemption } from '../placement/preempt.ts';
import { type Ranking, rank } from '../placement/rank.ts';
import { refreshLoads } from './loads.ts';
import type { NodeEntry, Picture, PodEntry, Reservation } from './picture.ts';
import { podAskedAbout } from './pods.ts';
import type { PodRecord } from './records.ts';
import { liftReservation, reserve } from './reservations.ts';
import { isDoubted } from './unseen.ts';
import { podsByTier } from './workloads.ts';

/** After a refusal of its nominated node the scheduler asks about all others within the same cycle. */
const SAME_CYCLE_MS = 1000;

export interface Answer<T> {
  readonly value: T;
  /** The pod's annotations that could not be read: the defaults held. */
  readonly problems: AnnotationProblems;
}

/**
 * Where may this pod go, of these nodes? The answer with exactly one node is a reservation: the scheduler
 * has no choice left. An earlier reservation of the same pod is lifted first, so it never counts twice.
 */
export function askFilter(
  picture: Picture,
  record: PodRecord,
  names: readonly string[],
  nowMs: number,
): Answer<Decision> {
  const { pod, problems } = podAskedAbout(picture, record, nowMs);
  const earlier = liftReservation(picture, pod);
  const nominated = isNominated(picture, record, names);
  const asked = prepare(picture, pod, names, earlier);
  const question = nominated ? { ...asked, nominated } : asked;
  const decision = decide(question, picture.settings.placement);
  const refused = nominated && decision.nodes.length === 0;
  picture.nominationRefused = refused ? { uid: pod.uid, atMs: picture.steadyMs } : undefined;
  const only = decision.nodes.length === 1 ? decision.nodes[0] : undefined;
  reserveOn(picture, pod, only, decision.estimate);
  tellEnd(picture, earlier, decision.nodes.length > 0);
  return { value: decision, problems };
}

/** Scores for the nodes that filter left; the reservation is for the highest, where the scheduler will go. */
export function askPrioritize(
  picture: Picture,
  record: PodRecord,
  names: readonly string[],
  nowMs: number,
): Answer<Ranking> {
  const { pod, problems } = podAskedAbout(picture, record, nowMs);
  const earlier = liftReservation(picture, pod);
  const question = prepare(picture, pod, names, earlier);
  const ranking = rank(question, picture.settings.placement);
  reserveOn(picture, pod, ranking.first, ranking.estimate);
  tellEnd(picture, earlier, ranking.first !== undefined);
  return { value: ranking, problems };
}

/** @param victims uids of the pods that would be evicted, by node name */
export function askPreempt(
  picture: Picture,
  record: PodRecord,
  victims: ReadonlyMap<string, ReadonlySet<string>>,
  nowMs: number,
): Answer<readonly string[]> {
  const { pod, problems } = podAskedAbout(picture, record, nowMs);
  const earlier = liftReservation(picture, pod);
  const question = prepare(picture, pod, Array.from(victims.keys()));
  const value = nodesAfterPreemption(question, victims, picture.settings.placement);
  tellEnd(picture, earlier, false);
  return { value, problems };
}

/** @param earlier the reservation that was lifted for this question */
function prepare(picture: Picture, pod: PodEntry, names: readonly string[], earlier?: Reservation): Question {
  const candidates: NodeEntry[] = [];
  const unknownNodes: string[] = [];
  for (const name of names) {
    const node = picture.nodes.get(name);
    if (node?.known !== true) {
      unknownNodes.push(name);
      continue;
    }
    refreshLoads(picture, node);
    candidates.push(node);
  }
  const { policy } = pod;
  const countsSiblings = policy.edgeShareRatio !== undefined || policy.cloudMinPods !== undefined;
  return {
    pod,
    policy,
    candidates,
    unknownNodes,
    siblings: countsSiblings ? podsByTier(picture, pod) : undefined,
    doubted: isDoubted(picture, pod),
    nominated: false,
    held: earlier?.node.name,
    nowMs: picture.nowMs,
  };
}

/**
 * Whether a refusal makes the scheduler look at all nodes. Where the nominated node is the only one feasible,
 * that look asks about it alone once more; refused again, the pod would stay pending, its victims evicted.
 */
function isNominated(
  { steadyMs, nominationRefused: refused }: Picture,
  { uid, nominatedNodeName }: PodRecord,
  names: readonly string[],
): boolean {
  if (names.length !== 1 || nominatedNodeName !== names[0]) return false;
  return refused?.uid !== uid || steadyMs - refused.atMs > SAME_CYCLE_MS;
}

/** @param answered there is a node to go to: a new reservation follows, here or with the scheduler's choice */
function tellEnd({ observer }: Picture, earlier: Reservation | undefined, answered: boolean): void {
  if (earlier !== undefined) {
    observer.reservationEnded?.(answered ? 'replaced' : 'released', earlier.node.tier);
  }
}

function reserveOn(
  picture: Picture,
  pod: PodEntry,
  name: string | undefined,
  estimate: Decision['estimate'],
): void {
  const node = name === undefined ? undefined : picture.nodes.get(name);
  if (node !== undefined) reserve(picture, pod, node, estimate);
}
