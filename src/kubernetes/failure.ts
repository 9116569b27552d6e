import { STATUS_CODES } from 'node:http';

/** Why a call of the API did not give what was asked for. Expected, so a value and not an exception. */
export interface ApiFailure {
  /**
   * `status`: the server answered, but not 200. `network`: no connection, or it broke. `timeout`: nothing
   * came for too long. `credentials`: none could be had. `body`: the answer is not what it should be.
   * `stopped`: we were told to stop.
   */
  readonly kind: 'status' | 'network' | 'timeout' | 'credentials' | 'body' | 'stopped';
  /** For people: `403 Forbidden: nodes is forbidden: User "x" cannot list resource "nodes"`. */
  readonly message: string;
  readonly status?: number | undefined;
  /** The server's Retry-After, in milliseconds. */
  readonly retryAfterMs?: number | undefined;
}

export type ApiResult<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly failure: ApiFailure };

export function ok<T>(value: T): ApiResult<T> {
  return { ok: true, value };
}

export function failed(
  kind: ApiFailure['kind'],
  message: string,
  more: Pick<ApiFailure, 'status' | 'retryAfterMs'> = {},
): { readonly ok: false; readonly failure: ApiFailure } {
  return { ok: false, failure: { kind, message, ...more } };
}

/** The reasons that our own code destroys a connection for, told apart from the network's. */
export class TimeoutError extends Error {}
export class BodyError extends Error {}

/** An exception of a request or of reading its body, as a failure. */
export function failureOf(error: unknown, signal: AbortSignal): ApiFailure {
  const message = errorText(error);
  if (signal.aborted) return { kind: 'stopped', message: 'stopped' };
  if (error instanceof TimeoutError) return { kind: 'timeout', message };
  if (error instanceof BodyError || error instanceof SyntaxError) return { kind: 'body', message };
  return { kind: 'network', message };
}

/** Node's dual-stack connect fails with an AggregateError whose own message is empty. */
export function errorText(error: unknown): string {
  if (error instanceof AggregateError && error.message === '') return error.errors.map(errorText).join('; ');
  return error instanceof Error ? error.message : String(error);
}

/**
 * What a non-200 answer says. Its body is a Status (`message`) when it comes from the API server, and
 * anything at all when it comes from a proxy before it.
 */
export function statusFailure(
  status: number,
  body: string,
  retryAfter: string | undefined,
): { readonly ok: false; readonly failure: ApiFailure } {
  const reason = STATUS_CODES[status];
  const detail = statusMessage(body);
  const head = reason === undefined ? `${status}` : `${status} ${reason}`;
  const seconds = Number(retryAfter);
  return failed('status', detail === '' ? head : `${head}: ${detail}`, {
    status,
    retryAfterMs: retryAfter !== undefined && seconds >= 0 ? seconds * 1000 : undefined,
  });
}

const MAX_DETAIL_LENGTH = 500;

function statusMessage(body: string): string {
  const text = body.trim();
  try {
    const parsed: unknown = JSON.parse(text);
    if (hasMessage(parsed)) return parsed.message.slice(0, MAX_DETAIL_LENGTH);
  } catch {
    // Not JSON: a proxy's page, shown as it is.
  }
  return text.replaceAll(/\s+/g, ' ').slice(0, MAX_DETAIL_LENGTH);
}

function hasMessage(value: unknown): value is { readonly message: string } {
  return (
    typeof value === 'object' && value !== null && 'message' in value && typeof value.message === 'string'
  );
}
