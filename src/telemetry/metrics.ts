import { collectDefaultMetrics, Registry } from 'prom-client';
import type { PictureObserver } from '../picture/picture.ts';
import type { AnnotationProblems } from '../placement/annotations.ts';
import type { CandidateVerdict, Decision } from '../placement/decision.ts';
import type { Ranking } from '../placement/rank.ts';
import type { Tier } from '../placement/types.ts';
import { VERBS, type Verb } from '../placement/verbs.ts';
import { createInstruments, type Instruments } from './instruments.ts';
import {
  annotationLabel,
  type CertificateUse,
  decisionTier,
  ERROR_CODES,
  errorCause,
  UNKNOWN_ANNOTATION,
  WATCH_CAUSES,
  WATCHED_RESOURCES,
  watchCause,
} from './labels.ts';
import { nodeGaugePieces, registerNodeGauges } from './node-gauges.ts';
import { edgeNodes, type PictureView, registerPictureGauges } from './picture-gauges.ts';

export interface MetricsOptions {
  readonly version?: string | undefined;
  /** Called at each scrape, and to tell the tier of a node. Undefined while there is no picture. */
  readonly look?: (() => PictureView | undefined) | undefined;
  /** Since the start; called at each scrape. */
  readonly logLinesDropped?: (() => number) | undefined;
}

/** Counts what it is told. Nothing here throws or waits: it runs between two questions. */
export interface Metrics {
  readonly registry: Registry;
  readonly contentType: string;
  /** The page that Prometheus reads: whoever sends it lets the event loop go after each piece. */
  readonly pieces: () => AsyncIterable<string>;
  /** All pieces. */
  readonly text: () => Promise<string>;
  readonly picture: Required<Pick<PictureObserver, 'reservationEnded' | 'predictionMeasured'>>;
  /** A pod was bound that should have been asked about. */
  readonly boundUnasked: (tier: Tier) => void;
  /** Fits the extender's observer. */
  readonly extender: {
    readonly decided: (decision: Decision, verb: 'filter', problems: AnnotationProblems) => void;
    readonly ranked: (pod: unknown, ranking: Ranking) => void;
    readonly preempted: (pod: unknown, asked: readonly string[], kept: readonly string[]) => void;
    readonly failedOpen: (verb: Verb, error: unknown) => void;
  };
  /** Fits the observer of the informers and the metrics poller. */
  readonly sources: {
    readonly watchRestarted: (resource: string, cause: string) => void;
    readonly metricsRead: (result: 'ok' | 'unchanged' | 'failed', durationMs: number) => void;
  };
  /** Fits the HTTP server's observer. */
  readonly server: {
    readonly answered: (verb: Verb, status: number, durationMs: number) => void;
    readonly certificateInUse: (certificate: CertificateUse, expiresAtMs: number) => void;
    readonly certificateRefused: () => void;
  };
}

export function createMetrics({
  version = 'unknown',
  look,
  logLinesDropped = () => 0,
}: MetricsOptions = {}): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const instruments = createInstruments(registry, logLinesDropped);
  const view = look ?? (() => undefined);
  const nodeGauges = registerNodeGauges(registry);
  registerPictureGauges(registry, view);
  startAtZero(instruments);
  instruments.buildInfo.set({ version, node_version: process.version }, 1);
  const pieces = () => pagePieces(registry, nodeGauges, view);
  return {
    registry,
    contentType: registry.contentType,
    pieces,
    text: async () => {
      let text = '';
      for await (const piece of pieces()) text += piece;
      return text;
    },
    picture: {
      reservationEnded: (outcome, tier) => instruments.reservationsEnded.inc({ outcome, tier }),
      predictionMeasured: (kind, errorMilli) =>
        instruments.predictionError.observe({ kind }, errorMilli / 1000),
    },
    boundUnasked: (tier) => instruments.unaskedBindings.inc({ tier }),
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
    },
    sources: {
      watchRestarted: (resource, cause) =>
        instruments.watchRestarts.inc({ resource, cause: watchCause(cause) }),
      metricsRead: (result, durationMs) =>
        instruments.metricsReadSeconds.observe({ result }, durationMs / 1000),
    },
    server: {
      answered: (verb, status, durationMs) => {
        // Refusals are quick: among the answers they would make a service that is not ready look fast.
        if (status === 200) instruments.requestSeconds.observe({ verb }, durationMs / 1000);
        else instruments.requestErrors.inc({ verb, code: status });
      },
      certificateInUse: (certificate, expiresAtMs) =>
        instruments.certificateExpiry.set({ certificate }, expiresAtMs / 1000),
      certificateRefused: () => instruments.tlsReloadErrors.inc(),
    },
  };
}

/**
 * The page, a metric or some nodes at a time. `registry.metrics()` would write it in one go: at 5000 edge
 * nodes that holds up the scheduler's questions for 200 ms at each scrape.
 */
async function* pagePieces(
  registry: Registry,
  nodeGauges: ReturnType<typeof registerNodeGauges>,
  look: () => PictureView | undefined,
): AsyncIterable<string> {
  const view = look();
  const nodes = edgeNodes(view);
  for (const { name } of registry.getMetricsAsArray()) {
    const gauge = nodeGauges.get(name);
    if (gauge === undefined) yield `${await registry.getSingleMetricAsString(name)}\n`;
    else yield* nodeGaugePieces(gauge, nodes, view);
    yield '\n';
  }
}

function recordDecision(
  { decisions, overflows, rejections, annotationProblems }: Instruments,
  { result, reason, candidates }: Decision,
  verb: Verb,
  problems: AnnotationProblems,
): void {
  decisions.inc({ verb, tier: decisionTier(result), result });
  if (result === 'overflow') overflows.inc({ reason });
  for (const { reason: why, tier, count } of countRefusals(candidates)) {
    rejections.inc({ reason: why, tier }, count);
  }
  for (const { annotation } of problems.shown) {
    annotationProblems.inc({ annotation: annotationLabel(annotation) });
  }
  if (problems.further > 0) annotationProblems.inc({ annotation: UNKNOWN_ANNOTATION }, problems.further);
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
function countRefusals(candidates: readonly CandidateVerdict[]): readonly RefusalCount[] {
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
function startAtZero(instruments: Instruments): void {
  const { decisions, requestSeconds, requestErrors, reservationsEnded, unaskedBindings, watchRestarts } =
    instruments;
  for (const result of ['passed', 'edge', 'overflow', 'cloud', 'overload', 'pending'] as const) {
    decisions.inc({ verb: 'filter', tier: decisionTier(result), result }, 0);
  }
  for (const verb of VERBS) {
    requestSeconds.zero({ verb });
    for (const code of ERROR_CODES) requestErrors.inc({ verb, code }, 0);
  }
  for (const outcome of ['confirmed', 'moved', 'replaced', 'released', 'expired', 'evicted'] as const) {
    for (const tier of ['edge', 'cloud'] as const) reservationsEnded.inc({ outcome, tier }, 0);
  }
  for (const tier of ['edge', 'cloud'] as const) unaskedBindings.inc({ tier }, 0);
  for (const resource of WATCHED_RESOURCES) {
    for (const cause of WATCH_CAUSES) watchRestarts.inc({ resource, cause }, 0);
  }
}
