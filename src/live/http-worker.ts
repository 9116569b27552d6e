import { Agent, request } from 'node:http';
import { workerData } from 'node:worker_threads';
import type { HttpOutcome, HttpQuestion, HttpWorkerInput } from './blocking-http.ts';

/*
 * Asks in the place of a thread that waits: one question at a time, over one connection. A message without
 * anything says that the thread is there.
 */
const { url, port, bell, timeoutMs }: HttpWorkerInput = workerData;
const agent = new Agent({ keepAlive: true, maxSockets: 1 });

port.on('message', (question: HttpQuestion) => {
  ask(question, (outcome) => {
    // First the answer, then the bell: whoever wakes finds it there.
    port.postMessage(outcome);
    Atomics.store(bell, 0, 1);
    Atomics.notify(bell, 0);
  });
});
port.postMessage(undefined);

function ask({ path, body }: HttpQuestion, done: (outcome: HttpOutcome) => void): void {
  const headers = { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(body) };
  const sent = request(new URL(path, url), { method: 'POST', agent, headers, timeout: timeoutMs });
  sent.on('timeout', () => sent.destroy(new Error(`no answer within ${timeoutMs / 1000} s`)));
  sent.on('error', ({ message }) => done({ problem: message }));
  sent.on('response', (response) => {
    const chunks: Buffer[] = [];
    response.on('data', (chunk: Buffer) => chunks.push(chunk));
    response.on('error', ({ message }) => done({ problem: message }));
    response.on('end', () =>
      done({ status: response.statusCode ?? 0, body: Buffer.concat(chunks).toString() }),
    );
  });
  sent.end(body);
}
