import { type BackOff, type BackOffSettings, createBackOff } from './back-off.ts';
import { watchChecked } from './checked-watch.ts';
import { type Collection, type CollectionHandlers, createCollection } from './collection.ts';
import type { Connection } from './connection.ts';
import type { ApiFailure } from './failure.ts';
import { listAll } from './list.ts';
import {
  createRewindCheck,
  REWIND_CHECK_TIMINGS,
  type RewindCheck,
  type RewindCheckTimings,
} from './rewind-check.ts';
import type { Runtime } from './runtime.ts';
import type { SourcesObserver, WatchedResource } from './sink.ts';
import { WATCH_TIMINGS, type WatchEnd, type WatchTimings } from './watch.ts';

export interface ReflectorTimings extends WatchTimings, RewindCheckTimings {
  readonly backOff: BackOffSettings;
  /** A watch that lived so long was healthy: the next failure starts at the shortest wait again. */
  readonly healthyAfterMs: number;
  readonly listIdleTimeoutMs: number;
  /** For one page. */
  readonly listTotalTimeoutMs: number;
  /** Between these, at random, lies the time after which a watch is asked to end. */
  readonly watchTimeoutMs: readonly [shortest: number, longest: number];
}

export const REFLECTOR_TIMINGS = {
  ...WATCH_TIMINGS,
  ...REWIND_CHECK_TIMINGS,
  backOff: { baseMs: 500, maxMs: 30_000 },
  healthyAfterMs: 5000,
  listIdleTimeoutMs: 30_000,
  listTotalTimeoutMs: 120_000,
  watchTimeoutMs: [300_000, 600_000],
} as const satisfies ReflectorTimings;

export interface ReflectorOptions<T> extends Omit<CollectionHandlers<T>, 'unreadable'> {
  readonly connection: Connection;
  readonly resource: WatchedResource;
  /** Of the collection: `/api/v1/nodes`. */
  readonly path: string;
  readonly observer: SourcesObserver;
  readonly runtime: Runtime;
  readonly timings?: ReflectorTimings | undefined;
}

/**
 * After so many watches in a row that did not work, the list is read again: a resourceVersion that the
 * server does not know shows as errors other than 410 too.
 */
const RELIST_AFTER_FAILURES = 5;

/** Where the next watch goes on after this one; undefined: the list must be read again. */
function continuesAt({ cause, resourceVersion }: WatchEnd, failuresInRow: number): string | undefined {
  if (cause === 'expired' || cause === 'rewound') return undefined;
  return failuresInRow >= RELIST_AFTER_FAILURES ? undefined : resourceVersion;
}

/**
 * Keeps a sink informed of one collection: lists it, watches it, and lists again when the watch cannot go
 * on. No failure ends it; only `stop` does.
 */
export class Reflector<T> {
  readonly #options: ReflectorOptions<T>;
  readonly #timings: ReflectorTimings;
  readonly #backOff: BackOff;
  readonly #collection: Collection;
  readonly #check: RewindCheck;
  readonly #stopping = new AbortController();
  readonly #listed: Promise<void>;
  #announceListed: () => void = () => undefined;
  #running: Promise<void> | undefined;
  #synced = false;
  #problem: string | undefined;
  #checkProblem: string | undefined;

  constructor(options: ReflectorOptions<T>) {
    this.#options = options;
    this.#listed = new Promise((resolve) => {
      this.#announceListed = resolve;
    });
    this.#timings = options.timings ?? REFLECTOR_TIMINGS;
    this.#backOff = createBackOff(this.#timings.backOff, options.runtime.random);
    this.#collection = createCollection({
      project: options.project,
      seen: options.seen,
      gone: options.gone,
      unreadable: (what, why) =>
        options.observer.log?.('warn', 'object cannot be read', { resource: options.resource, what, why }),
    });
    this.#check = createRewindCheck({
      ...options,
      timings: this.#timings,
      told: (problem) => this.#takeCheck(problem),
    });
  }

  start(): void {
    this.#running ??= this.#run();
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#running;
  }

  /** Resolves after the first whole list. */
  whenListed(): Promise<void> {
    return this.#listed;
  }

  /** What is missing before the collection is known; undefined once it was listed. */
  missing(): string | undefined {
    return this.#synced ? undefined : (this.#problem ?? `${this.#options.resource} not listed yet`);
  }

  /** What does not work now; what is known then grows old. */
  problem(): string | undefined {
    return this.#problem ?? this.#checkProblem;
  }

  async #run(): Promise<void> {
    const { signal } = this.#stopping;
    let resourceVersion: string | undefined;
    let failuresInRow = 0;
    let isContinued = false;
    while (!signal.aborted) {
      if (resourceVersion === undefined) {
        resourceVersion = await this.#list();
        isContinued = false;
        continue;
      }
      const startedAtMs = this.#options.runtime.nowMs();
      const end = await this.#watch(resourceVersion, isContinued);
      isContinued = true;
      if (end.cause === 'stopped') return;
      const wasHealthy = this.#options.runtime.nowMs() - startedAtMs >= this.#timings.healthyAfterMs;
      if (wasHealthy) this.#backOff.reset();
      failuresInRow = wasHealthy || end.cause === 'ended' ? 0 : failuresInRow + 1;
      resourceVersion = continuesAt(end, failuresInRow);
      if (resourceVersion === undefined) failuresInRow = 0;
      this.#options.observer.watchRestarted?.(this.#options.resource, end.cause);
      if (!wasHealthy || end.cause !== 'ended') await this.#wait(end.retryAfterMs);
    }
  }

  /** Gives the resourceVersion of the list, or undefined, after a wait, when there was none to be had. */
  async #list(): Promise<string | undefined> {
    const { connection, path, resource, observer } = this.#options;
    const request = {
      path,
      signal: this.#stopping.signal,
      idleTimeoutMs: this.#timings.listIdleTimeoutMs,
      totalTimeoutMs: this.#timings.listTotalTimeoutMs,
    };
    const { seen, beginList, endList } = this.#collection;
    beginList();
    const listed = await listAll(connection, request, { take: seen, restart: beginList });
    if (!listed.ok) {
      this.#complain(`${resource} not listed`, listed.failure);
      await this.#wait(listed.failure.retryAfterMs);
      return undefined;
    }
    await endList();
    this.#recover();
    if (!this.#synced) observer.log?.('info', 'listed', { resource, resourceVersion: listed.value });
    this.#synced = true;
    this.#announceListed();
    return listed.value;
  }

  async #watch(resourceVersion: string, isContinued: boolean): Promise<WatchEnd> {
    const { connection, path, resource, runtime } = this.#options;
    const { seen, gone } = this.#collection;
    const [shortestMs, longestMs] = this.#timings.watchTimeoutMs;
    const request = {
      path,
      resourceVersion,
      signal: this.#stopping.signal,
      // Spread, so that a restart of the server does not bring all its clients back at one time for ever.
      timeoutMs: shortestMs + runtime.random() * (longestMs - shortestMs),
      timings: this.#timings,
      check: this.#check,
      isContinued,
    };
    const end = await watchChecked(connection, request, { opened: () => this.#recover(), seen, gone });
    if (end.cause === 'rewound') this.#complain(`${resource} must be listed anew`, end);
    else if (end.cause !== 'ended' && end.cause !== 'expired') this.#complain(`${resource} not watched`, end);
    return end;
  }

  async #wait(retryAfterMs: number | undefined): Promise<void> {
    const delayMs = this.#backOff.nextDelayMs(retryAfterMs);
    await this.#options.runtime.sleep(delayMs, this.#stopping.signal);
  }

  /** Said once, not at every try. */
  #complain(what: string, { message }: Pick<ApiFailure, 'message'>): void {
    const { observer, resource, connection } = this.#options;
    const problem = `${what}: ${message}`;
    if (this.#stopping.signal.aborted || problem === this.#problem) return;
    this.#problem = problem;
    observer.log?.('warn', problem, { resource, server: connection.server() });
  }

  #recover(): void {
    if (this.#problem === undefined) return;
    const { observer, resource } = this.#options;
    observer.log?.('info', 'works again', { resource, was: this.#problem });
    this.#problem = undefined;
  }

  /** Beside the other problem: a watch that is opened again does not end this one. */
  #takeCheck(message: string | undefined): void {
    const { observer, resource } = this.#options;
    const was = this.#checkProblem;
    this.#checkProblem = message && `${resource}: cannot be checked against the server: ${message}`;
    if (this.#checkProblem !== undefined) observer.log?.('warn', this.#checkProblem, { resource });
    else observer.log?.('info', 'works again', { resource, was });
  }
}
