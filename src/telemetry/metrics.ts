import { collectDefaultMetrics, Registry } from 'prom-client';
import type { PictureObserver } from '../cluster/picture.ts';
import type { AnnotationProblem } from '../placement/annotations.ts';
import type { CandidateVerdict, Decision } from '../placement/decision.ts';
import type { Ranking } from '../placement/rank.ts';
import { createInstruments, type Instruments } from './instruments.ts';
import {
  annotationLabel,
  createLabelBound,
  decisionTier,
  errorCause,
  REQUEST_ERRORS,
  type RequestError,
  VERBS,
  type Verb,
} from './labels.ts';
import { type PictureView, registerPictureGauges } from './picture-gauges.ts';

export interface MetricsOptions {
  readonly version?: string | undefined;
  /** Called at each scrape, and to tell the tier of a node. Undefined while there is no picture. */
  readonly look?: (() => PictureView | undefined) | undefined;
}

/** Counts what it is told. Nothing here throws or waits: it runs before answers are sent. */
export interface Metrics {
  /** `await registry.metrics()` is the page; `registry.contentType` its type. */
  readonly registry: Registry;
  readonly picture: Required<PictureObserver>;
  /** Fits the extender's observer. */
  readonly extender: {
    readonly decided: (decision: Decision, verb: 'filter', problems: readonly AnnotationProblem[]) => void;
    readonly ranked: (pod: unknown, ranking: Ranking) => void;
    readonly preempted: (pod: unknown, asked: readonly string[], kept: readonly string[]) => void;
    readonly failedOpen: (verb: Verb, error: unknown) => void;
    readonly rejected: (verb: Verb) => void;
  };
  /** Fits the observer of the informers and the metrics poller. */
  readonly sources: {
    readonly watchRestarted: (resource: string, cause: string) => void;
    readonly metricsRead: (result: 'ok' | 'unchanged' | 'failed', durationMs: number) => void;
  };
  /** An answer was sent. */
  readonly requestDone: (verb: Verb, seconds: number) => void;
  /** A request came to nothing before a handler saw it; what handlers reject is counted by `extender`. */
  readonly requestFailed: (verb: Verb, cause: RequestError) => void;
}

/** So many causes of restarts are told apart; a reflector has about ten. */
const MAX_CAUSES = 20;

export function createMetrics({ version = 'unknown', look }: MetricsOptions = {}): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const instruments = createInstruments(registry);
  const view = look ?? (() => undefined);
  registerPictureGauges(registry, view);
  startAtZero(instruments);
  instruments.buildInfo.set({ version, node_version: process.version }, 1);
  const boundCause = createLabelBound(MAX_CAUSES);
  return {
    registry,
    picture: {
      reservationEnded: (outcome, tier) => instruments.reservationsEnded.inc({ outcome, tier }),
      predictionMeasured: (kind, errorMilli) =>
        instruments.predictionError.observe({ kind }, errorMilli / 1000),
    },
    extender: {
      decided: (decision, verb, problems) => recordDecision(instruments, decision, verb, problems),
      ranked: (_pod, { first }) => {
        const tier = (first && view()?.picture.nodes.get(first)?.tier) || 'none';
        const result = first === undefined ? 'passed' : 'ranked';
        instruments.decisions.inc({ verb: 'prioritize', tier, result });
      },
      preempted: (_pod, _asked, kept) => {
        const result = kept.length > 0 ? 'kept' : 'pending';
        instruments.decisions.inc({ verb: 'preempt', tier: 'none', result });
      },
      failedOpen: (verb, error) => instruments.failOpens.inc({ verb, cause: errorCause(error) }),
      rejected: (verb) => instruments.requestErrors.inc({ verb, cause: 'bad-request' }),
    },
    sources: {
      watchRestarted: (resource, cause) =>
        instruments.watchRestarts.inc({ resource, cause: boundCause(cause) }),
      metricsRead: (result, durationMs) =>
        instruments.metricsReadSeconds.observe({ result }, durationMs / 1000),
    },
    requestDone: (verb, seconds) => instruments.requestSeconds.observe({ verb }, seconds),
    requestFailed: (verb, cause) => instruments.requestErrors.inc({ verb, cause }),
  };
}

function recordDecision(
  { decisions, overflows, rejections, annotationProblems }: Instruments,
  { result, reason, candidates }: Decision,
  verb: Verb,
  problems: readonly AnnotationProblem[],
): void {
  decisions.inc({ verb, tier: decisionTier(result), result });
  if (result === 'overflow') overflows.inc({ reason });
  for (const { reason: why, tier, count } of countRefusals(candidates)) {
    rejections.inc({ reason: why, tier }, count);
  }
  for (const { annotation } of problems) annotationProblems.inc({ annotation: annotationLabel(annotation) });
}

interface RefusalCount {
  readonly reason: string;
  readonly tier: string;
  count: number;
}

/**
 * One increment for all candidates that share reason and tier: the library makes a string of the labels
 * each time. A handful of combinations occurs, and neighbours mostly share theirs, so a short list is
 * searched from the last hit.
 */
export function countRefusals(candidates: readonly CandidateVerdict[]): readonly RefusalCount[] {
  const counts: RefusalCount[] = [];
  let last: RefusalCount | undefined;
  for (const { verdict, reason, tier = 'unknown' } of candidates) {
    if (verdict !== 'refused') continue;
    if (last?.reason !== reason || last.tier !== tier) {
      last = counts.find((count) => count.reason === reason && count.tier === tier);
      if (last === undefined) {
        last = { reason, tier, count: 0 };
        counts.push(last);
      }
    }
    last.count += 1;
  }
  return counts;
}

/** A counter that appears with its first event hides that event from rate() and increase(). */
function startAtZero({ decisions, requestSeconds, requestErrors, reservationsEnded }: Instruments): void {
  for (const result of ['passed', 'edge', 'overflow', 'cloud', 'overload', 'pending'] as const) {
    decisions.inc({ verb: 'filter', tier: decisionTier(result), result }, 0);
  }
  for (const verb of VERBS) {
    requestSeconds.zero({ verb });
    for (const cause of REQUEST_ERRORS) requestErrors.inc({ verb, cause }, 0);
  }
  for (const outcome of ['confirmed', 'moved', 'replaced', 'released', 'expired', 'evicted'] as const) {
    for (const tier of ['edge', 'cloud'] as const) reservationsEnded.inc({ outcome, tier }, 0);
  }
}
