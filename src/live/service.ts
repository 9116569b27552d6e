import type { IncomingMessage, ServerResponse } from 'node:http';
import { defaultConfig } from '../config/config.ts';
import { API_VERSION, type ConfigFile, configFile, KIND } from '../config/schema.ts';
import { readJson } from '../extender/guard.ts';
import { readBody } from '../server/body.ts';
import { HttpServer } from '../server/http-server.ts';
import type { ServedEndpoint } from '../server/parts.ts';
import { replyError, replyJson } from '../server/reply.ts';
import type { Logger } from '../telemetry/logger.ts';
import { createMetrics } from '../telemetry/metrics.ts';
import { type About, type FeedAnswer, FORMAT, PATHS, type StartAnswer } from './protocol.ts';
import { readFeed, readStart } from './read.ts';
import { createLiveRun, feed } from './run.ts';

export interface SimulatedServiceOptions {
  readonly bindAddress: string;
  readonly port: number;
  /** Of Spillway. */
  readonly version: string;
}

interface Service {
  readonly start: () => Promise<{ readonly port: number }>;
  readonly stop: () => Promise<void>;
}

type Answer =
  | { readonly ok: true; readonly answer: About | StartAnswer | FeedAnswer }
  | { readonly ok: false; readonly status: number; readonly error: string };

/**
 * The live service without a cluster: one simulation after the other feeds it. Nothing here reads an API
 * server, and questions are refused while no simulation runs, so a real scheduler gets nowhere with it.
 */
export function createSimulatedService(
  { bindAddress, port, version }: SimulatedServiceOptions,
  log: Logger,
): Service {
  const startedAtMs = Date.now();
  const { maxBodyBytes, drainTimeoutMs } = defaultConfig().server;
  // One for all runs: it holds what cannot be given back, like an observer of the garbage collector.
  const metrics = createMetrics({
    version,
    look: () => ({ picture: run.picture, nowMs: run.nowMs, ready: !run.ended }),
  });
  const create = (configuration: ConfigFile) =>
    createLiveRun({ configuration, metrics, version, startedAtMs, log });
  let run = create(configFile.parse({ apiVersion: API_VERSION, kind: KIND }));
  run.ended = true;

  function start(body: unknown): Answer {
    const read = readStart(body);
    if (!read.ok) return { ok: false, status: 400, error: read.error };
    run = create(read.value.configuration);
    server.speakFrom({ ...run.parts, further });
    log.info({ run: run.id }, 'a simulation starts');
    return { ok: true, answer: { run: run.id } };
  }

  function take(body: unknown): Answer {
    const read = readFeed(body);
    if (!read.ok) return { ok: false, status: 400, error: read.error };
    if (read.value.run !== run.id) {
      return {
        ok: false,
        status: 409,
        error: 'the run is over: another one has begun, or the extender was restarted',
      };
    }
    if (read.value.ended) log.info({ run: run.id }, 'the simulation has ended');
    return { ok: true, answer: feed(run, read.value) };
  }

  const further: readonly ServedEndpoint[] = [
    {
      method: 'GET',
      path: PATHS.about,
      what: 'that simulations are answered here, and in which format',
      serve: (_request, response) =>
        reply(response, () => ({ ok: true, answer: { format: FORMAT, version } })),
    },
    {
      method: 'POST',
      path: PATHS.start,
      what: 'begin a simulation; the one before is over',
      serve: (request, response) => answerBody(request, response, maxBodyBytes, start),
    },
    {
      method: 'POST',
      path: PATHS.feed,
      what: 'what its cluster tells',
      serve: (request, response) => answerBody(request, response, maxBodyBytes, take),
    },
  ];
  const options = { bindAddress, port, maxBodyBytes, drainTimeoutMs };
  const server = new HttpServer(options, { ...run.parts, further });
  return { start: () => server.start(), stop: () => server.stop() };
}

function answerBody(
  request: IncomingMessage,
  response: ServerResponse,
  maxBodyBytes: number,
  take: (body: unknown) => Answer,
): void {
  readBody(request, maxBodyBytes, (body) => {
    if (body.kind === 'too-large') {
      response.setHeader('Connection', 'close');
      replyError(response, 413, `body: found ${body.foundBytes} bytes or more, allowed ${maxBodyBytes}`);
      return;
    }
    const json = readJson(body.bytes);
    reply(response, () =>
      json.ok ? take(json.value) : { ok: false, status: 400, error: 'body: found no JSON' },
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
