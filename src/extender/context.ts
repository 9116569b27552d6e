import type { Picture } from '../picture/picture.ts';
import type { PodRecord } from '../picture/records.ts';
import type { AnnotationProblems } from '../placement/annotations.ts';
import type { Decision } from '../placement/decision.ts';
import type { Ranking } from '../placement/rank.ts';
import type { Verb } from '../placement/verbs.ts';

interface PodReference {
  readonly uid: string;
  readonly namespace: string;
  readonly name: string;
}

/**
 * Told what every question came to, for metrics, logs and the ring of decisions. It must not throw. It
 * runs in the turn that answers, so what takes long belongs elsewhere; a server may tell it after its answer.
 */
export interface ExtenderObserver {
  /** A question that could be read came, and is answered next. */
  readonly asked?: (pod: PodRecord) => void;
  readonly decided?: (decision: Decision, verb: 'filter', problems: AnnotationProblems) => void;
  readonly ranked?: (pod: PodReference, ranking: Ranking, problems: AnnotationProblems) => void;
  /** @param asked the nodes that preemption considers; @param kept those of them that may take the pod */
  readonly preempted?: (
    pod: PodReference,
    asked: readonly string[],
    kept: readonly string[],
    problems: AnnotationProblems,
  ) => void;
  /** An internal error: the question was answered as if Spillway were not there. */
  readonly failedOpen?: (verb: Verb, error: unknown) => void;
  /** The question was not taken: unreadable (400), not this client's to ask (403), too large (413), too early or slow (503). */
  readonly rejected?: (verb: Verb, reason: string) => void;
}

export interface ExtenderContext {
  readonly picture: Picture;
  readonly now: () => number;
  readonly observer: ExtenderObserver;
}

export interface ExtenderReply {
  readonly status: 200 | 400;
  /** JSON. */
  readonly body: string;
}

/** Answers one verb. Synchronous: no other question or event comes between its look and its reservation. */
export type Handler = (context: ExtenderContext, body: string | Uint8Array) => ExtenderReply;
