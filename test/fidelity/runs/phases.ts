import type { SimulationResult } from '../../../src/outcome/result.ts';
import type { TraceDocument } from './real.ts';
import type { Scrape } from './scrapes.ts';

/**
 * What a cluster's clocks were at when the trace began: they are nobody's to choose, and a simulation is told.
 * Everything else of it is the trace's.
 */
export interface Phases {
  /** Of metrics-server's scrapes, of the autoscalers' syncs, since the start; each below its period. */
  readonly scrapeMs: number;
  readonly syncMs: number;
  readonly syncDurationMs: number;
  /** From the binding of a pod to its start, and from there to its being ready; KWOK is quick. */
  readonly startUpMs: number;
  readonly readinessMs: number;
  /** Scrapes that failed: which ones is chance, and chance is not held to anything. */
  readonly lost: readonly LostScrapes[];
}

interface LostScrapes {
  readonly node: string;
  /** Since the start. */
  readonly fromMs: number;
  readonly toMs: number;
}

/** Of the control plane. */
const VERSION = '1.36';
const SYNC_PERIOD_MS = 15_000;

/** @param scrapes of the whole life of metrics-server; what was before the trace and after it is left out */
export function phasesOf(result: SimulationResult, scrapes: readonly Scrape[], resolutionMs: number): Phases {
  const { clusterStartMs: startMs = 0 } = result;
  const endMs = startMs + result.endMs - result.startMs;
  const started = result.pods.filter(({ readyAtMs }) => readyAtMs !== undefined);
  const during = scrapes.filter(({ atMs }) => atMs >= startMs && atMs < endMs);
  return {
    scrapeMs: scrapePhase(during, startMs, resolutionMs),
    lost: during
      .filter(({ failed }) => failed)
      .map(({ node, atMs }) => {
        const sinceMs = atMs - startMs;
        return { node, fromMs: sinceMs - resolutionMs / 2, toMs: sinceMs + resolutionMs / 2 };
      }),
    ...syncsOf(result),
    startUpMs: median(started.map(({ boundAtMs = 0, startedAtMs = 0 }) => startedAtMs - boundAtMs)),
    readinessMs: median(started.map(({ startedAtMs = 0, readyAtMs = 0 }) => readyAtMs - startedAtMs)),
  };
}

/** The trace with a cluster's clocks. */
export function withPhases(document: TraceDocument, phases: Phases, resolutionMs: number): TraceDocument {
  const ms = (value: number) => `${Math.max(0, Math.round(value))}ms`;
  return {
    ...document,
    kubernetesVersion: VERSION,
    metricsServer: {
      ...(document['metricsServer'] as object),
      resolution: ms(resolutionMs),
      phase: ms(phases.scrapeMs),
      delay: '100ms',
      freshContainers: 'kwok',
      failures: [],
      lost: phases.lost.map(({ node, fromMs, toMs }) => ({ node, from: ms(fromMs), to: ms(toMs) })),
    },
    autoscaling: {
      ...(document['autoscaling'] as object),
      phase: ms(phases.syncMs),
      syncDuration: ms(phases.syncDurationMs),
    },
    kubelet: {
      ...(document['kubelet'] as object),
      startUp: ms(phases.startUpMs),
      startUpJitter: '0s',
      readiness: ms(phases.readinessMs),
      termination: '20ms',
    },
  };
}

/** Nodes are asked some milliseconds after one another, in any order: the middle of them all. */
function scrapePhase(scrapes: readonly Scrape[], startMs: number, resolutionMs: number): number {
  const [first] = scrapes;
  if (first === undefined) throw new Error('metrics-server has not scraped any node');
  const base = modulo(first.atMs - startMs, resolutionMs);
  const offsets = scrapes.map(
    ({ atMs }) => modulo(atMs - startMs - base + resolutionMs / 2, resolutionMs) - resolutionMs / 2,
  );
  return modulo(base + median(offsets), resolutionMs);
}

/**
 * Syncs come a period after the last one ended, some milliseconds later each time. They are known by what they change
 * in the status, and so to some milliseconds too.
 */
function syncsOf({ autoscalers, startMs }: SimulationResult): Pick<Phases, 'syncMs' | 'syncDurationMs'> {
  const seenMs = autoscalers.flatMap(({ syncs }) => syncs.map(({ atMs }) => atMs - startMs));
  const [first = 0, last = first] = [Math.min(...seenMs), Math.max(...seenMs)];
  if (autoscalers.length === 0) return { syncMs: 0, syncDurationMs: 0 };
  const turns = Math.round((last - first) / SYNC_PERIOD_MS);
  const syncDurationMs = turns === 0 ? 0 : Math.max(0, (last - first) / turns - SYNC_PERIOD_MS);
  return { syncMs: modulo(first, SYNC_PERIOD_MS), syncDurationMs };
}

function modulo(value: number, period: number): number {
  return ((value % period) + period) % period;
}

function median(values: readonly number[]): number {
  return [...values].sort((left, right) => left - right)[Math.floor(values.length / 2)] ?? 0;
}
