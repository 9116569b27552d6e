import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { json } from 'node:stream/consumers';
import { setTimeout as delay } from 'node:timers/promises';
import { type Fault, Faults } from './faults.ts';
import { labelFilter, NAMESPACED, namespaceFilter } from './filters.ts';
import { type CollectionBackup, FakeCollection } from './store.ts';
import { DECIMAL, type VersionFormat } from './versions.ts';
import { applyWrite, refusal } from './writes.ts';

export interface SeenRequest {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly authorization: string | undefined;
}

export interface FakeMetrics {
  readonly nodes: readonly object[];
  readonly pods: readonly object[];
}

/** All objects, and how far the versions had come. */
export interface FakeBackup {
  readonly version: number;
  readonly collections: ReadonlyMap<FakeCollection, CollectionBackup>;
}

const METRICS_PATH = '/apis/metrics.k8s.io/v1beta1/';

/**
 * The API server's side of what Spillway reads and a rehearsal writes: collections with pages and watches, and the
 * lists of metrics.k8s.io; with all that can go wrong on the way. Speaks HTTP without TLS.
 */
export class FakeApiServer {
  readonly nodes = this.#collection('Node');
  readonly pods = this.#collection('Pod');
  readonly replicaSets = this.#collection('ReplicaSet');
  readonly deployments = this.#collection('Deployment');
  readonly autoscalers = this.#collection('HorizontalPodAutoscaler');
  readonly namespaces = this.#collection('Namespace');
  readonly requests: SeenRequest[] = [];
  version = { major: '1', minor: '33' };
  metrics: FakeMetrics = { nodes: [], pods: [] };
  /** Called after the lists of metrics were read: lets a scrape come in between two reads. */
  metricsServed: (kind: 'nodes' | 'pods') => void = () => undefined;
  /** Tokens that are let in; undefined: everybody. */
  tokens: ReadonlySet<string> | undefined;
  /** Watches are accepted and then silent: a connection that is dead without a word. */
  silentWatches = false;
  /** Answers are sent in pieces of so many bytes, one a millisecond. */
  chunkBytes: number | undefined;
  versions: VersionFormat = DECIMAL;

  readonly #faults = new Faults();
  readonly #sockets = new Set<Socket>();
  readonly #snapshots = new Map<string, readonly object[]>();
  #version = 1;
  #server: Server | undefined;
  #port = 0;

  get url(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  get openConnections(): number {
    return this.#sockets.size;
  }

  /** Starts; after a `stop`, again on the same port. */
  async start(): Promise<void> {
    const server = createServer((request, response) => {
      this.#answer(request, response).catch((error: unknown) => response.destroy(toError(error)));
    });
    server.on('connection', (socket) => {
      this.#sockets.add(socket);
      socket.once('close', () => this.#sockets.delete(socket));
    });
    server.listen(this.#port, '127.0.0.1');
    await once(server, 'listening');
    this.#server = server;
    this.#port = portOf(server.address());
  }

  async stop(): Promise<void> {
    const server = this.#server;
    if (server === undefined) return;
    this.#server = undefined;
    const closed = once(server, 'close');
    server.close();
    for (const socket of this.#sockets) socket.destroy();
    await closed;
  }

  fail(fault: Fault): { readonly end: () => void } {
    return this.#faults.add(fault);
  }

  resetConnections(): void {
    for (const socket of this.#sockets) socket.resetAndDestroy();
  }

  /** Page tokens given out so far answer 410. */
  expirePages(): void {
    this.#snapshots.clear();
  }

  bookmark(collection: FakeCollection): void {
    const object = {
      kind: collection.kind,
      metadata: { resourceVersion: this.versions.write(this.#version) },
    };
    collection.tellOnly({ type: 'BOOKMARK', object });
  }

  backup(): FakeBackup {
    const { nodes, pods, replicaSets } = this;
    const collections = [nodes, pods, replicaSets].map((each) => [each, each.backup()] as const);
    return { version: this.#version, collections: new Map(collections) };
  }

  /** Watches that are open stay so, and silent until versions have passed theirs; as do those opened later. */
  restore({ version, collections }: FakeBackup): void {
    this.#version = version;
    for (const [collection, backup] of collections) collection.restore(backup, version);
  }

  requestsOf(path: string, kind: 'list' | 'watch'): readonly SeenRequest[] {
    return this.requests.filter(
      (request) => request.path === path && request.query.has('watch') === (kind === 'watch'),
    );
  }

  #collection(kind: string): FakeCollection {
    const next = () => {
      this.#version += 1;
      return this.#version;
    };
    return new FakeCollection(kind, next, (version) => this.versions.write(version));
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', this.url);
    const { authorization } = request.headers;
    const { method = 'GET' } = request;
    this.requests.push({ method, path: url.pathname, query: url.searchParams, authorization });
    const fault = this.#faults.take(`${url.pathname}${url.search}`);
    if (fault?.how === 'hang') return;
    if (fault?.how === 'reset') {
      request.socket.resetAndDestroy();
      return;
    }
    if (fault !== undefined)
      return this.#refuse(response, fault.how, 'the fake was told to fail', fault.headers);
    if (this.tokens !== undefined && !this.tokens.has(authorization?.replace(/^Bearer /, '') ?? '')) {
      return this.#refuse(response, 401, 'Unauthorized');
    }
    if (method === 'GET') await this.#route(url, response);
    else await this.#answerWrite(url, method, request, response);
  }

  async #answerWrite(
    { pathname }: URL,
    method: string,
    request: IncomingMessage,
    response: ServerResponse,
  ): Promise<void> {
    const body = (await json(request)) as { readonly metadata?: { readonly name?: string } };
    const slash = pathname.lastIndexOf('/');
    const isCreated = method === 'POST';
    const path = isCreated ? pathname : pathname.slice(0, slash);
    const name = isCreated ? (body.metadata?.name ?? '') : pathname.slice(slash + 1);
    const collection = this.#collectionAt(path);
    const identity = { name, namespace: NAMESPACED.exec(path)?.[2] };
    const type = request.headers['content-type'];
    if (method === 'PATCH' && type !== 'application/merge-patch+json') {
      return this.#refuse(response, 415, `this patch is none that the fake knows: ${type}`);
    }
    const answer =
      collection === undefined
        ? refusal(404, `no such path: ${path}`)
        : applyWrite(collection, method, identity, { ...body });
    response.writeHead(answer.status, { 'Content-Type': 'application/json' });
    await this.#send(response, answer.body);
  }

  async #route(url: URL, response: ServerResponse): Promise<void> {
    if (url.pathname.startsWith(METRICS_PATH)) return this.#answerMetrics(url, response);
    if (url.pathname === '/version') return this.#send(response, this.version);
    const collection = this.#collectionAt(url.pathname);
    if (collection === undefined) return this.#refuse(response, 404, `no such path: ${url.pathname}`);
    if (url.searchParams.has('watch')) return this.#answerWatch(url, response, collection);
    return this.#answerList(url, response, collection);
  }

  #collectionAt(full: string): FakeCollection | undefined {
    const path = full.replace(NAMESPACED, '$1$3');
    if (path === '/apis/apps/v1/deployments') return this.deployments;
    if (path === '/apis/autoscaling/v2/horizontalpodautoscalers') return this.autoscalers;
    if (path === '/api/v1/nodes') return this.nodes;
    if (path === '/api/v1/namespaces') return this.namespaces;
    if (path === '/api/v1/pods') return this.pods;
    if (path === '/apis/apps/v1/replicasets') return this.replicaSets;
    return undefined;
  }

  async #answerMetrics(url: URL, response: ServerResponse): Promise<void> {
    const kind = url.pathname.slice(METRICS_PATH.length) === 'nodes' ? 'nodes' : 'pods';
    const items = this.metrics[kind].filter(labelFilter(url));
    await this.#send(response, { kind: `${kind}MetricsList`, metadata: {}, items });
    this.metricsServed(kind);
  }

  async #answerList(url: URL, response: ServerResponse, collection: FakeCollection): Promise<void> {
    const token = url.searchParams.get('continue');
    const wanted = namespaceFilter(url);
    const labelled = labelFilter(url);
    const items =
      token === null ? collection.list().filter(wanted).filter(labelled) : this.#snapshots.get(token);
    if (items === undefined) {
      return this.#refuse(response, 410, 'The provided continue parameter is too old');
    }
    const limit = Number(url.searchParams.get('limit') ?? items.length);
    const metadata: Record<string, string> = { resourceVersion: this.versions.write(this.#version) };
    if (items.length > limit) {
      metadata['continue'] = `page-${this.#snapshots.size + 1}-${this.requests.length}`;
      this.#snapshots.set(metadata['continue'], items.slice(limit));
    }
    await this.#send(response, {
      kind: `${collection.kind}List`,
      apiVersion: 'v1',
      metadata,
      items: items.slice(0, limit),
    });
  }

  #answerWatch(url: URL, response: ServerResponse, collection: FakeCollection): void {
    response.writeHead(200, { 'Content-Type': 'application/json' });
    response.flushHeaders();
    if (this.silentWatches) return;
    const version = this.versions.read(url.searchParams.get('resourceVersion') ?? '0');
    const wanted = namespaceFilter(url);
    const write = (event: { readonly type: string; readonly object: object }) => {
      if (event.type === 'ERROR' || wanted(event.object)) response.write(`${JSON.stringify(event)}\n`);
    };
    if (collection.isCompacted(version)) {
      write({ type: 'ERROR', object: { kind: 'Status', code: 410, message: 'too old resource version' } });
      response.end();
      return;
    }
    for (const event of collection.eventsSince(version)) write(event);
    // What lies before the watch's own version it skips, as the API server does.
    const unlisten = collection.listen((event, at = Number.POSITIVE_INFINITY) => {
      if (at > version) write(event);
    });
    const timer = setTimeout(() => response.end(), Number(url.searchParams.get('timeoutSeconds')) * 1000);
    response.once('close', () => {
      unlisten();
      clearTimeout(timer);
    });
  }

  #refuse(
    response: ServerResponse,
    code: number,
    message: string,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<void> {
    response.writeHead(code, { 'Content-Type': 'application/json', ...headers });
    return this.#send(response, { kind: 'Status', status: 'Failure', code, message });
  }

  async #send(response: ServerResponse, body: object): Promise<void> {
    const bytes = Buffer.from(JSON.stringify(body));
    const chunkBytes = this.chunkBytes ?? bytes.length;
    for (let at = 0; at < bytes.length; at += chunkBytes) {
      response.write(bytes.subarray(at, at + chunkBytes));
      if (this.chunkBytes !== undefined) await delay(1);
    }
    response.end();
  }
}

function portOf(address: AddressInfo | string | null): number {
  if (address === null || typeof address === 'string') throw new Error('the fake does not listen on TCP');
  return address.port;
}

function toError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}
