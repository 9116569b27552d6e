import { askFilter, askPreempt, askPrioritize } from '../picture/ask.ts';
import { projectPod } from '../picture/project.ts';
import type { Verb } from '../placement/verbs.ts';
import type { ExtenderContext, ExtenderReply, Handler } from './context.ts';
import { encodeDecision, encodeEcho, encodeEqualScores, encodeScores, encodeVictims } from './encode.ts';
import { describeProblem, type Read } from './guard.ts';
import { type PreemptionQuestion, type Question, readPreemption, readQuestion } from './read.ts';

/*
 * Nodes are known from the watch alone, also when the scheduler sends whole objects: a node learnt from a
 * question and deleted meanwhile would never be taken away again. Both modes thus give the same answer.
 */

/** Which of these nodes may the pod go to? */
export function handleFilter(context: ExtenderContext, body: string | Uint8Array): ExtenderReply {
  return answer(context, FILTER, readQuestion(body, context.picture.nodes.size));
}

/** How good is each of these nodes for the pod? */
function handlePrioritize(context: ExtenderContext, body: string | Uint8Array): ExtenderReply {
  return answer(context, PRIORITIZE, readQuestion(body, context.picture.nodes.size));
}

/** On which of these nodes is it of use to the pod that others are evicted? */
function handlePreempt(context: ExtenderContext, body: string | Uint8Array): ExtenderReply {
  return answer(context, PREEMPT, readPreemption(body, context.picture.nodes.size));
}

export const HANDLERS = {
  filter: handleFilter,
  prioritize: handlePrioritize,
  preempt: handlePreempt,
} as const satisfies Readonly<Record<Verb, Handler>>;

/** How a question of one verb is answered. */
interface Answering<Q> {
  readonly verb: Verb;
  readonly ask: (context: ExtenderContext, question: Q) => string;
  /** The answer as if we were not there. */
  readonly echo: (question: Q) => string;
}

const FILTER: Answering<Question> = { verb: 'filter', ask: filter, echo: encodeEcho };

const PRIORITIZE: Answering<Question> = {
  verb: 'prioritize',
  ask: prioritize,
  echo: ({ names }) => encodeEqualScores(names),
};

const PREEMPT: Answering<PreemptionQuestion> = {
  verb: 'preempt',
  ask: preempt,
  echo: ({ victims }) => encodeVictims(Array.from(victims.keys()), victims),
};

/** What can't be read is the sender's to mend; what can't be answered goes on as if we were not there. */
function answer<Q>(
  context: ExtenderContext,
  { verb, ask, echo }: Answering<Q>,
  read: Read<Q>,
): ExtenderReply {
  if (!read.ok) return reject(context, verb, describeProblem(read.problem));
  try {
    return { status: 200, body: ask(context, read.value) };
  } catch (error) {
    context.observer.failedOpen?.(verb, error);
  }
  try {
    return { status: 200, body: echo(read.value) };
  } catch (error) {
    // Nodes nested some thousand levels deep can be read but not written.
    return reject(context, verb, `body: cannot be written back: ${String(error)}`);
  }
}

function reject({ observer }: ExtenderContext, verb: Verb, error: string): ExtenderReply {
  observer.rejected?.(verb, error);
  return { status: 400, body: JSON.stringify({ error }) };
}

function filter(context: ExtenderContext, question: Question): string {
  const record = projectPod(question.pod);
  context.observer.asked?.(record);
  const { value: decision, problems } = askFilter(context.picture, record, question.names, context.now());
  const body = encodeDecision(decision, question, problems);
  context.observer.decided?.(decision, 'filter', problems);
  return body;
}

function prioritize(context: ExtenderContext, question: Question): string {
  const record = projectPod(question.pod);
  const { value: ranking, problems } = askPrioritize(context.picture, record, question.names, context.now());
  const body = encodeScores(ranking.scores);
  context.observer.ranked?.(record, ranking, problems);
  return body;
}

function preempt(context: ExtenderContext, question: PreemptionQuestion): string {
  const record = projectPod(question.pod);
  const uidsByNode = new Map(
    Array.from(question.victims, ([name, { uids }]) => [name, new Set(uids)] as const),
  );
  const { value: kept, problems } = askPreempt(context.picture, record, uidsByNode, context.now());
  const body = encodeVictims(kept, question.victims);
  context.observer.preempted?.(record, Array.from(question.victims.keys()), kept, problems);
  return body;
}
