import { parentPort, workerData } from 'node:worker_threads';
import type { PlannedRun } from '../sweep/plan.ts';
import { runOne } from '../sweep/run.ts';
import type { WorkerInput } from './sweep-pool.ts';

/** A thread of a sweep: it is sent runs, one at a time, and answers each with what came of it. */
const { document, axes }: WorkerInput = workerData;
parentPort?.on('message', async (run: PlannedRun) => {
  parentPort?.postMessage(await runOne(document, axes, run));
});
