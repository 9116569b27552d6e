import type { MetricsLook, NodeUsage } from '../picture/records.ts';
import { type BackOff, createBackOff } from './back-off.ts';
import { type ApiFailure, errorText } from './failure.ts';
import { type LookOutcome, lookAtMetrics } from './metrics-look.ts';
import type { MetricsReader } from './metrics-reader.ts';
import type { Runtime } from './runtime.ts';
import type { SourcesObserver } from './sink.ts';

export interface MetricsPollerOptions {
  readonly reader: MetricsReader;
  readonly pollIntervalMs: number;
  readonly sampleTaken: (look: MetricsLook) => void | Promise<void>;
  readonly observer: SourcesObserver;
  readonly runtime: Runtime;
}

/** Short, so that a start without metrics-server is settled within seconds; see below. */
const BASE_BACK_OFF_MS = 1000;
/** metrics-server needs two scrapes after its start; waiting longer than two more would miss what it has. */
const MAX_BACK_OFF_MS = 30_000;

/**
 * After so many failed looks the poller counts as having looked: a cluster without metrics-server must be
 * scheduled by what is configured for unknown metrics. One failure is not enough: a metrics-server that
 * answers the next second would have made a restart blind, and pack by requests, for nothing.
 */
const LOOKED_AFTER_FAILURES = 3;

/**
 * Looks at metrics.k8s.io again and again, and tells of what is new. When nothing can be read it tells
 * nothing: how old the last sample is says enough.
 */
export class MetricsPoller {
  readonly #options: MetricsPollerOptions;
  readonly #backOff: BackOff;
  readonly #stopping = new AbortController();
  #running: Promise<void> | undefined;
  #nodes: readonly NodeUsage[] | undefined;
  #failuresInRow = 0;
  #looked = false;
  #problem: string | undefined;

  constructor(options: MetricsPollerOptions) {
    this.#options = options;
    const backOff = { baseMs: Math.min(options.pollIntervalMs, BASE_BACK_OFF_MS), maxMs: MAX_BACK_OFF_MS };
    this.#backOff = createBackOff(backOff, options.runtime.random);
  }

  start(): void {
    this.#running ??= this.#run();
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#running;
  }

  /** What is missing before questions can be answered; undefined after the first look. */
  missing(): string | undefined {
    if (this.#looked) return undefined;
    return `metrics not read yet${this.#problem === undefined ? '' : `: ${this.#problem}`}`;
  }

  /** What does not work now. */
  problem(): string | undefined {
    return this.#problem;
  }

  async #run(): Promise<void> {
    const { reader, runtime, pollIntervalMs } = this.#options;
    const { signal } = this.#stopping;
    while (!signal.aborted) {
      const startedAtMs = runtime.nowMs();
      const outcome = await lookAtMetrics(reader, this.#nodes, signal);
      const durationMs = runtime.nowMs() - startedAtMs;
      if (signal.aborted) return;
      await this.#takeSafely(outcome, durationMs);
      const delayMs =
        outcome.result === 'failed'
          ? this.#backOff.nextDelayMs(outcome.failure.retryAfterMs)
          : Math.max(0, pollIntervalMs - durationMs);
      await runtime.sleep(delayMs, signal);
    }
  }

  /** A bug in what is done with a sample must not end the polling. */
  async #takeSafely(outcome: LookOutcome, durationMs: number): Promise<void> {
    try {
      await this.#take(outcome, durationMs);
    } catch (error) {
      this.#options.observer.log?.('error', 'sample could not be taken', { error: errorText(error) });
    }
  }

  async #take(outcome: LookOutcome, durationMs: number): Promise<void> {
    const { observer, sampleTaken } = this.#options;
    if (outcome.result === 'failed') {
      this.#fail(outcome.failure, durationMs);
      return;
    }
    this.#failuresInRow = 0;
    this.#backOff.reset();
    if (outcome.result === 'ok') {
      this.#nodes = outcome.look.nodes;
      await sampleTaken(outcome.look);
      this.#say(outcome.podsMissing && `pod metrics cannot be used: ${outcome.podsMissing}`);
      observer.metricsRead?.('ok', durationMs, outcome.podsMissing);
    } else {
      observer.metricsRead?.('unchanged', durationMs);
    }
    // Not before the sample is in the picture: whoever asks then must not find the nodes unknown.
    this.#looked = true;
  }

  #fail(failure: ApiFailure, durationMs: number): void {
    this.#failuresInRow += 1;
    if (this.#failuresInRow >= LOOKED_AFTER_FAILURES) this.#looked = true;
    this.#say(`node metrics cannot be read: ${failure.message}`);
    this.#options.observer.metricsRead?.('failed', durationMs, failure.message);
  }

  /** Each problem is logged once, and its end. */
  #say(problem: string | undefined): void {
    const before = this.#problem;
    if (problem === before) return;
    this.#problem = problem;
    const { log } = this.#options.observer;
    if (problem !== undefined) log?.('warn', problem, {});
    else log?.('info', 'metrics can be read again', { was: before });
  }
}
