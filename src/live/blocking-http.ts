import { once } from 'node:events';
import { MessageChannel, type MessagePort, receiveMessageOnPort, Worker } from 'node:worker_threads';

/** What the thread that asks is given when it starts. */
export interface HttpWorkerInput {
  /** What paths are relative to. */
  readonly url: string;
  readonly port: MessagePort;
  /** Shared. 1: an answer is there. */
  readonly bell: Int32Array;
  readonly timeoutMs: number;
}

export interface HttpQuestion {
  readonly path: string;
  readonly body: string;
}

export interface HttpReply {
  readonly status: number;
  readonly body: string;
}

/** `problem`: there was no answer, and why. */
export type HttpOutcome = HttpReply | { readonly problem: string };

/** The thread itself gives up after `timeoutMs`; so much longer nobody hears from it when it is no more. */
const THREAD_LOST_MS = 5000;

/**
 * HTTP for a caller that cannot wait in any other way than by standing still: a simulation is one call. Another
 * thread asks, this one sleeps until the answer is there.
 */
export class BlockingHttp {
  readonly #worker: Worker;
  readonly #port: MessagePort;
  readonly #bell: Int32Array;
  readonly #timeoutMs: number;

  private constructor(worker: Worker, port: MessagePort, bell: Int32Array, timeoutMs: number) {
    this.#worker = worker;
    this.#port = port;
    this.#bell = bell;
    this.#timeoutMs = timeoutMs;
  }

  /** @param timeoutMs how long an answer may take */
  static async start(url: string, timeoutMs: number): Promise<BlockingHttp> {
    const { port1, port2 } = new MessageChannel();
    const bell = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
    const workerData = { url, port: port2, bell, timeoutMs } satisfies HttpWorkerInput;
    const worker = new Worker(new URL(workerFile(), import.meta.url), { workerData, transferList: [port2] });
    // Once it sleeps, this thread can help no other to start.
    await Promise.race([once(port1, 'message'), failureOf(worker)]);
    return new BlockingHttp(worker, port1, bell, timeoutMs);
  }

  post(path: string, body: string): HttpOutcome {
    this.#port.postMessage({ path, body } satisfies HttpQuestion);
    Atomics.wait(this.#bell, 0, 0, this.#timeoutMs + THREAD_LOST_MS);
    Atomics.store(this.#bell, 0, 0);
    const received: { readonly message: HttpOutcome } | undefined = receiveMessageOnPort(this.#port);
    return received?.message ?? { problem: 'the thread that asks does not answer' };
  }

  async stop(): Promise<void> {
    this.#port.close();
    await this.#worker.terminate();
  }
}

async function failureOf(worker: Worker): Promise<never> {
  const [error]: unknown[] = await once(worker, 'error');
  throw error;
}

/** In dist/ a bundle of its own, beside this one. */
function workerFile(): string {
  return import.meta.url.endsWith('.ts') ? '../../scripts/http-worker.mjs' : './http-worker.js';
}
