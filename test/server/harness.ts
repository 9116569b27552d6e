import type { ExtenderContext } from '../../src/extender/context.ts';
import { HttpServer } from '../../src/server/http-server.ts';
import type { HttpServerOptions, ServerParts } from '../../src/server/parts.ts';
import { NOW_MS } from '../builders.ts';
import { context, scene } from '../extender/scene.ts';

export const OPTIONS: HttpServerOptions = {
  bindAddress: '127.0.0.1',
  port: 0,
  maxBodyBytes: 33_554_432,
  drainTimeoutMs: 2000,
};

/** All that the endpoints need, with nothing to tell unless a test says otherwise. */
export function parts(over: Partial<ServerParts> = {}): ServerParts {
  return {
    extender: context(scene()),
    missing: () => [],
    problems: () => [],
    metrics: { contentType: 'text/plain', text: async () => 'metric 1\n' },
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
