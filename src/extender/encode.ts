import type { NodeObject } from '../picture/objects.ts';
import type { AnnotationProblems } from '../placement/annotations.ts';
import type { CandidateVerdict, Decision } from '../placement/decision.ts';
import { MAX_SCORE, type Score } from '../placement/rank.ts';
import { type Reason, reasonText } from '../placement/reasons.ts';
import type { NodeVictims, Question } from './read.ts';
import type { ExtenderFilterResult, ExtenderPreemptionResult, HostPriority } from './wire.ts';

/** Refusals that evicting pods from the node may turn: all that say its CPU is taken. */
const RESOLVABLE: ReadonlySet<Reason> = new Set<Reason>([
  'edge-above-threshold',
  'edge-above-limit',
  'edge-not-resumed',
]);

const NAMED_ANNOTATIONS = 3;

/**
 * The answer of filter. Reasons are sent only when no node is left: the scheduler reads them in no other
 * case, and they would make up most of a large answer.
 */
export function encodeDecision(decision: Decision, question: Question, problems: AnnotationProblems): string {
  if (decision.nodes.length > 0) return JSON.stringify(keptNodes(decision.nodes, question));
  const failed = decision.candidates.filter(({ reason }) => RESOLVABLE.has(reason));
  const unresolvable = decision.candidates.filter(({ reason }) => !RESOLVABLE.has(reason));
  const note = annotationNote(problems);
  return JSON.stringify({
    ...keptNodes([], question),
    FailedNodes: reasonsByNode(failed, note),
    FailedAndUnresolvableNodes: reasonsByNode(unresolvable, note),
  } satisfies ExtenderFilterResult);
}

/** All candidates, as they came: what the scheduler would have gone on with by itself. */
export function encodeEcho({ names, nodes }: Question): string {
  return JSON.stringify(nodes === undefined ? { NodeNames: names } : { Nodes: { items: nodes } });
}

export function encodeScores(scores: readonly Score[]): string {
  return JSON.stringify(
    scores.map(({ node, score }) => ({ Host: node, Score: wholeScore(score) }) satisfies HostPriority),
  );
}

/** One score for all: the other plugins decide. */
export function encodeEqualScores(names: readonly string[]): string {
  return encodeScores(names.map((node) => ({ node, score: 0 })));
}

/** Identifiers are always the answer, whichever way the victims were sent. */
export function encodeVictims(names: readonly string[], victims: ReadonlyMap<string, NodeVictims>): string {
  const byNode = names.map((name) => {
    const { uids = [], pdbViolations = 0 } = victims.get(name) ?? {};
    return [name, { Pods: uids.map((UID) => ({ UID })), NumPDBViolations: pdbViolations }] as const;
  });
  return JSON.stringify({
    NodeNameToMetaVictims: Object.fromEntries(byNode),
  } satisfies ExtenderPreemptionResult);
}

function keptNodes(kept: readonly string[], { nodes }: Question): ExtenderFilterResult {
  if (nodes === undefined) return { NodeNames: kept };
  // The scheduler builds its view of a node from what comes back, so it must be the whole object it sent.
  const wanted = new Set(kept);
  const items: readonly NodeObject[] = nodes.filter(({ metadata }) => wanted.has(metadata.name));
  return { Nodes: { items } };
}

function reasonsByNode(
  candidates: readonly CandidateVerdict[],
  note: string,
): Readonly<Record<string, string>> {
  return Object.fromEntries(candidates.map(({ node, reason }) => [node, reasonText(reason) + note]));
}

/**
 * Constant for one pod, so that the scheduler still merges equal texts; the event is what its owner reads.
 * Short, because it is said of every node: whoever may create a pod writes these names.
 */
function annotationNote({ shown, further }: AnnotationProblems): string {
  if (shown.length === 0) return '';
  const named = shown.slice(0, NAMED_ANNOTATIONS).map(({ annotation }) => annotation);
  const unnamed = shown.length - named.length + further;
  const names = named.join(', ') + (unnamed > 0 ? ` and ${unnamed} more` : '');
  return ` (invalid annotation${named.length === 1 ? '' : 's'} ignored: ${names})`;
}

function wholeScore(score: number): number {
  return Number.isFinite(score) ? Math.round(Math.min(MAX_SCORE, Math.max(0, score))) : 0;
}
