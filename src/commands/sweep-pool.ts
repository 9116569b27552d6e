import { Worker } from 'node:worker_threads';
import type { PlannedRun } from '../sweep/plan.ts';
import type { RunOutcome } from '../sweep/run.ts';
import type { Axis } from '../sweep/spec.ts';

/** What every thread has from the start; runs are sent one by one. */
export interface WorkerInput {
  readonly document: unknown;
  readonly axes: readonly Axis[];
}

export interface PoolOptions {
  readonly workers: number;
  readonly finished: (outcome: RunOutcome) => void;
  /** How a thread starts; absent: as one of this program. */
  readonly start?: ((input: WorkerInput) => Worker) | undefined;
}

/**
 * Runs everything on so many threads. Which thread runs what does not change what comes out; a thread that
 * ends by itself, for want of memory say, costs the run that it was at, and another takes its place.
 */
export async function runOnThreads(
  input: WorkerInput,
  runs: readonly PlannedRun[],
  { workers, finished, start = startWorker }: PoolOptions,
): Promise<readonly RunOutcome[]> {
  const outcomes: RunOutcome[] = [];
  const queue: Queue = {
    waiting: [...runs].reverse(),
    end: (outcome) => {
      outcomes.push(outcome);
      finished(outcome);
    },
  };
  // Starts threads one after the other until nothing waits; as a rule the first lives to the end.
  const serve = async () => {
    while (queue.waiting.length > 0) await useThread(start(input), queue);
  };
  await Promise.all(Array.from({ length: Math.min(workers, runs.length) }, serve));
  return outcomes.sort((left, right) => left.index - right.index);
}

interface Queue {
  readonly waiting: PlannedRun[];
  readonly end: (outcome: RunOutcome) => void;
}

/** Resolves when nothing waits any more, or when the thread has ended by itself. */
function useThread(worker: Worker, { waiting, end }: Queue): Promise<void> {
  return new Promise((resolve) => {
    let current: PlannedRun | undefined;
    let reason = 'the thread ended';
    const next = () => {
      current = waiting.pop();
      if (current === undefined) void worker.terminate();
      else worker.postMessage(current);
    };
    worker.on('message', (outcome: RunOutcome) => {
      end(outcome);
      next();
    });
    worker.on('error', (error) => {
      reason = error instanceof Error ? error.message : String(error);
    });
    worker.on('exit', () => {
      if (current !== undefined) end({ index: current.index, error: reason });
      resolve();
    });
    next();
  });
}

/** In dist/ a bundle of its own, beside this one. */
function startWorker(workerData: WorkerInput): Worker {
  const path = import.meta.url.endsWith('.ts') ? '../../scripts/sweep-worker.mjs' : './sweep-worker.js';
  return new Worker(new URL(path, import.meta.url), { workerData });
}
