import type { CandidateVerdict, Decision } from '../placement/decision.ts';
import { append, type Column, floatColumn, indexColumn, valueAt } from './columns.ts';
import type { AttemptResult } from './result.ts';

/*
 * What a run keeps for every node of every decision, in a tenth of the memory that objects take: a run of
 * 100 000 pods on 100 nodes weighs ten million candidates. Objects are made of it each time it is read.
 */

/** The candidates of decisions and the scores of attempts. */
export interface Compact {
  /** What is said of nodes, but for their forecasts. */
  readonly facts: Facts[];
  /** Facts with a forecast: a candidate is one of these. */
  readonly factsOf: Column;
  readonly forecastMilli: Column;
  readonly candidate: Column;
  readonly latest: Map<string, Latest>;
  /** Nodes that were answered or had scores, and where in this list each is. */
  readonly names: string[];
  readonly nameIndexes: Map<string, number>;
  readonly name: Column;
  readonly total: Column;
}

type Facts = Omit<CandidateVerdict, 'forecastMilli' | 'estimateMilli'>;
type Scores = AttemptResult['scores'];

/** What was last said of a node, and mostly is said again: indexes, the latest first. */
interface Latest {
  readonly facts: number[];
  readonly rows: number[];
}

/** Verdicts and reasons of a node alternate, so more than the last is compared. */
const COMPARED = 8;

export function createCompact(): Compact {
  return {
    facts: [],
    factsOf: indexColumn(),
    forecastMilli: floatColumn(),
    candidate: indexColumn(),
    latest: new Map(),
    names: [],
    nameIndexes: new Map(),
    name: indexColumn(),
    total: floatColumn(),
  };
}

/** The same decision, with nodes and candidates that are made when they are read. */
export function compactDecision(compact: Compact, decision: Decision): Decision {
  const { nodes, candidates, ...rest } = decision;
  // One estimate is kept for all of them.
  if (!candidates.every((candidate) => isOfEstimate(candidate, decision.estimate.milli))) return decision;
  const weighed = { compact, first: compact.candidate.length, length: candidates.length };
  for (const candidate of candidates) append(compact.candidate, rowIndex(compact, candidate));
  const answered = nodes.length < 2 ? Object.assign(rest, { nodes }) : withNodes(compact, rest, nodes);
  return withLazy(answered, CANDIDATES_LAZY, weighed);
}

function withNodes<T extends object>(compact: Compact, object: T, nodes: Decision['nodes']) {
  const place = { compact, first: keepNames(compact, nodes), length: nodes.length };
  return withLazy(object, NODES_LAZY, place);
}

/** Adds the scores to an attempt, as a property that is made when it is read. */
export function withScores<T extends object>(
  compact: Compact,
  attempt: T,
  scores: Scores,
): T & { readonly scores: Scores } {
  const firstName = keepNames(
    compact,
    scores.map(({ node }) => node),
  );
  const place = { compact, first: compact.total.length, length: scores.length, firstName };
  for (const { total } of scores) append(compact.total, total);
  return withLazy(attempt, SCORES_LAZY, place);
}

/** Where in the columns the values of a property are. */
interface Place {
  readonly compact: Compact;
  readonly first: number;
  readonly length: number;
}

interface ScoresPlace extends Place {
  readonly firstName: number;
}

const NODES = Symbol('nodes');
const CANDIDATES = Symbol('candidates');
const SCORES = Symbol('scores');

type Placed<S extends symbol, P extends Place = Place> = Readonly<Record<S, P>>;

interface Lazy<T, K extends string, S extends symbol, P extends Place, V> {
  readonly key: K;
  /** Under which an object keeps the place. */
  readonly symbol: S;
  readonly get: (this: T & Placed<S, P>) => V;
}

const NODES_LAZY = { key: 'nodes', symbol: NODES, get: readNodes } as const;
const CANDIDATES_LAZY = { key: 'candidates', symbol: CANDIDATES, get: readCandidates } as const;
const SCORES_LAZY = { key: 'scores', symbol: SCORES, get: readScores } as const;

/**
 * Adds a property that looks like any other, to JSON and to a comparison, and is worked out each time it is read.
 * The getter is one for all objects and finds its place on `this`: a closure for each takes 600 bytes.
 */
function withLazy<T extends object, K extends string, S extends symbol, P extends Place, V>(
  object: T,
  { key, symbol, get }: Lazy<T, K, S, P, V>,
  place: P,
): T & { readonly [key in K]: V } {
  Object.defineProperty(object, symbol, { value: place });
  return Object.defineProperty(object, key, { get, enumerable: true }) as T & { readonly [key in K]: V };
}

function readNodes(this: Placed<typeof NODES>): Decision['nodes'] {
  const { compact, first, length } = this[NODES];
  return Array.from({ length }, (_, offset) => nameAt(compact, first + offset));
}

function readCandidates(
  this: Pick<Decision, 'estimate'> & Placed<typeof CANDIDATES>,
): Decision['candidates'] {
  const { compact, first, length } = this[CANDIDATES];
  return Array.from({ length }, (_, offset) => {
    const row = valueAt(compact.candidate, first + offset);
    const facts = compact.facts[valueAt(compact.factsOf, row)];
    if (facts === undefined) throw new Error(`compact: no facts for candidate ${offset}`);
    if (facts.tier === undefined) return facts;
    return verdict(facts, valueAt(compact.forecastMilli, row), this.estimate.milli);
  });
}

function readScores(this: Placed<typeof SCORES, ScoresPlace>): Scores {
  const { compact, first, length, firstName } = this[SCORES];
  return Array.from({ length }, (_, offset) => ({
    node: nameAt(compact, firstName + offset),
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

function rowIndex(compact: Compact, candidate: CandidateVerdict): number {
  const latest = latestOf(compact, candidate.node);
  const { forecastMilli = Number.NaN } = candidate;
  const facts = factsIndex(compact, latest, candidate);
  for (const row of latest.rows) {
    if (
      valueAt(compact.factsOf, row) === facts &&
      Object.is(valueAt(compact.forecastMilli, row), forecastMilli)
    ) {
      return row;
    }
  }
  const row = compact.factsOf.length;
  append(compact.factsOf, facts);
  append(compact.forecastMilli, forecastMilli);
  remember(latest.rows, row);
  return row;
}

function latestOf({ latest }: Compact, node: string): Latest {
  const known = latest.get(node);
  if (known !== undefined) return known;
  const none: Latest = { facts: [], rows: [] };
  latest.set(node, none);
  return none;
}

function factsIndex({ facts }: Compact, latest: Latest, candidate: CandidateVerdict): number {
  for (const index of latest.facts) {
    const known = facts[index];
    if (known !== undefined && isSame(known, candidate)) return index;
  }
  const { forecastMilli: _forecast, estimateMilli: _estimate, ...kept } = candidate;
  facts.push(kept);
  remember(latest.facts, facts.length - 1);
  return facts.length - 1;
}

function remember(indexes: number[], index: number): void {
  indexes.unshift(index);
  if (indexes.length > COMPARED) indexes.pop();
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

/**
 * The nodes that the scheduler scores are as a rule those that it was answered just before: then they are there.
 *
 * @returns where the first is
 */
function keepNames(compact: Compact, names: readonly string[]): number {
  const { name: column } = compact;
  const last = column.length - names.length;
  if (last >= 0 && names.every((name, offset) => nameAt(compact, last + offset) === name)) return last;
  const first = column.length;
  for (const name of names) append(column, nameIndex(compact, name));
  return first;
}

function nameIndex({ names, nameIndexes }: Compact, name: string): number {
  const known = nameIndexes.get(name);
  if (known !== undefined) return known;
  names.push(name);
  nameIndexes.set(name, names.length - 1);
  return names.length - 1;
}

function nameAt({ names, name: column }: Compact, index: number): string {
  return names[valueAt(column, index)] ?? '';
}
