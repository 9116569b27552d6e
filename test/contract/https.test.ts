import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { Agent, request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll } from 'vitest';
import { HttpServer } from '../../src/server/http-server.ts';
import { selfSignedPair } from '../fake/certificate.ts';
import { OPTIONS, partsFor } from '../server/harness.ts';
import { describeConformance, type Reply } from './conformance.ts';

const { cert, key } = selfSignedPair('spillway');
let folder = '';

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'spillway-https-'));
  await writeFile(join(folder, 'tls.crt'), cert);
  await writeFile(join(folder, 'tls.key'), key);
});

afterAll(() => rm(folder, { recursive: true }));

describeConformance('over HTTPS', async (context) => {
  const tls = { certFile: join(folder, 'tls.crt'), keyFile: join(folder, 'tls.key') };
  const server = new HttpServer({ ...OPTIONS, tls }, partsFor(context));
  const { port } = await server.start();
  const agent = new Agent({ ca: cert });
  return {
    post: (verb, body) => post(agent, `https://127.0.0.1:${port}/${verb}`, body),
    close: async () => {
      agent.destroy();
      await server.stop();
    },
  };
});

function post(agent: Agent, url: string, body: string): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const sent = request(url, { agent, method: 'POST' }, async (response) => {
      const chunks: Buffer[] = await response.toArray();
      resolve({ status: response.statusCode ?? 0, body: Buffer.concat(chunks).toString() });
    });
    sent.on('error', reject);
    sent.end(body);
  });
}
