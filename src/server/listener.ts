import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { type Socket, Server as TcpServer } from 'node:net';
import type { Duplex } from 'node:stream';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { Connections } from './connections.ts';
import type { Address, ServerLimits } from './parts.ts';
import { errorBody, JSON_TYPE, replyError } from './reply.ts';

/**
 * Go's transport keeps an idle connection for 90 s. Were ours to close first, a question could meet the
 * closing and fail as EOF. Node's time-outs of a request don't run on an idle connection.
 */
const KEEP_ALIVE_TIMEOUT_MS = 120_000;
/** While stopping, an idle connection is left open for so long: a question may be on its way. */
const GRACE_MS = 500;
const SWEEP_EVERY_MS = 50;

export type Serve = (request: IncomingMessage, response: ServerResponse) => void;

/** For `createServer` of node:http and node:https. */
export function nodeOptions({ requestTimeoutMs }: ServerLimits) {
  return {
    keepAliveTimeout: KEEP_ALIVE_TIMEOUT_MS,
    requestTimeout: requestTimeoutMs,
    // Not above requestTimeout: Node would then apply neither to a body that comes slowly.
    headersTimeout: requestTimeoutMs,
    connectionsCheckingInterval: Math.ceil(requestTimeoutMs / 10),
  };
}

/** One address that is listened on, and its connections. Started once, stopped once. */
export class Listener {
  readonly #server: Server;
  readonly #limits: ServerLimits;
  readonly #connections: Connections;
  #accepted = 0;
  #draining = false;

  constructor(server: Server, limits: ServerLimits, serve: Serve) {
    this.#server = server;
    this.#limits = limits;
    this.#connections = new Connections(limits.maxConnections);
    // Of a reader who fetches nothing; an idle connection has its own time-out. Not as short as a request's, which
    // is answered with 408.
    server.timeout = 2 * limits.requestTimeoutMs;
    server.on('connection', (socket: Socket) => {
      this.#accepted += 1;
      this.#connections.add(socket);
    });
    server.on('request', (request: IncomingMessage, response: ServerResponse) => {
      this.#connections.asked(request.socket);
      serve(request, response);
    });
    server.on('checkExpectation', (request: IncomingMessage, response: ServerResponse) => {
      const found = JSON.stringify(request.headers.expect);
      replyError(response, 417, `Expect: found ${found}, allowed "100-continue"`);
    });
    server.on('connect', (_request, socket) => refuseTunnel(socket));
  }

  get draining(): boolean {
    return this.#draining;
  }

  /** Throws when the address is taken. */
  async listen({ bindAddress, port }: Address): Promise<number> {
    const server = this.#server;
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(port, bindAddress, resolve);
    });
    const address = server.address();
    return typeof address === 'object' && address !== null ? address.port : port;
  }

  /**
   * Takes no more connections, answers the requests under way and those that come within a grace, and ends
   * each connection with its answer. Returns when all are gone; what is left after the drain timeout is cut
   * off. Lost is only a question that is sent in the very moment in which its idle connection ends.
   */
  async stop(): Promise<void> {
    await this.#settle();
    const server = this.#server;
    // Not http's own close, which also ends idle connections, with a question on its way or without.
    const closed = new Promise<void>((resolve) => TcpServer.prototype.close.call(server, () => resolve()));
    this.#draining = true;
    const { drainTimeoutMs } = this.#limits;
    let sweep: NodeJS.Timeout | undefined;
    const graceEnds = setTimeout(
      () => {
        sweep = setInterval(() => void this.#closeIdle(), SWEEP_EVERY_MS);
        void this.#closeIdle();
      },
      Math.min(GRACE_MS, drainTimeoutMs),
    );
    const cutOff = setTimeout(() => this.#connections.closeAll(), drainTimeoutMs);
    await closed;
    clearTimeout(graceEnds);
    clearInterval(sweep);
    clearTimeout(cutOff);
    // Ends the timer that looks for requests that take too long.
    server.close();
  }

  /**
   * Closing the socket that listens resets the connections that the kernel holds ready, with what was sent on
   * them. Node takes one of them a turn: when a turn brought none, none is waiting.
   */
  async #settle(): Promise<void> {
    let before: number;
    do {
      before = this.#accepted;
      await nextTurn();
    } while (this.#accepted > before);
  }

  /** What has come until now is read first, so that a connection with a question in it is not idle. */
  async #closeIdle(): Promise<void> {
    await nextTurn();
    this.#server.closeIdleConnections();
    this.#connections.closeSilent();
  }
}

/** Node ends the connection without a word if nobody listens for CONNECT. */
function refuseTunnel(socket: Duplex): void {
  socket.on('error', () => undefined);
  const body = errorBody('CONNECT: there is no tunnel here, allowed are GET and POST');
  const head = `Allow: GET, POST\r\nContent-Type: ${JSON_TYPE}\r\nContent-Length: ${Buffer.byteLength(body)}`;
  socket.end(`HTTP/1.1 405 Method Not Allowed\r\nConnection: close\r\n${head}\r\n\r\n${body}`, () =>
    socket.destroy(),
  );
}
