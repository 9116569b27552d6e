import type { CandidateVerdict, Decision, DecisionResult } from '../placement/decision.ts';
import { printable } from '../text/printable.ts';
import { createPacked, type PackedCandidates, packInto, unpackCandidates } from './packed.ts';

/** A decision as it is kept. A large one is cut short, and says so. */
interface KeptDecision extends Decision {
  /** How many nodes and candidates were not kept. */
  readonly leftOut: { readonly nodes: number; readonly candidates: number };
}

interface DecisionQuery {
  /** `namespace/name`; undefined: every pod. */
  readonly pod?: string | undefined;
  readonly limit?: number | undefined;
}

export interface DecisionRing {
  readonly push: (decision: Decision) => void;
  /** Newest first. */
  readonly recent: (query?: DecisionQuery) => readonly KeptDecision[];
  /** Decisions since the start, those too that are no longer kept. */
  readonly counts: () => Readonly<Partial<Record<DecisionResult, number>>>;
}

/** 1000 decisions of 5000 candidates each would be five million records: a decision that large is cut. */
export const MAX_CANDIDATES = 100;
/**
 * Names of nodes that were not looked up in the picture belong to the question alone and are anybody's:
 * 1000 decisions with 100 of the longest would be 50 MB. Real ones are rarely longer than a host's name.
 */
const MAX_FOREIGN_NAME_CHARACTERS = 63;
/** Of those at most so many answered ones, so that there is room to see why others were refused. */
const MAX_ANSWERED = 50;

interface PackedDecision {
  /** Without its candidates. */
  readonly decision: Decision;
  readonly candidates: PackedCandidates;
  readonly leftOut: KeptDecision['leftOut'];
}

/** Remembers the last decisions, for the question that comes after the pod is where it should not be. */
export function createDecisionRing(size: number): DecisionRing {
  const kept: PackedDecision[] = [];
  const counts: Partial<Record<DecisionResult, number>> = {};
  let next = 0;
  return {
    push: (decision) => {
      counts[decision.result] = (counts[decision.result] ?? 0) + 1;
      if (size === 0) return;
      kept[next] = pack(decision, kept[next]?.candidates ?? createPacked());
      next = (next + 1) % size;
    },
    recent: ({ pod, limit = size } = {}) => {
      const newestFirst = [...kept.slice(0, next).toReversed(), ...kept.slice(next).toReversed()];
      const wanted = newestFirst.filter(({ decision }) => pod === undefined || podName(decision) === pod);
      return wanted.slice(0, limit).map(unpack);
    },
    counts: () => ({ ...counts }),
  };
}

function unpack({ decision, candidates, leftOut }: PackedDecision): KeptDecision {
  return { ...decision, candidates: unpackCandidates(candidates), leftOut };
}

/** @param room what the decision that goes leaves behind */
function pack(decision: Decision, room: PackedCandidates): PackedDecision {
  const candidates = choose(decision.candidates).map(withShortName);
  const answered = decision.nodes.slice(0, MAX_CANDIDATES);
  const nodes = decision.result === 'passed' ? answered.map(shortName) : answered;
  packInto(room, candidates);
  return {
    decision: { ...decision, nodes, candidates: [] },
    candidates: room,
    leftOut: {
      nodes: decision.nodes.length - nodes.length,
      candidates: decision.candidates.length - candidates.length,
    },
  };
}

/** A candidate with a tier is a node of the picture, which holds its name anyway. */
function withShortName(candidate: CandidateVerdict): CandidateVerdict {
  const { node, tier } = candidate;
  if (tier !== undefined || node.length <= MAX_FOREIGN_NAME_CHARACTERS) return candidate;
  return { ...candidate, node: shortName(node) };
}

function shortName(name: string): string {
  return name.length <= MAX_FOREIGN_NAME_CHARACTERS ? name : printable(name, MAX_FOREIGN_NAME_CHARACTERS);
}

function podName({ pod }: Decision): string {
  return `${pod.namespace}/${pod.name}`;
}

/** The answered candidates first, since they are what was decided; then the others in their order. */
function choose(candidates: readonly CandidateVerdict[]): readonly CandidateVerdict[] {
  if (candidates.length <= MAX_CANDIDATES) return candidates;
  const answered = take(candidates, 'answered', MAX_ANSWERED);
  return [...answered, ...take(candidates, 'refused', MAX_CANDIDATES - answered.length)];
}

function take(
  candidates: readonly CandidateVerdict[],
  verdict: CandidateVerdict['verdict'],
  max: number,
): readonly CandidateVerdict[] {
  const taken: CandidateVerdict[] = [];
  for (const candidate of candidates) {
    if (taken.length >= max) break;
    if (candidate.verdict === verdict) taken.push(candidate);
  }
  return taken;
}
