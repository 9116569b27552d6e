import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect } from 'vitest';
import { createAuthority, type Pair } from '../fake/certificate.ts';
import { cloud, clusterTest, edge } from './harness/test.ts';
import { eventually } from './harness/wait.ts';

/* The scheduler logs in to Spillway with a client certificate, as its tlsConfig lets it. */

const folder = mkdtempSync(join(tmpdir(), 'spillway-mutual-tls-'));
afterAll(() => rmSync(folder, { recursive: true }));

const authority = createAuthority('extender CA');
const spillway = authority.issue('spillway');
const scheduler = authority.issue('system:kube-scheduler');
const neighbour = authority.issue('neighbour');
const stranger = createAuthority('another CA').issue('system:kube-scheduler');

function write(name: string, text: string): string {
  const file = join(folder, name);
  writeFileSync(file, text, { mode: 0o600 });
  return file;
}

const filesOf = (name: string, { cert, key }: Pair) => ({
  certFile: write(`${name}.crt`, cert),
  keyFile: write(`${name}.key`, key),
});
const caFile = write('ca.crt', authority.cert);

const test = clusterTest('mutual-tls', {
  nodes: [...edge(1, '4'), ...cloud(1, '32')],
  scheduler: { enableHTTPS: true, tlsConfig: { ...filesOf('scheduler', scheduler), caFile } },
  spillway: {
    server: {
      tls: {
        ...filesOf('spillway', spillway),
        clientCaFile: caFile,
        clientNames: ['system:kube-scheduler'],
      },
    },
  },
});

const QUESTION = JSON.stringify({ Pod: { metadata: { name: 'x' } }, NodeNames: [] });

function ask(
  url: string,
  client: Partial<Pair>,
  method: 'GET' | 'POST',
): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    const options = { method, agent: false, ca: authority.cert, ...client } as const;
    const asked = request(url, options, async (response) => {
      const text = Buffer.concat(await response.toArray()).toString();
      resolve({ status: response.statusCode ?? 0, text });
    });
    asked.once('error', reject);
    asked.end(method === 'POST' ? QUESTION : undefined);
  });
}

test('the real scheduler asks with its certificate, and its pods are placed', async ({ stage }) => {
  await stage.createPods('load', 5, { spillway: { 'cpu-estimate': '100m' } });
  const [edgeNode = '', cloudNode = ''] = stage.nodes;
  expect(await stage.bound(5)).toEqual({ [edgeNode]: 5, [cloudNode]: 0 });
  expect(await stage.spillway.metric('spillway_request_errors_total', { code: '403' })).toBe(0);
});

test.for([
  ['no certificate', {}, 'found none'],
  ['a certificate of another CA', stranger, 'found '],
  ['another name', neighbour, 'found \\"neighbour\\", allowed server.tls.clientNames'],
] as const)('a client with %s gets nothing', async ([, client, why], { stage }) => {
  for (const verb of ['filter', 'prioritize', 'preempt']) {
    const { status, text } = await ask(`${stage.spillway.url}/${verb}`, client, 'POST');
    expect([status, text]).toEqual([403, expect.stringContaining(why)]);
  }
  expect((await ask(`${stage.spillway.url}/filter`, scheduler, 'POST')).status).toBe(200);
});

test('health and metrics need no certificate, on a listener that has no verbs', async ({ stage }) => {
  const { managementUrl, url } = stage.spillway;
  for (const path of ['/livez', '/readyz', '/metrics']) {
    expect((await ask(managementUrl + path, {}, 'GET')).status).toBe(200);
  }
  expect((await ask(`${managementUrl}/filter`, scheduler, 'POST')).status).toBe(404);
  expect((await ask(`${url}/metrics`, scheduler, 'GET')).status).toBe(404);
});

test('a scheduler with a certificate of another name places no pod', async ({ stage }) => {
  await stage.deletePods();
  await stage.set({ scheduler: { tlsConfig: { ...filesOf('neighbour', neighbour), caFile } } });
  await stage.createPods('refused', 1, {});
  await eventually('the scheduler to have asked', async () => {
    expect(await stage.spillway.metric('spillway_request_errors_total', { code: '403' })).toBeGreaterThan(0);
  });
  expect((await stage.pod('refused-1')).spec.nodeName).toBeUndefined();
});
