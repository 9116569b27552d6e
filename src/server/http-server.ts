import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { Socket } from 'node:net';
import { VERBS, type Verb } from '../extender/context.ts';
import { createApp } from './app.ts';
import type { HttpServerOptions, ServerParts } from './parts.ts';
import { readTlsPair, TlsReloader } from './tls.ts';
import { createVerbListener } from './verbs.ts';

/**
 * Go's transport keeps an idle connection for 90 s. Were ours to close first, a question could meet the
 * closing and fail as EOF.
 */
const KEEP_ALIVE_TIMEOUT_MS = 120_000;
const HEADERS_TIMEOUT_MS = KEEP_ALIVE_TIMEOUT_MS + 5_000;

const SWEEP_EVERY_MS = 50;

type Listener = (request: IncomingMessage, response: ServerResponse) => void;

const HOT_PATHS: ReadonlyMap<string, Verb> = new Map(VERBS.map((verb) => [`/${verb}`, verb]));

/** Serves the extender's verbs and all else over HTTP or HTTPS. Started once, stopped once. */
export class HttpServer {
  readonly #options: HttpServerOptions;
  #parts: ServerParts;
  #server: Server | undefined;
  #listener: Listener | undefined;
  #reloader: TlsReloader | undefined;
  readonly #sockets = new Set<Socket>();
  #draining = false;

  constructor(options: HttpServerOptions, parts: ServerParts) {
    this.#options = options;
    this.#parts = parts;
  }

  /** Throws when the address is taken or the TLS files can't be read. */
  async start(): Promise<{ readonly port: number }> {
    const server = await this.#create();
    server.keepAliveTimeout = KEEP_ALIVE_TIMEOUT_MS;
    server.headersTimeout = HEADERS_TIMEOUT_MS;
    server.on('connection', (socket: Socket) => this.#keepTrackOf(socket));
    this.#server = server;
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(this.#options.port, this.#options.bindAddress, resolve);
    });
    const address = server.address();
    return { port: typeof address === 'object' && address !== null ? address.port : this.#options.port };
  }

  /** From the next request on it speaks from these. Those under way keep what they had. */
  speakFrom(parts: ServerParts): void {
    this.#parts = parts;
    this.#listener = this.#createListener();
  }

  /**
   * Takes no more connections, answers the requests under way and ends their connections. Returns when all
   * are gone; what is left after the drain timeout is cut off.
   */
  async stop(): Promise<void> {
    const server = this.#server;
    if (server === undefined) return;
    this.#draining = true;
    this.#reloader?.stop();
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    // Node takes a connection that never sent a byte for a busy one.
    for (const socket of this.#sockets) if (socket.bytesRead === 0) socket.destroy();
    // An answer that had begun before could not say that its connection ends with it.
    const sweep = setInterval(() => server.closeIdleConnections(), SWEEP_EVERY_MS);
    const cutOff = setTimeout(() => server.closeAllConnections(), this.#options.drainTimeoutMs);
    await closed;
    clearInterval(sweep);
    clearTimeout(cutOff);
  }

  #keepTrackOf(socket: Socket): void {
    this.#sockets.add(socket);
    socket.once('close', () => this.#sockets.delete(socket));
  }

  async #create(): Promise<Server> {
    this.#listener = this.#createListener();
    const listener: Listener = (request, response) => this.#listener?.(request, response);
    const { tls } = this.#options;
    if (tls === undefined) return createServer(listener);
    const pair = await readTlsPair(tls);
    const server = createTlsServer(pair, listener);
    this.#reloader = new TlsReloader(server, tls, pair, this.#parts.observer);
    this.#reloader.start();
    return server;
  }

  /** The verbs go before Express, which costs more than the decision does: docs/adr/0004. */
  #createListener(): Listener {
    const { maxBodyBytes } = this.#options;
    const draining = () => this.#draining;
    const serveVerb = createVerbListener({ ...this.#parts, maxBodyBytes, draining });
    // While draining, no new requests are wanted, but a question that came in time is answered as ever.
    const missing = () => (draining() ? ['shutting down'] : this.#parts.missing());
    const app = createApp({ ...this.#parts, missing }, serveVerb);
    return (request, response) => {
      const verb = request.method === 'POST' ? HOT_PATHS.get(request.url ?? '') : undefined;
      if (verb !== undefined) {
        serveVerb(verb, request, response);
        return;
      }
      if (draining()) response.setHeader('Connection', 'close');
      app(request, response);
    };
  }
}
