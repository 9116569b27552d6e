import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { HttpServer } from '../../src/server/http-server.ts';
import type { HttpServerOptions, ServerParts, TlsFiles } from '../../src/server/parts.ts';
import type { Authority, Pair } from '../fake/certificate.ts';
import { OPTIONS, parts } from './harness.ts';

export interface Changes {
  readonly tls?: Partial<TlsFiles>;
  readonly parts?: Partial<ServerParts>;
  readonly options?: Partial<HttpServerOptions>;
}

/** A server that asks for client certificates, for its time only. @param authority of server and clients */
export async function withMutualTls<T>(
  authority: Authority,
  use: (verbsUrl: string, managementUrl: string) => Promise<T>,
  changes: Changes = {},
): Promise<T> {
  const { verbsUrl, managementUrl, close } = await startMutualTls(authority, changes);
  try {
    return await use(verbsUrl, managementUrl);
  } finally {
    await close();
  }
}

export async function startMutualTls(
  authority: Authority,
  { tls, parts: over = {}, options }: Changes,
): Promise<{ verbsUrl: string; managementUrl: string; close: () => Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), 'spillway-mutual-tls-'));
  const write = async (name: string, text: string) => {
    await writeFile(join(folder, name), text);
    return join(folder, name);
  };
  const { cert, key } = authority.issue('spillway');
  const files: TlsFiles = {
    certFile: await write('tls.crt', cert),
    keyFile: await write('tls.key', key),
    clientCaFile: await write('ca.crt', authority.cert),
    ...tls,
  };
  const management = { bindAddress: '127.0.0.1', port: 0 };
  const server = new HttpServer({ ...OPTIONS, ...options, management, tls: files }, parts(over));
  const { port, managementPort } = await server.start();
  return {
    verbsUrl: `https://127.0.0.1:${port}`,
    managementUrl: `https://127.0.0.1:${managementPort}`,
    close: async () => {
      await server.stop();
      await rm(folder, { recursive: true });
    },
  };
}

/** POST with a body, GET without; a connection for each. */
export function askTls(
  url: string,
  client: Partial<Pair>,
  body?: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<{ readonly status: number; readonly body: string }> {
  return new Promise((resolve, reject) => {
    const method = body === undefined ? 'GET' : 'POST';
    const options = { method, agent: false, rejectUnauthorized: false, headers, ...client } as const;
    const asked = request(url, options, async (response) => {
      const text = Buffer.concat(await response.toArray()).toString();
      asked.destroy();
      resolve({ status: response.statusCode ?? 0, body: text });
    });
    asked.on('error', reject);
    if (body !== undefined) asked.write(body);
    if (headers['Content-Length'] === undefined) asked.end();
  });
}
