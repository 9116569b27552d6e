import type { CandidateVerdict, Decision } from '../placement/decision.ts';
import { append, type Column, floatColumn, indexColumn, valueAt } from './columns.ts';
import type { AttemptResult } from './result.ts';

/*
 * What a run keeps for every node of every decision, in a tenth of the memory that objects take: a run of
 * 100 000 pods on 100 nodes weighs ten million candidates. Objects are made of it each time it is read.
 */

/** The candidates of decisions and the scores of attempts. */
export interface Compact {
  /** What is said of a node mostly stays the same from decision to decision, but for its forecast. */
  readonly facts: Facts[];
  /** By node, the latest indexes of `facts`. */
  readonly latest: Map<string, number[]>;
  readonly factsOf: Column;
  readonly forecastMilli: Column;
  /** Nodes that had scores, and where in this list each is. */
  readonly nodes: string[];
  readonly nodeIndexes: Map<string, number>;
  readonly scoredNode: Column;
  readonly total: Column;
}

type Facts = Omit<CandidateVerdict, 'forecastMilli' | 'estimateMilli'>;
type Scores = AttemptResult['scores'];

/** Verdicts and reasons of a node alternate, so more than the last of its facts are compared. */
const COMPARED = 8;

export function createCompact(): Compact {
  return {
    facts: [],
    latest: new Map(),
    factsOf: indexColumn(),
    forecastMilli: floatColumn(),
    nodes: [],
    nodeIndexes: new Map(),
    scoredNode: indexColumn(),
    total: floatColumn(),
  };
}

/** The same decision, with candidates that are made when they are read. */
export function compactDecision(compact: Compact, decision: Decision): Decision {
  const { candidates, ...rest } = decision;
  // One estimate is kept for all of them.
  if (!candidates.every((candidate) => isOfEstimate(candidate, decision.estimate.milli))) return decision;
  const place = { compact, first: compact.factsOf.length, length: candidates.length };
  for (const candidate of candidates) {
    append(compact.factsOf, factsIndex(compact, candidate));
    append(compact.forecastMilli, candidate.forecastMilli ?? Number.NaN);
  }
  return withLazy(rest, 'candidates', place, readCandidates);
}

/** Adds the scores to an attempt, as a property that is made when it is read. */
export function withScores<T extends object>(
  compact: Compact,
  attempt: T,
  scores: Scores,
): T & { readonly scores: Scores } {
  const place = { compact, first: compact.total.length, length: scores.length };
  for (const { node, total } of scores) {
    append(compact.scoredNode, nodeIndex(compact, node));
    append(compact.total, total);
  }
  return withLazy(attempt, 'scores', place, readScores);
}

/** Where in the columns the values of an object are. */
interface Place {
  readonly compact: Compact;
  readonly first: number;
  readonly length: number;
}

const PLACE = Symbol('place');

interface Placed {
  readonly [PLACE]: Place;
}

/**
 * Adds a property that looks like any other, to JSON and to a comparison, and is worked out each time it is read.
 * The getter is one for all objects and finds its place on `this`: a closure for each takes 600 bytes.
 */
function withLazy<T extends object, K extends string, V>(
  object: T,
  key: K,
  place: Place,
  get: (this: T & Placed) => V,
): T & { readonly [key in K]: V } {
  Object.defineProperty(object, PLACE, { value: place });
  return Object.defineProperty(object, key, { get, enumerable: true }) as T & { readonly [key in K]: V };
}

function readCandidates(this: Omit<Decision, 'candidates'> & Placed): readonly CandidateVerdict[] {
  const { compact, first, length } = this[PLACE];
  return Array.from({ length }, (_, offset) => {
    const facts = compact.facts[valueAt(compact.factsOf, first + offset)];
    if (facts === undefined) throw new Error(`compact: no facts for candidate ${offset}`);
    if (facts.tier === undefined) return facts;
    return verdict(facts, valueAt(compact.forecastMilli, first + offset), this.estimate.milli);
  });
}

function readScores(this: Placed): Scores {
  const { compact, first, length } = this[PLACE];
  return Array.from({ length }, (_, offset) => ({
    node: compact.nodes[valueAt(compact.scoredNode, first + offset)] ?? '',
    total: valueAt(compact.total, first + offset),
  }));
}

/** In the order of keys that `decide` has. */
function verdict(facts: Facts, forecastMilli: number, estimateMilli: number): CandidateVerdict {
  const { node, tier, site, freshness, usageMilli, allocatableMilli } = facts;
  const { thresholdMilli, limitMilli, closed, verdict: word, reason } = facts;
  return {
    node,
    tier,
    site,
    freshness,
    usageMilli,
    forecastMilli,
    estimateMilli,
    allocatableMilli,
    thresholdMilli,
    limitMilli,
    closed,
    verdict: word,
    reason,
  };
}

/** One that was not judged, since the pod is not managed or the node not known, has neither. */
function isOfEstimate({ tier, forecastMilli, estimateMilli }: CandidateVerdict, milli: number): boolean {
  return tier === undefined
    ? forecastMilli === undefined && estimateMilli === undefined
    : forecastMilli !== undefined && estimateMilli === milli;
}

function factsIndex({ facts, latest }: Compact, candidate: CandidateVerdict): number {
  let indexes = latest.get(candidate.node);
  if (indexes === undefined) {
    indexes = [];
    latest.set(candidate.node, indexes);
  }
  for (const index of indexes) {
    const known = facts[index];
    if (known !== undefined && isSame(known, candidate)) return index;
  }
  const { forecastMilli: _forecast, estimateMilli: _estimate, ...kept } = candidate;
  facts.push(kept);
  indexes.unshift(facts.length - 1);
  if (indexes.length > COMPARED) indexes.pop();
  return facts.length - 1;
}

function isSame(left: Facts, right: Facts): boolean {
  return (
    left.usageMilli === right.usageMilli &&
    left.reason === right.reason &&
    left.verdict === right.verdict &&
    left.closed === right.closed &&
    left.freshness === right.freshness &&
    left.thresholdMilli === right.thresholdMilli &&
    left.limitMilli === right.limitMilli &&
    left.allocatableMilli === right.allocatableMilli &&
    left.site === right.site &&
    left.tier === right.tier
  );
}

function nodeIndex({ nodes, nodeIndexes }: Compact, node: string): number {
  const known = nodeIndexes.get(node);
  if (known !== undefined) return known;
  nodes.push(node);
  nodeIndexes.set(node, nodes.length - 1);
  return nodes.length - 1;
}
