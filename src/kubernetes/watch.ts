import { isRecord, metadataText } from './api-object.ts';
import type { Connection } from './connection.ts';
import type { ApiFailure } from './failure.ts';
import { getBody, type OpenBody } from './http-get.ts';
import { createLineSplitter } from './json-splitter.ts';
import { piecesOf } from './pieces.ts';
import { isEarlier } from './resource-version.ts';

export interface WatchRequest {
  readonly path: string;
  readonly resourceVersion: string;
  readonly signal: AbortSignal;
  /** The server ends the watch after this. */
  readonly timeoutMs: number;
  readonly timings: WatchTimings;
}

export interface WatchTimings {
  /** Longest wait for a connection and the answer's headers. */
  readonly openTimeoutMs: number;
  /** Longest silence of a watch that is open. */
  readonly silenceMs: number;
}

/**
 * The API server sends a bookmark every minute (61 s measured, 1.36), so two that are missing mean a
 * connection that is dead without a word. Where there are none, a quiet watch is made anew this often.
 */
export const WATCH_TIMINGS = { openTimeoutMs: 30_000, silenceMs: 150_000 } satisfies WatchTimings;

export interface WatchHandlers {
  /** The server has accepted the watch. */
  readonly opened: () => void;
  readonly seen: (object: unknown) => void;
  readonly gone: (object: unknown) => void;
  /** The resourceVersion of an event or bookmark, once it was taken. */
  readonly reached: (resourceVersion: string) => void;
}

/**
 * Why a watch ended. `ended`: in order. `expired`: its resourceVersion is too old, or not one. `rewound`: the
 * server's data is older than what it had told.
 */
export interface WatchEnd {
  readonly cause: 'ended' | 'expired' | 'refused' | 'stalled' | 'broken' | 'rewound' | 'stopped';
  readonly message: string;
  /** How far it came: where the next watch goes on. */
  readonly resourceVersion: string;
  readonly retryAfterMs: number | undefined;
}

/** Watches a collection from a resourceVersion on, until the watch ends. */
export async function watch(
  connection: Connection,
  { path, resourceVersion, signal, timeoutMs, timings }: WatchRequest,
  handlers: WatchHandlers,
): Promise<WatchEnd> {
  const query = {
    watch: 'true',
    allowWatchBookmarks: 'true',
    resourceVersion,
    timeoutSeconds: String(Math.max(1, Math.round(timeoutMs / 1000))),
  };
  let reached = resourceVersion;
  const progress: Progress = {
    reached: () => reached,
    advance: (version) => {
      reached = version;
      handlers.reached(version);
    },
  };
  const result = await getBody(
    connection,
    { path, query, signal, idleTimeoutMs: timings.openTimeoutMs },
    (body) => {
      handlers.opened();
      body.setIdleTimeout(timings.silenceMs);
      return followEvents(body, handlers, progress);
    },
  );
  if (!result.ok) return endOf(result.failure, reached);
  if (result.value !== undefined) return result.value;
  return {
    cause: 'ended',
    message: 'ended by the server',
    resourceVersion: reached,
    retryAfterMs: undefined,
  };
}

interface Progress {
  readonly reached: () => string;
  readonly advance: (resourceVersion: string) => void;
}

/** Gives the end that an event brought; undefined when the stream ended without one. */
async function followEvents(
  body: OpenBody,
  handlers: WatchHandlers,
  progress: Progress,
): Promise<WatchEnd | undefined> {
  for await (const lines of piecesOf(body.chunks, createLineSplitter())) {
    for (const line of lines) {
      const end = takeEvent(line, handlers, progress);
      if (end !== undefined) return end;
    }
  }
  return undefined;
}

/** @returns the end that it brought, if it did */
function takeEvent(
  line: string,
  handlers: WatchHandlers,
  { reached, advance }: Progress,
): WatchEnd | undefined {
  const event: unknown = JSON.parse(line);
  const type = isRecord(event) ? event['type'] : undefined;
  const object = isRecord(event) ? event['object'] : undefined;
  if (type === 'ERROR') return endOf(errorEvent(object), reached());
  const version = metadataText(object, 'resourceVersion');
  // Events of a collection come in the order of their versions.
  if (version !== undefined && isEarlier(version, reached())) return rewound(version, reached());
  if (type === 'ADDED' || type === 'MODIFIED') handlers.seen(object);
  else if (type === 'DELETED') handlers.gone(object);
  else if (type !== 'BOOKMARK')
    return endOf({ kind: 'body', message: `unknown watch event: ${line.slice(0, 200)}` }, reached());
  if (version !== undefined) advance(version);
  return undefined;
}

/** The object of an ERROR event is a Status. */
function errorEvent(status: unknown): ApiFailure {
  const code = isRecord(status) ? status['code'] : undefined;
  const message = isRecord(status) ? status['message'] : undefined;
  return {
    kind: 'status',
    status: typeof code === 'number' ? code : undefined,
    message: `${code ?? 'error'}: ${typeof message === 'string' ? message : 'no message'}`,
  };
}

const CAUSES = {
  status: 'refused',
  credentials: 'refused',
  timeout: 'stalled',
  network: 'broken',
  body: 'broken',
  stopped: 'stopped',
} as const satisfies Record<ApiFailure['kind'], WatchEnd['cause']>;

function endOf({ kind, status, message, retryAfterMs }: ApiFailure, resourceVersion: string): WatchEnd {
  const cause = status === 410 ? 'expired' : CAUSES[kind];
  return { cause, message, resourceVersion, retryAfterMs };
}

/** @param current where the server is now */
export function rewound(current: string, reached: string): WatchEnd {
  const message =
    `the server is at resourceVersion ${current} and has told of ${reached} before: ` +
    'was its etcd restored from a backup?';
  return { cause: 'rewound', message, resourceVersion: reached, retryAfterMs: undefined };
}
