import type { AnnotationProblem } from '../placement/annotations.ts';
import { decide } from '../placement/decide.ts';
import type { Decision, Question } from '../placement/decision.ts';
import { nodesAfterPreemption } from '../placement/preempt.ts';
import { type Ranking, rank } from '../placement/rank.ts';
import type { NodeFacts } from '../placement/types.ts';
import { removeUnwatched } from './counting.ts';
import { refreshLoads } from './loads.ts';
import type { Picture, PodEntry } from './picture.ts';
import { podAskedAbout } from './pods.ts';
import type { PodRecord } from './records.ts';
import { endReservation, expireReservations, reserve } from './reservations.ts';
import { podsByTier } from './workloads.ts';

export interface Answer<T> {
  readonly value: T;
  /** The pod's annotations that could not be read: the defaults held. */
  readonly problems: readonly AnnotationProblem[];
}

/**
 * Where may this pod go, of these nodes? The answer with exactly one node is a reservation: the scheduler
 * has no choice left. An earlier reservation of the same pod is given up first, so it never counts twice.
 */
export function askFilter(
  picture: Picture,
  record: PodRecord,
  names: readonly string[],
  nowMs: number,
): Answer<Decision> {
  const { pod, problems } = podAskedAbout(picture, record, nowMs);
  const question = prepare(picture, pod, record, names);
  const decision = decide(question, picture.settings.placement);
  for (const { node, closed } of decision.candidates) {
    const entry = closed === undefined ? undefined : picture.nodes.get(node);
    if (entry !== undefined && closed !== undefined) entry.closed = closed;
  }
  const only = decision.nodes.length === 1 ? decision.nodes[0] : undefined;
  reserveOn(picture, pod, only, decision.estimate);
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
  const question = prepare(picture, pod, record, names);
  const ranking = rank(question, picture.settings.placement);
  reserveOn(picture, pod, ranking.first, ranking.estimate);
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
  const question = prepare(picture, pod, record, Array.from(victims.keys()));
  const value = nodesAfterPreemption(question, victims, picture.settings.placement);
  removeUnwatched(picture, pod);
  return { value, problems };
}

function prepare(picture: Picture, pod: PodEntry, record: PodRecord, names: readonly string[]): Question {
  expireReservations(picture);
  endReservation(picture, pod, 'replaced');
  const candidates: NodeFacts[] = [];
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
    siblings: countsSiblings ? podsByTier(pod.workload) : undefined,
    nominated: names.length === 1 && record.nominatedNodeName === names[0],
    nowMs: picture.nowMs,
  };
}

function reserveOn(
  picture: Picture,
  pod: PodEntry,
  name: string | undefined,
  estimate: Decision['estimate'],
): void {
  const node = name === undefined ? undefined : picture.nodes.get(name);
  if (node !== undefined) reserve(picture, pod, node, estimate);
  else removeUnwatched(picture, pod);
}
