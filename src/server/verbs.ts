import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ExtenderContext, Verb } from '../extender/context.ts';
import { HANDLERS } from '../extender/handlers.ts';
import { type Body, readBody } from './body.ts';
import { holdBack } from './held-observer.ts';
import type { ServerObserver } from './parts.ts';
import { createPatience } from './patience.ts';
import { replyError, replyJson } from './reply.ts';

export interface VerbParts {
  readonly extender: ExtenderContext;
  readonly missing: () => readonly string[];
  readonly observer: ServerObserver;
  readonly maxBodyBytes: number;
  /** No further request is wanted on any connection. */
  readonly draining: () => boolean;
}

/** Serves a verb on plain node:http objects: dispatched directly, and mounted by Express. */
export type VerbListener = (verb: Verb, request: IncomingMessage, response: ServerResponse) => void;

export function createVerbListener(parts: VerbParts): VerbListener {
  const held = holdBack(parts.extender.observer);
  const extender = { ...parts.extender, observer: held.observer };
  const whenKnown = createPatience(extender.picture);
  return (verb, request, response) => {
    const startedMs = performance.now();
    // The content type is not looked at: a body is JSON or it is refused for not being it.
    const finish = (body: Body) => {
      // Looked at now and not at the arrival: the body may have taken its time.
      if (parts.draining()) response.setHeader('Connection', 'close');
      answer({ ...parts, extender }, verb, body, response);
      parts.observer.answered?.(verb, response.statusCode, performance.now() - startedMs);
      try {
        held.tell();
      } catch (error) {
        // A defect, but the answer is right and sent.
        parts.observer.log?.('warn', 'observer failed', { verb, error: String(error) });
      }
    };
    readBody(request, parts.maxBodyBytes, (body) => {
      if (body.kind === 'whole') whenKnown(body.bytes, () => finish(body));
      else finish(body);
    });
  };
}

function answer(
  { extender, missing, maxBodyBytes }: VerbParts,
  verb: Verb,
  body: Body,
  response: ServerResponse,
): void {
  if (body.kind === 'too-large') {
    const error = `body: found ${body.foundBytes} bytes or more, allowed ${maxBodyBytes} (server.maxBodyBytes)`;
    // What is still on its way is not read, so the connection is of no more use.
    response.setHeader('Connection', 'close');
    extender.observer.rejected?.(verb, error);
    replyError(response, 413, error);
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
