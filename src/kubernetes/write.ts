import type { Connection } from './connection.ts';
import { type ApiResult, failed, failureOf, ok, statusFailure, TimeoutError } from './failure.ts';

export interface WriteRequest {
  readonly method: 'POST' | 'PATCH' | 'DELETE';
  readonly path: string;
  /** Of a PATCH: a merge patch, in which null removes a key. */
  readonly body: object;
  readonly signal: AbortSignal;
}

const TIMEOUT_MS = 30_000;

/**
 * Creates, changes or deletes one object. Nothing is tried again: only who asks knows whether twice does harm.
 *
 * @returns the server's answer
 */
export async function writeObject(
  connection: Connection,
  request: WriteRequest,
): Promise<ApiResult<unknown>> {
  const { method, path, body, signal } = request;
  if (signal.aborted) return failed('stopped', 'stopped');
  try {
    const { transport, options } = await connection.prepare(path);
    const text = JSON.stringify(body);
    const headers = {
      ...options.headers,
      Accept: 'application/json',
      'User-Agent': 'spillway',
      'Content-Type': method === 'PATCH' ? 'application/merge-patch+json' : 'application/json',
      // Node does not say the length by itself when the method is DELETE.
      'Content-Length': Buffer.byteLength(text),
    };
    return await new Promise<ApiResult<unknown>>((resolve, reject) => {
      const client = transport.request({ ...options, method, headers, timeout: TIMEOUT_MS });
      const onAbort = () => client.destroy(new Error('stopped'));
      signal.addEventListener('abort', onAbort, { once: true });
      client.once('close', () => signal.removeEventListener('abort', onAbort));
      client.once('timeout', () =>
        client.destroy(new TimeoutError(`nothing was received for ${TIMEOUT_MS} ms`)),
      );
      client.on('error', reject);
      client.once('response', (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.once('error', reject);
        response.once('end', () => {
          const answer = Buffer.concat(chunks).toString('utf8');
          const status = response.statusCode ?? 0;
          if (status >= 300) resolve(statusFailure(status, answer, undefined));
          else resolve(ok(JSON.parse(answer)));
        });
      });
      client.end(text);
    });
  } catch (error) {
    return { ok: false, failure: failureOf(error, signal) };
  }
}
