import type { SimulationResult } from '../../../src/simulator/result.ts';
import type { TraceDocument } from './real.ts';

/**
 * What a cluster's clocks were at when the trace began: they are nobody's to choose, and a simulation is told.
 * Everything else of it is the trace's.
 */
export interface Phases {
  /** Of metrics-server's scrapes, of the autoscalers' syncs, since the start; each below its period. */
  readonly scrapeMs: number;
  readonly syncMs: number;
  /** From the binding of a pod to its start, and from there to its being ready; KWOK is quick. */
  readonly startUpMs: number;
  readonly readinessMs: number;
  /** Scrapes that failed: which ones is chance, and chance is not held to anything. */
  readonly lost: readonly LostScrapes[];
}

export interface LostScrapes {
  readonly node: string;
  /** Since the start. */
  readonly fromMs: number;
  readonly toMs: number;
}

const SYNC_PERIOD_MS = 15_000;

export function phasesOf(result: SimulationResult, resolutionMs: number): Phases {
  const started = result.pods.filter(({ readyAtMs }) => readyAtMs !== undefined);
  const scrapeMs = scrapePhase(result, resolutionMs);
  return {
    scrapeMs,
    lost: result.nodes.flatMap((node) => lostScrapes(result, node, scrapeMs, resolutionMs)),
    syncMs: syncPhase(result),
    startUpMs: median(started.map(({ boundAtMs = 0, startedAtMs = 0 }) => startedAtMs - boundAtMs)),
    readinessMs: median(started.map(({ startedAtMs = 0, readyAtMs = 0 }) => readyAtMs - startedAtMs)),
  };
}

/** The trace with a cluster's clocks. */
export function withPhases(document: TraceDocument, phases: Phases, resolutionMs: number): TraceDocument {
  const ms = (value: number) => `${Math.max(0, Math.round(value))}ms`;
  return {
    ...document,
    metricsServer: {
      ...(document['metricsServer'] as object),
      resolution: ms(resolutionMs),
      phase: ms(phases.scrapeMs),
      delay: '100ms',
      freshContainers: 'kwok',
      failures: [],
      lost: phases.lost.map(({ node, fromMs, toMs }) => ({ node, from: ms(fromMs), to: ms(toMs) })),
    },
    autoscaling: { ...(document['autoscaling'] as object), phase: ms(phases.syncMs) },
    kubelet: {
      ...(document['kubelet'] as object),
      startUp: ms(phases.startUpMs),
      startUpJitter: '0s',
      readiness: ms(phases.readinessMs),
      termination: '20ms',
    },
  };
}

/**
 * The API tells the second in which a node was scraped, and a rehearsal when it saw that, within a second of its
 * being served. What all samples agree on is the phase, to a fraction of a second.
 */
function scrapePhase({ nodes, startMs }: SimulationResult, resolutionMs: number): number {
  let [earliest, latest] = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
  let base: number | undefined;
  for (const { atMs, sampleEndMs } of nodes.flatMap(({ measured }) => measured)) {
    base ??= sampleEndMs;
    const turns = Math.round((sampleEndMs - base) / resolutionMs) * resolutionMs;
    earliest = Math.max(earliest, Math.max(sampleEndMs, atMs - POLL_MS) - turns);
    latest = Math.min(latest, Math.min(sampleEndMs + 1000, atMs) - turns);
  }
  if (base === undefined) throw new Error('no node was measured');
  return modulo((earliest + latest) / 2 - startMs, resolutionMs);
}

const POLL_MS = 1200;

/**
 * A scrape that failed takes the next sample too: a rate needs two points. Samples that are missing in a row are so
 * many failures but one.
 */
function lostScrapes(
  { startMs, endMs }: SimulationResult,
  { name, measured }: SimulationResult['nodes'][number],
  scrapeMs: number,
  resolutionMs: number,
): readonly LostScrapes[] {
  const count = Math.floor((endMs - startMs - scrapeMs) / resolutionMs);
  const isThere = (turn: number) =>
    measured.some(({ sampleEndMs }) => {
      const lateMs = startMs + scrapeMs + turn * resolutionMs - sampleEndMs;
      return Math.abs(lateMs) < resolutionMs / 2;
    });
  const missing = Array.from({ length: count }, (_, turn) => turn).filter((turn) => !isThere(turn));
  return missing
    .filter((turn) => turn + 1 >= count || !isThere(turn + 1))
    .map((turn) => {
      const atMs = scrapeMs + turn * resolutionMs;
      return { node: name, fromMs: atMs - resolutionMs / 2, toMs: atMs + resolutionMs / 2 };
    });
}

/** Syncs come a period after the last one ended: some milliseconds later each time. The first scaling tells most. */
function syncPhase({ scalings, autoscalers, startMs }: SimulationResult): number {
  const [first] =
    autoscalers.length === 0 ? [] : scalings.filter(({ atMs }) => atMs > startMs + SYNC_PERIOD_MS / 2);
  return first === undefined ? 0 : modulo(first.atMs - startMs, SYNC_PERIOD_MS);
}

function modulo(value: number, period: number): number {
  return ((value % period) + period) % period;
}

function median(values: readonly number[]): number {
  return [...values].sort((left, right) => left - right)[Math.floor(values.length / 2)] ?? 0;
}
