import { createServer, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { VERBS, type Verb } from '../placement/verbs.ts';
import { createThrottle } from '../telemetry/throttle.ts';
import { createRefusal, type Refusal } from './access.ts';
import { createApp } from './app.ts';
import { BodyBudget } from './body-budget.ts';
import { createCallers } from './callers.ts';
import type { TlsMaterial } from './certificates.ts';
import { ENDPOINTS, type Endpoint } from './endpoints.ts';
import { Listener, nodeOptions, type Serve } from './listener.ts';
import type { HttpServerOptions, ServerObserver, ServerParts } from './parts.ts';
import { createScrapes } from './scrapes.ts';
import { TlsReloader } from './tls.ts';
import { createVerbListener } from './verbs.ts';

const HOT_PATHS: ReadonlyMap<string, Verb> = new Map(VERBS.map((verb) => [`/${verb}`, verb]));
const LOG_EVERY_MS = 60_000;

export interface Listening {
  readonly port: number;
  /** Undefined: all is served on the one port. */
  readonly managementPort?: number | undefined;
}

/** The two sides of it: where a scheduler asks, and where probes, Prometheus and people do. One may be both. */
type Side = 'verbs' | 'management';

/** Serves the extender's verbs and all else over HTTP or HTTPS. Started once, stopped once. */
export class HttpServer {
  readonly #options: HttpServerOptions;
  readonly #budget: BodyBudget;
  readonly #refusal: Refusal;
  readonly #callers = createCallers();
  readonly #listeners = new Map<Side, Listener>();
  #parts: ServerParts;
  #serve: ReadonlyMap<Side, Serve>;
  #reloader: TlsReloader | undefined;

  constructor(options: HttpServerOptions, parts: ServerParts) {
    const { tls } = options;
    this.#options = options;
    this.#parts = parts;
    this.#budget = new BodyBudget(options.maxBufferedBytes);
    this.#refusal = createRefusal(tls?.clientCaFile === undefined ? undefined : { names: tls.clientNames });
    this.#serve = this.#createServes();
  }

  /** Throws when an address is taken or the TLS files can't be used. */
  async start(): Promise<Listening> {
    try {
      return await this.#listenAll();
    } catch (error) {
      await this.stop();
      throw error;
    }
  }

  /** From the next request on it speaks from these. Those under way keep what they had. */
  speakFrom(parts: ServerParts): void {
    this.#parts = parts;
    this.#serve = this.#createServes();
  }

  /** Answers what is under way and takes nothing new: see `Listener.stop`. */
  async stop(): Promise<void> {
    this.#reloader?.stop();
    await Promise.all(Array.from(this.#listeners.values(), (listener) => listener.stop()));
  }

  async #listenAll(): Promise<Listening> {
    const { tls, management } = this.#options;
    let material: TlsMaterial | undefined;
    if (tls !== undefined) {
      this.#reloader = new TlsReloader(tls, this.#parts.observer);
      material = await this.#reloader.load();
      this.#reloader.start();
    }
    const port = await this.#listen('verbs', material);
    if (management === undefined) return { port };
    return { port, managementPort: await this.#listen('management', material) };
  }

  async #listen(side: Side, material: TlsMaterial | undefined): Promise<number> {
    const { management = this.#options } = this.#options;
    const server = material === undefined ? createServer(nodeOptions(this.#options)) : this.#secure(material);
    const listener = new Listener(server, this.#options, (request, response) =>
      this.#serve.get(side)?.(request, response),
    );
    const port = await listener.listen(side === 'verbs' ? this.#options : management);
    this.#listeners.set(side, listener);
    return port;
  }

  /** Whether a certificate is needed depends on what is asked for, so a handshake without one goes well. */
  #secure(material: TlsMaterial): Server {
    const { requestTimeoutMs: handshakeTimeout } = this.#options;
    const requestCert = material.ca !== undefined;
    const asked = { requestCert, rejectUnauthorized: false, handshakeTimeout };
    const server = createTlsServer({ ...nodeOptions(this.#options), ...material, ...asked });
    server.on('tlsClientError', createHandshakeLog(this.#parts.observer));
    this.#reloader?.supply(server);
    return server;
  }

  #isDraining(): boolean {
    for (const listener of this.#listeners.values()) if (listener.draining) return true;
    return false;
  }

  #createServes(): ReadonlyMap<Side, Serve> {
    const endpoints = [...ENDPOINTS, ...(this.#parts.further ?? [])];
    if (this.#options.management === undefined) return new Map([['verbs', this.#createServe(endpoints)]]);
    const isVerb = ({ access }: Endpoint) => access === 'scheduler';
    return new Map([
      ['verbs', this.#createServe(endpoints.filter(isVerb))],
      ['management', this.#createServe(endpoints.filter((endpoint) => !isVerb(endpoint)))],
    ]);
  }

  #tooManyCallers(): readonly string[] {
    const addresses = this.#callers.inTurn(performance.now());
    return addresses.length === 0 ? [] : [`questions come in turn from ${addresses.join(', ')}`];
  }

  /** The verbs go before Express, which costs more than the decision does: docs/adr/0004. */
  #createServe(endpoints: readonly Endpoint[]): Serve {
    const { maxBodyBytes } = this.#options;
    const [budget, refusal] = [this.#budget, this.#refusal];
    const draining = () => this.#isDraining();
    const rules = { maxBodyBytes, budget, refusal, draining, callers: this.#callers };
    const serveVerb = createVerbListener({ ...this.#parts, ...rules });
    // While draining, no new requests are wanted, but a question that came in time is answered as ever.
    const missing = () => (draining() ? ['shutting down'] : this.#parts.missing());
    const problems = () => [...this.#parts.problems(), ...this.#tooManyCallers()];
    const sendMetrics = createScrapes(this.#parts.metrics);
    const app = createApp(
      { ...this.#parts, missing, problems },
      { endpoints, serveVerb, sendMetrics, refusal },
    );
    const isHere = (verb: Verb) => endpoints.some(({ path }) => path === `/${verb}`);
    const hot = new Map(Array.from(HOT_PATHS).filter(([, verb]) => isHere(verb)));
    return (request, response) => {
      const verb = request.method === 'POST' ? hot.get(request.url ?? '') : undefined;
      if (verb !== undefined) {
        serveVerb(verb, request, response);
        return;
      }
      if (draining()) response.setHeader('Connection', 'close');
      app(request, response);
    };
  }
}

/** A scheduler that does not trust our certificate, or speaks plain HTTP, shows nowhere else on our side. */
function createHandshakeLog({ log }: ServerObserver) {
  const throttle = createThrottle(LOG_EVERY_MS, 10);
  return (error: NodeJS.ErrnoException): void => {
    // Who looks whether the port is open says goodbye in the middle.
    if (error.code === 'ECONNRESET') return;
    const times = throttle(error.code ?? error.message, Date.now());
    if (times !== undefined) log?.('warn', 'TLS handshake failed', { error: String(error), times });
  };
}
