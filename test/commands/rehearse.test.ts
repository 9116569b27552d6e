import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { rehearse } from '../../src/commands/rehearse.ts';
import type { RehearseOptions } from '../../src/commands/rehearse-options.ts';
import { systemRuntime } from '../../src/kubernetes/runtime.ts';
import type { FakeApiServer } from '../fake/api-server.ts';
import { nodeObject } from '../fake/objects.ts';
import { setUp, until } from '../kubernetes/harness.ts';
import { type TraceDocument, traceDocument } from '../simulator/traces.ts';

const LABEL = 'spillway.dev/rehearsal';
const BATCH = {
  metadata: { name: 'batch', namespace: 'jobs' },
  spec: { nodeName: 'edge-1', containers: [{}, { resources: { requests: { cpu: '50m' } } }] },
};

/** A rehearsal on a fake API server, on which nobody measures anything: its time does not begin. */
async function rehearsalOf(over: TraceDocument = {}, more: Partial<RehearseOptions> = {}) {
  const { server, kubeconfig, folder } = await setUp();
  const trace = join(folder, 'trace.json');
  writeFileSync(trace, JSON.stringify(traceDocument({ pods: [BATCH], ...over })));
  const ending = new AbortController();
  onTestFinished(() => ending.abort());
  let err = '';
  const host = {
    out: () => undefined,
    err: (text: string) => {
      err += text;
    },
    watched: false,
    onGitHub: false,
    runtime: systemRuntime,
    signal: ending.signal,
  };
  const run = () => rehearse({ trace, kubeconfig, policy: 'spillway', output: 'table', ...more }, host);
  return { server, folder, run, end: () => ending.abort(), err: () => err };
}

/** What there is on the server. */
function objectsOn({ nodes, namespaces, pods, deployments }: FakeApiServer) {
  return [nodes, namespaces, pods, deployments].flatMap((collection) => collection.list());
}

function written({ requests }: FakeApiServer): readonly string[] {
  return requests.filter(({ method }) => method !== 'GET').map(({ method, path }) => `${method} ${path}`);
}

describe('what is not valid: 2, before the cluster is asked', () => {
  it.each<[string, TraceDocument, Partial<RehearseOptions>, RegExp]>([
    ['a trace that is not there', {}, { trace: 'none' }, /^none is not a file/],
    ['a field', { duration: 3 }, {}, /trace\.json is not valid:\nduration/],
    [
      'an event',
      { events: [{ at: '1s', crash: 'fn/web-1' }] },
      {},
      /cannot be rehearsed:\nevents\[0\]\.crash/,
    ],
    ['a folder', {}, { result: '/none/real.json' }, /^--result: \/none\/real\.json cannot be written/],
    ['a file that is a folder', {}, { report: '/' }, /^--report: \/ cannot be written: it is a folder/],
    ['a URL', {}, { spillway: 'here' }, /^--spillway: found here, allowed: a URL/],
  ])('%s', async (_what, over, more, message) => {
    const { server, run, err } = await rehearsalOf(over, more);
    expect(await run()).toBe(2);
    expect(err()).toMatch(message);
    expect(server.requests).toEqual([]);
  });

  it.each([
    ['nobody answers', undefined, /cannot be read: .*ECONNREFUSED/],
    ['somebody else answers', { status: 200, body: '{}' }, /did not answer as Spillway does/],
    ['it answers with an error', { status: 503, body: '' }, /answered 503/],
  ] as const)('Spillway: %s', async (_what, answer, message) => {
    const { server, run, err } = await rehearsalOf({}, { spillway: await answering(answer) });
    expect(await run()).toBe(2);
    expect(err()).toMatch(message);
    expect(server.requests).toEqual([]);
  });
});

describe('a cluster that is in use is left as it is: 1', () => {
  it.each<[string, (server: FakeApiServer) => void, RegExp]>([
    [
      'it has nodes',
      ({ nodes }) => nodes.put(nodeObject('real')),
      /the cluster has nodes, and a trace brings its own: real\n/,
    ],
    [
      'another rehearsal has left nodes',
      ({ nodes }) => nodes.put(nodeObject('edge-1', { labels: { [LABEL]: 'old' } })),
      /edge-1, left by another rehearsal: spillway rehearse --clean-up/,
    ],
    [
      'it has a namespace of the trace',
      ({ namespaces }) => namespaces.put({ metadata: { name: 'jobs', uid: '1' } }),
      /the cluster has namespaces of the trace: jobs\n/,
    ],
  ])('%s', async (_what, prepare, message) => {
    const { server, run, err } = await rehearsalOf();
    prepare(server);
    expect(await run()).toBe(1);
    expect(err()).toMatch(message);
    expect(written(server)).toEqual([]);
  });
});

describe('setting up', () => {
  it('creates what runs from the start, all with the label of the rehearsal, and deletes it when it is ended', async () => {
    const { server, run, end, err } = await rehearsalOf();
    const code = run();
    await until(() => expect(err()).toContain('waiting for the metrics of 2 nodes'));
    const created = objectsOn(server);
    expect(created.map(({ kind, metadata }) => `${kind} ${metadata.name}`).sort()).toEqual([
      'Namespace fn',
      'Namespace jobs',
      'Node cloud-1',
      'Node edge-1',
      'Pod batch',
      'Pod rehearsal-system-cloud-1',
      'Pod rehearsal-system-edge-1',
    ]);
    expect(new Set(created.map(({ metadata }) => metadata.labels?.[LABEL])).size).toBe(1);
    end();
    expect(await code).toBe(1);
    expect(err()).toMatch(/ended before its time began\n7 objects are deleted\n$/);
    expect(objectsOn(server)).toEqual([]);
  });

  it('names what was refused, and deletes what was created', async () => {
    const { server, run, err } = await rehearsalOf();
    server.fail({ url: /\/namespaces\/jobs\/pods$/, how: 403, times: 1 });
    expect(await run()).toBe(1);
    expect(err()).toMatch(/^cannot rehearse: POST \/api\/v1\/namespaces\/jobs\/pods: 403 Forbidden/m);
    expect(written(server)).toContain('POST /api/v1/nodes');
    expect(objectsOn(server)).toEqual([]);
  });
});

it('without a trace it deletes what rehearsals have left, and nothing else: 0', async () => {
  const { server, run } = await rehearsalOf({}, { trace: undefined });
  server.nodes.put(nodeObject('left', { labels: { [LABEL]: 'old' } }));
  server.nodes.put(nodeObject('real'));
  expect(await run()).toBe(0);
  expect(objectsOn(server).map(({ metadata }) => metadata.name)).toEqual(['real']);
});

/** The URL of somebody who gives this answer; undefined: of nobody. */
async function answering(answer?: { readonly status: number; readonly body: string }): Promise<string> {
  const server = createServer((_request, response) => {
    response.writeHead(answer?.status ?? 500).end(answer?.body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const close = () => new Promise<void>((resolve) => server.close(() => resolve()));
  if (answer === undefined) await close();
  else onTestFinished(close);
  return `http://127.0.0.1:${port}`;
}
