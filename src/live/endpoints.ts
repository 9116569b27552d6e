import type { IncomingMessage, ServerResponse } from 'node:http';
import { describeProblem, readJson } from '../extender/guard.ts';
import { type BodyLimits, readBody } from '../server/body.ts';
import type { ServedEndpoint } from '../server/parts.ts';
import { replyError, replyJson } from '../server/reply.ts';
import { type About, type FeedAnswer, PATHS, type StartAnswer } from './protocol.ts';

export type Answer =
  | { readonly ok: true; readonly answer: About | StartAnswer | FeedAnswer }
  | { readonly ok: false; readonly status: number; readonly error: string };

export interface SimulationEndpoints {
  readonly about: About;
  /** Bodies as they came: JSON, and nothing else is known of them. */
  readonly start: (body: unknown) => Answer;
  readonly take: (body: unknown) => Answer;
  readonly limits: BodyLimits;
}

/** Where a simulation says what a real cluster would. */
export function simulationEndpoints({
  about,
  start,
  take,
  limits,
}: SimulationEndpoints): readonly ServedEndpoint[] {
  return [
    {
      method: 'GET',
      path: PATHS.about,
      what: 'that simulations are answered here, and in which format',
      access: 'open',
      serve: (_request, response) => reply(response, () => ({ ok: true, answer: about })),
    },
    {
      method: 'POST',
      path: PATHS.start,
      what: 'begin a simulation; the one before is over',
      access: 'open',
      serve: (request, response) => answerBody(request, response, limits, start),
    },
    {
      method: 'POST',
      path: PATHS.feed,
      what: 'what its cluster tells',
      access: 'open',
      serve: (request, response) => answerBody(request, response, limits, take),
    },
  ];
}

function answerBody(
  request: IncomingMessage,
  response: ServerResponse,
  limits: BodyLimits,
  take: (body: unknown) => Answer,
): void {
  readBody(request, response, limits, (body) => {
    if (body.kind !== 'whole') {
      response.setHeader('Connection', 'close');
      if (body.kind === 'crowded-out') replyError(response, 503, 'body: came too slowly');
      else
        replyError(response, 413, `body: found ${body.foundBytes} bytes or more, allowed ${limits.maxBytes}`);
      return;
    }
    const json = readJson(body.bytes);
    reply(response, () =>
      json.ok ? take(json.value) : { ok: false, status: 400, error: describeProblem(json.problem) },
    );
  });
}

/** Express sees nothing of what happens once a body has come: a defect is answered here. */
function reply(response: ServerResponse, take: () => Answer): void {
  try {
    const taken = take();
    if (taken.ok) replyJson(response, 200, JSON.stringify(taken.answer));
    else replyError(response, taken.status, taken.error);
  } catch (error) {
    replyError(response, 500, `what was told could not be taken in: ${String(error)}`);
  }
}
