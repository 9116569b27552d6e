import type { ClientRequest, IncomingMessage } from 'node:http';
import { type Connection, type PreparedRequest, TCP_KEEP_ALIVE_MS } from './connection.ts';
import {
  type ApiResult,
  BodyError,
  errorText,
  failed,
  failureOf,
  ok,
  statusFailure,
  TimeoutError,
} from './failure.ts';

export interface GetRequest {
  readonly path: string;
  readonly query?: Readonly<Record<string, string | undefined>> | undefined;
  readonly signal: AbortSignal;
  /** Longest silence: while connecting, before the headers, and between two pieces of the body. */
  readonly idleTimeoutMs: number;
  /** Longest time from the start to the end of the body; undefined: none, as for a watch. */
  readonly totalTimeoutMs?: number | undefined;
}

/** An answer with status 200, whose body is being sent. */
export interface OpenBody {
  readonly chunks: AsyncIterable<Buffer>;
  /** Another longest silence, from now on. */
  readonly setIdleTimeout: (ms: number) => void;
}

const MAX_ERROR_BODY_BYTES = 64 * 1024;
const MAX_JSON_BYTES = 4 * 1024 * 1024;

/**
 * Opens a GET and gives its body to `read`. All that can go wrong while reading is a failure too. A body
 * that `read` leaves before its end has its connection closed (Node's iterator does that); one that was
 * read to its end gives the connection back.
 */
export async function getBody<T>(
  connection: Connection,
  request: GetRequest,
  read: (body: OpenBody) => Promise<T>,
): Promise<ApiResult<T>> {
  const opened = await openTwice(connection, request);
  if (!opened.ok) return opened;
  const response = opened.value;
  const body: OpenBody = {
    chunks: response,
    setIdleTimeout: (ms) => response.socket.setTimeout(ms),
  };
  try {
    return ok(await read(body));
  } catch (error) {
    return { ok: false, failure: failureOf(error, request.signal) };
  }
}

/** A small JSON answer as a whole. */
export async function getJson(connection: Connection, request: GetRequest): Promise<ApiResult<unknown>> {
  return getBody(connection, request, async ({ chunks }) => {
    const { text, isWhole } = await readText(chunks, MAX_JSON_BYTES);
    if (!isWhole) throw new BodyError(`the answer is longer than ${MAX_JSON_BYTES} bytes`);
    return JSON.parse(text);
  });
}

type Opened = ApiResult<IncomingMessage> & { readonly wasReused?: boolean };

/**
 * Tries once more, at once, in two cases: 401, because a token or certificate may have been rotated since it
 * was read; and a kept-alive connection that the server closed just when it was used again.
 */
async function openTwice(connection: Connection, request: GetRequest): Promise<ApiResult<IncomingMessage>> {
  const first = await open(connection, request);
  if (first.ok) return first;
  const { kind, status } = first.failure;
  const isUnauthorised = status === 401;
  if (isUnauthorised || kind === 'network') connection.distrust();
  if (!isUnauthorised && !(kind === 'network' && first.wasReused)) return first;
  return open(connection, request);
}

async function open(connection: Connection, request: GetRequest): Promise<Opened> {
  if (request.signal.aborted) return failed('stopped', 'stopped');
  let prepared: PreparedRequest;
  try {
    const path = `${request.path}${queryText(request.query)}`;
    prepared = await within(request.idleTimeoutMs, connection.prepare(path));
  } catch (error) {
    return failed('credentials', `no credentials: ${errorText(error)}`);
  }
  return send(prepared, request);
}

/** A credential plugin is a program of its own, and may hang. */
async function within<T>(timeoutMs: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new TimeoutError(`none came within ${timeoutMs} ms`)), timeoutMs);
  });
  try {
    return await Promise.race([work, timeout]);
  } finally {
    clearTimeout(timer);
  }
}

function queryText(query: GetRequest['query']): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(query ?? {})) {
    if (value !== undefined) parameters.set(name, value);
  }
  const text = parameters.toString();
  return text === '' ? '' : `?${text}`;
}

async function send({ transport, options }: PreparedRequest, request: GetRequest): Promise<Opened> {
  const headers = { ...options.headers, Accept: 'application/json', 'User-Agent': 'spillway' };
  const client = transport.request({ ...options, headers, timeout: request.idleTimeoutMs });
  client.setSocketKeepAlive(true, TCP_KEEP_ALIVE_MS);
  endOnTimeoutOrAbort(client, request);
  try {
    const response = await responseTo(client);
    if (response.statusCode === 200) return ok(response);
    const { text } = await readText(response, MAX_ERROR_BODY_BYTES);
    return statusFailure(response.statusCode ?? 0, text, response.headers['retry-after']);
  } catch (error) {
    return { ok: false, failure: failureOf(error, request.signal), wasReused: client.reusedSocket };
  }
}

function responseTo(client: ClientRequest): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    client.once('response', resolve);
    // Stays: a request may fail again after its answer began, and an error that nobody hears ends the process.
    client.on('error', reject);
    client.end();
  });
}

function endOnTimeoutOrAbort(
  client: ClientRequest,
  { signal, idleTimeoutMs, totalTimeoutMs }: GetRequest,
): void {
  let response: IncomingMessage | undefined;
  // The one that is being waited for must get the error: the answer once there is one.
  const end = (error: Error) => (response ?? client).destroy(error);
  const onAbort = () => end(new Error('stopped'));
  const timer =
    totalTimeoutMs === undefined
      ? undefined
      : setTimeout(() => end(new TimeoutError(`not finished within ${totalTimeoutMs} ms`)), totalTimeoutMs);
  client.once('response', (message: IncomingMessage) => {
    response = message;
  });
  client.on('timeout', () => {
    const silenceMs = client.socket?.timeout ?? idleTimeoutMs;
    end(new TimeoutError(`nothing was received for ${silenceMs} ms`));
  });
  signal.addEventListener('abort', onAbort);
  client.once('close', () => {
    clearTimeout(timer);
    signal.removeEventListener('abort', onAbort);
  });
}

async function readText(
  chunks: AsyncIterable<Buffer>,
  maxBytes: number,
): Promise<{ readonly text: string; readonly isWhole: boolean }> {
  const parts: Buffer[] = [];
  let byteCount = 0;
  for await (const chunk of chunks) {
    parts.push(chunk);
    byteCount += chunk.length;
    if (byteCount > maxBytes) break;
  }
  return { text: Buffer.concat(parts).toString('utf8', 0, maxBytes), isWhole: byteCount <= maxBytes };
}
