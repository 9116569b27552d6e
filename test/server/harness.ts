import type { Express } from 'express';
import type { ExtenderContext } from '../../src/extender/context.ts';
import { createRefusal, type Refusal } from '../../src/server/access.ts';
import { createApp } from '../../src/server/app.ts';
import { BodyBudget } from '../../src/server/body-budget.ts';
import { createCallers } from '../../src/server/callers.ts';
import { ENDPOINTS } from '../../src/server/endpoints.ts';
import { HttpServer } from '../../src/server/http-server.ts';
import type { HttpServerOptions, MetricsPage, ServerParts } from '../../src/server/parts.ts';
import { createScrapes } from '../../src/server/scrapes.ts';
import { createVerbListener } from '../../src/server/verbs.ts';
import { NOW_MS } from '../builders.ts';
import { context, scene } from '../extender/scene.ts';

export const OPTIONS: HttpServerOptions = {
  bindAddress: '127.0.0.1',
  port: 0,
  maxBodyBytes: 4_194_304,
  maxBufferedBytes: 67_108_864,
  maxConnections: 1000,
  requestTimeoutMs: 10_000,
  // No test is to wait for the grace that idle connections have, but those about it.
  drainTimeoutMs: 20,
};

export function metricsPage(...pieces: readonly string[]): MetricsPage {
  return {
    contentType: 'text/plain; version=0.0.4',
    pieces: async function* () {
      yield* pieces;
    },
  };
}

/** The app as a server makes it that has one listener and asks for no certificates. */
export function appFor(made: ServerParts, refusal: Refusal = createRefusal(undefined)): Express {
  const budget = new BodyBudget(OPTIONS.maxBufferedBytes);
  const { maxBodyBytes } = OPTIONS;
  return createApp(made, {
    endpoints: [...ENDPOINTS, ...(made.further ?? [])],
    serveVerb: createVerbListener({
      ...made,
      maxBodyBytes,
      budget,
      refusal,
      callers: createCallers(),
      draining: () => false,
    }),
    sendMetrics: createScrapes(made.metrics),
    refusal,
  });
}

/** All that the endpoints need, with nothing to tell unless a test says otherwise. */
export function parts(over: Partial<ServerParts> = {}): ServerParts {
  return {
    extender: context(scene()),
    missing: () => [],
    problems: () => [],
    metrics: metricsPage('metric 1\n'),
    decisions: { recent: () => [], counts: () => ({}) },
    observer: {},
    about: { version: '1.2.3', startedAtMs: NOW_MS - 60_000, config: {} },
    ...over,
  };
}

export function partsFor(extender: ExtenderContext): ServerParts {
  return parts({ extender });
}

/** Runs something against a server that is there for its time only. */
export async function withServer<T>(
  use: (url: string, server: HttpServer) => Promise<T>,
  over: Partial<ServerParts> = {},
  options: Partial<HttpServerOptions> = {},
): Promise<T> {
  const server = new HttpServer({ ...OPTIONS, ...options }, parts(over));
  const { port } = await server.start();
  try {
    return await use(`http://127.0.0.1:${port}`, server);
  } finally {
    await server.stop();
  }
}

/** The same, with a listener of its own for all but the verbs. */
export async function withTwoListeners<T>(
  use: (verbsUrl: string, managementUrl: string, server: HttpServer) => Promise<T>,
  options: Partial<HttpServerOptions> = {},
): Promise<T> {
  const management = { bindAddress: '127.0.0.1', port: 0 };
  const server = new HttpServer({ ...OPTIONS, ...options, management }, parts());
  const { port, managementPort } = await server.start();
  try {
    return await use(`http://127.0.0.1:${port}`, `http://127.0.0.1:${managementPort}`, server);
  } finally {
    await server.stop();
  }
}
