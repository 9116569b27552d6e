import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ExtenderContext } from '../extender/context.ts';
import { HANDLERS } from '../extender/handlers.ts';
import type { Verb } from '../placement/verbs.ts';
import type { Refusal } from './access.ts';
import { type Body, readBody } from './body.ts';
import type { BodyBudget } from './body-budget.ts';
import type { Callers } from './callers.ts';
import { type HeldObserver, holdBack } from './held-observer.ts';
import type { ServerObserver } from './parts.ts';
import { createPatience } from './patience.ts';
import { replyError, replyJson } from './reply.ts';

export interface VerbParts {
  readonly extender: ExtenderContext;
  readonly missing: () => readonly string[];
  readonly observer: ServerObserver;
  readonly maxBodyBytes: number;
  readonly budget: BodyBudget;
  readonly refusal: Refusal;
  readonly callers: Callers;
  /** No further request is wanted on any connection. */
  readonly draining: () => boolean;
}

/** Serves a verb on plain node:http objects: dispatched directly, and mounted by Express. */
export type VerbListener = (verb: Verb, request: IncomingMessage, response: ServerResponse) => void;

export function createVerbListener(parts: VerbParts): VerbListener {
  const { maxBodyBytes: maxBytes, budget, refusal, callers, draining, observer } = parts;
  const held = holdBack(parts.extender.observer);
  const extender = { ...parts.extender, observer: held.observer };
  const whenKnown = createPatience(extender.picture);
  return (verb, request, response) => {
    const startedMs = performance.now();
    const finish = (answerIt: () => void): void => {
      // Looked at now and not at the arrival: the body may have taken its time.
      if (draining()) response.setHeader('Connection', 'close');
      answerIt();
      observer.answered?.(verb, response.statusCode, performance.now() - startedMs);
      tell(held, verb, observer);
    };
    const refused = refusal('scheduler', request.socket);
    if (refused !== undefined) {
      // Before its body is read: that is not to cost anything.
      finish(() => refuse(extender, verb, response, { status: 403, error: refused }));
      return;
    }
    callers.called(request.socket.remoteAddress, startedMs);
    // The content type is not looked at: a body is JSON or it is refused for not being it.
    readBody(request, response, { maxBytes, budget }, (body) => {
      const answerIt = () => finish(() => answer({ ...parts, extender }, verb, body, response));
      if (body.kind === 'whole') whenKnown(body.bytes, answerIt);
      else answerIt();
    });
  };
}

function tell({ tell: tellAll }: HeldObserver, verb: Verb, { log }: ServerObserver): void {
  try {
    tellAll();
  } catch (error) {
    // A defect, but the answer is right and sent.
    log?.('warn', 'observer failed', { verb, error: String(error) });
  }
}

function answer(
  { extender, missing, maxBodyBytes }: VerbParts,
  verb: Verb,
  body: Body,
  response: ServerResponse,
): void {
  if (body.kind === 'too-large') {
    const error = `body: found ${body.foundBytes} bytes or more, allowed ${maxBodyBytes} (server.maxBodyBytes)`;
    refuse(extender, verb, response, { status: 413, error });
    return;
  }
  if (body.kind === 'crowded-out') {
    const error = 'body: came too slowly while others wanted its place (server.maxBufferedBytes)';
    refuse(extender, verb, response, { status: 503, error });
    return;
  }
  const lacks = missing();
  if (lacks.length > 0) {
    // An empty picture would send pods anywhere. On anything but 200 the scheduler tries the pod again later,
    // or, told that we are `ignorable`, goes on without us: its administrator's choice, not ours.
    const error = `not ready: ${lacks.join('; ')}`;
    extender.observer.rejected?.(verb, error);
    replyError(response, 503, error);
    return;
  }
  const reply = HANDLERS[verb](extender, body.bytes);
  replyJson(response, reply.status, reply.body);
}

/** Of a question whose body is not read to its end: the connection is of no more use then. */
function refuse(
  { observer }: ExtenderContext,
  verb: Verb,
  response: ServerResponse,
  { status, error }: { readonly status: 403 | 413 | 503; readonly error: string },
): void {
  response.setHeader('Connection', 'close');
  observer.rejected?.(verb, error);
  replyError(response, status, error);
}
