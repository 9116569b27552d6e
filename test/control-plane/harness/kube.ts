import { Agent, request } from 'node:https';

/** How to reach the API server, and as whom. */
export interface Connection {
  readonly server: string;
  readonly ca: string;
  readonly cert?: string;
  readonly key?: string;
  readonly token?: string;
  /** Path of a file that holds the token, as a pod has it. */
  readonly tokenFile?: string;
}

/** An object of the API, as far as tests care. */
export interface KubeObject {
  readonly apiVersion?: string;
  readonly kind?: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly uid?: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
    readonly creationTimestamp?: string;
    readonly deletionTimestamp?: string;
  };
}

export class KubeError extends Error {
  readonly status: number;
  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

export interface KubeClient {
  readonly get: <T = KubeObject>(path: string) => Promise<T>;
  readonly list: <T = KubeObject>(path: string) => Promise<readonly T[]>;
  readonly create: <T = KubeObject>(path: string, body: object) => Promise<T>;
  /** A merge patch: null removes a key. */
  readonly patch: <T = KubeObject>(path: string, body: object) => Promise<T>;
  /** Without a grace period, if none is given. What is gone already is no error. */
  readonly remove: (path: string, gracePeriodSeconds?: number) => Promise<void>;
  readonly text: (path: string) => Promise<string>;
  readonly close: () => void;
}

const TIMEOUT_MS = 30_000;

/** A client of a few lines: tests say paths and objects as the API's documentation does. */
export function createKubeClient(connection: Connection): KubeClient {
  const { server, ca, cert, key, token } = connection;
  const agent = new Agent({
    keepAlive: true,
    maxSockets: 16, // 200 creations at once are a burst; 200 TLS handshakes are a load test
    ca,
    ...(cert !== undefined && key !== undefined ? { cert, key } : {}),
  });
  const send = (method: string, path: string, body?: object, contentType = 'application/json') =>
    new Promise<string>((resolve, reject) => {
      const text = body === undefined ? undefined : JSON.stringify(body);
      const headers = {
        accept: 'application/json',
        // Node doesn't say the length by itself when the method is DELETE.
        ...(text === undefined
          ? {}
          : { 'content-type': contentType, 'content-length': Buffer.byteLength(text) }),
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      };
      const outgoing = request(`${server}${path}`, { method, agent, headers, timeout: TIMEOUT_MS });
      outgoing.once('timeout', () => outgoing.destroy(new Error(`${method} ${path}: no answer`)));
      outgoing.once('error', reject);
      outgoing.once('response', (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.once('error', reject);
        response.once('end', () => {
          const answer = Buffer.concat(chunks).toString();
          const status = response.statusCode ?? 0;
          if (status < 300) resolve(answer);
          else reject(new KubeError(status, `${method} ${path}: ${status} ${answer.slice(0, 500)}`));
        });
      });
      outgoing.end(text);
    });
  return {
    get: async (path) => JSON.parse(await send('GET', path)),
    list: async (path) => JSON.parse(await send('GET', path)).items,
    create: async (path, body) => JSON.parse(await send('POST', path, body)),
    patch: async (path, body) => JSON.parse(await send('PATCH', path, body, 'application/merge-patch+json')),
    remove: async (path, gracePeriodSeconds = 0) => {
      await send('DELETE', path, { gracePeriodSeconds, propagationPolicy: 'Background' }).catch(
        ignoreMissing,
      );
    },
    text: (path) => send('GET', path),
    close: () => agent.destroy(),
  };
}

function ignoreMissing(error: unknown): void {
  if (!(error instanceof KubeError && error.status === 404)) throw error;
}

/** JSON is YAML, so this is a kubeconfig. */
export function kubeconfig(connection: Connection): string {
  const base64 = (text: string) => Buffer.from(text).toString('base64');
  const user = {
    ...(connection.token === undefined ? {} : { token: connection.token }),
    ...(connection.tokenFile === undefined ? {} : { tokenFile: connection.tokenFile }),
    ...(connection.cert === undefined ? {} : { 'client-certificate-data': base64(connection.cert) }),
    ...(connection.key === undefined ? {} : { 'client-key-data': base64(connection.key) }),
  };
  const cluster = { server: connection.server, 'certificate-authority-data': base64(connection.ca) };
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'test', cluster }],
    users: [{ name: 'test', user }],
    contexts: [{ name: 'test', context: { cluster: 'test', user: 'test' } }],
    'current-context': 'test',
  });
}
