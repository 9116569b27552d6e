import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { connectionFromKubeconfig } from '../../src/kubernetes/connection.ts';
import { type GetRequest, getJson } from '../../src/kubernetes/http-get.ts';
import { temporaryFolder, writeKubeconfig } from '../fake/kubeconfig.ts';
import { setUp, until } from './harness.ts';

afterEach(() => vi.unstubAllEnvs());

function get(path: string, more: Partial<GetRequest> = {}): GetRequest {
  return { path, signal: new AbortController().signal, idleTimeoutMs: 1000, ...more };
}

describe('connectionFromKubeconfig', () => {
  it.each<[string, string, RegExp]>([
    ['is no YAML', '{"clusters": [', /^kubeconfig .*kubeconfig\.yaml cannot be read: /],
    [
      'is something else',
      '"hello"',
      /cannot be read: it is not a mapping with clusters, contexts and users$/,
    ],
    [
      'lacks a server',
      '{"clusters":[{"name":"c","cluster":{}}]}',
      /clusters\[0\]\.cluster\.server is missing/,
    ],
    [
      'names no context',
      '{"current-context":"x","contexts":[{"name":"y","context":{"cluster":"c"}}]}',
      /current-context "x" names no cluster; its contexts are: y$/,
    ],
  ])('says what is wrong with a file that %s', (_name, text, message) => {
    const folder = temporaryFolder();
    const path = join(folder, 'kubeconfig.yaml');
    writeFileSync(path, text);
    expect(() => connectionFromKubeconfig(path)).toThrow(message);
    rmSync(folder, { recursive: true });
    expect(() => connectionFromKubeconfig(path)).toThrow(/cannot be read: ENOENT/);
  });

  it('takes KUBECONFIG when no file is given, and says so when there is nothing at all', async () => {
    const { server, kubeconfig, folder } = await setUp();
    vi.stubEnv('KUBECONFIG', kubeconfig);
    expect(connectionFromKubeconfig().server()).toBe(server.url);
    vi.stubEnv('KUBECONFIG', '');
    vi.stubEnv('HOME', folder);
    expect(() => connectionFromKubeconfig()).toThrow(/^no kubeconfig found: /);
  });

  it('sends the token of a kubeconfig, and uses one connection for many requests', async () => {
    const { server, connection } = await setUp({ token: 'first' });
    server.tokens = new Set(['first']);
    for (let count = 0; count < 3; count += 1) {
      expect(await getJson(connection, get('/api/v1/nodes'))).toMatchObject({ ok: true });
    }
    expect(server.openConnections).toBe(1);
  });

  it.each<[string, (folder: string, url: string, token: string) => void, object]>([
    [
      'the kubeconfig',
      (folder, url, token) => void writeKubeconfig(folder, url, { token }),
      { token: 'first' },
    ],
    [
      'the token file that it names, which ends with a newline',
      (folder, _url, token) => writeFileSync(join(folder, 'token'), `${token}\n`),
      { tokenFile: 'token' },
    ],
  ])('reads %s again when the token was rotated', async (_name, rotate, user) => {
    const { server, connection, folder } = await setUp(user);
    rotate(folder, server.url, 'first');
    server.tokens = new Set(['first']);
    expect(await getJson(connection, get('/api/v1/nodes'))).toMatchObject({ ok: true });
    server.tokens = new Set(['second']);
    expect(await getJson(connection, get('/api/v1/nodes'))).toMatchObject({ failure: { status: 401 } });
    rotate(folder, server.url, 'second');
    expect(await getJson(connection, get('/api/v1/nodes'))).toMatchObject({ ok: true });
    // Each 401 is followed by one more try, with what the file says then.
    expect(server.requests.map(({ authorization }) => authorization)).toEqual([
      'Bearer first',
      'Bearer first',
      'Bearer first',
      'Bearer first',
      'Bearer second',
    ]);
  });

  it('keeps the last good credentials while the file is gone or half written', async () => {
    const { server, connection, kubeconfig } = await setUp({ token: 'first' });
    writeFileSync(kubeconfig, '{"clusters":');
    server.tokens = new Set(['second']);
    expect(await getJson(connection, get('/api/v1/nodes'))).toMatchObject({ failure: { status: 401 } });
    server.tokens = new Set(['first']);
    expect(await getJson(connection, get('/api/v1/nodes'))).toMatchObject({ ok: true });
  });

  it('follows the kubeconfig to another server', async () => {
    const first = await setUp();
    const second = await setUp();
    await first.server.stop();
    writeKubeconfig(first.folder, second.server.url);
    expect(await getJson(first.connection, get('/api/v1/nodes'))).toMatchObject({ ok: false });
    expect(await getJson(first.connection, get('/api/v1/nodes'))).toMatchObject({ ok: true });
  });

  it('keeps a path that the server is behind', async () => {
    const { server, folder } = await setUp();
    const connection = connectionFromKubeconfig(writeKubeconfig(folder, `${server.url}/k8s/clusters/c-1/`));
    await getJson(connection, get('/api/v1/nodes', { query: { limit: '5', continue: undefined } }));
    expect(server.requests[0]?.path).toBe('/k8s/clusters/c-1/api/v1/nodes');
    expect(server.requests[0]?.query.toString()).toBe('limit=5');
    connection.close();
  });
});

describe('getJson', () => {
  it.each<[string, number | 'hang' | 'reset', object]>([
    ['a status', 403, { kind: 'status', status: 403, message: '403 Forbidden: the fake was told to fail' }],
    ['silence', 'hang', { kind: 'timeout', message: 'nothing was received for 200 ms' }],
    ['a reset', 'reset', { kind: 'network' }],
  ])('gives %s as a failure', async (_name, how, failure) => {
    const { server, connection } = await setUp();
    server.fail({ url: /nodes/, how });
    const result = await getJson(connection, get('/api/v1/nodes', { idleTimeoutMs: 200 }));
    expect(result).toMatchObject({ ok: false, failure });
  });

  it('gives stopping as a failure, before and while it waits', async () => {
    const { server, connection } = await setUp();
    server.fail({ url: /nodes/, how: 'hang' });
    const stopping = new AbortController();
    const result = getJson(connection, get('/api/v1/nodes', { signal: stopping.signal }));
    await until(() => expect(server.requests).toHaveLength(1));
    stopping.abort();
    expect(await result).toMatchObject({ failure: { kind: 'stopped' } });
    const late = await getJson(connection, get('/api/v1/nodes', { signal: stopping.signal }));
    expect(late).toMatchObject({ failure: { kind: 'stopped' } });
    expect(server.requests).toHaveLength(1);
  });

  it('leaves no timer behind', async () => {
    const { connection } = await setUp();
    const timers = () => process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;
    const before = timers();
    for (let count = 0; count < 50; count += 1) {
      await getJson(connection, get('/api/v1/nodes', { totalTimeoutMs: 60_000 }));
    }
    expect(timers()).toBeLessThan(before + 25);
  });

  it('tries once more at once when a kept connection was closed by the server meanwhile', async () => {
    const { server, connection } = await setUp();
    await getJson(connection, get('/api/v1/nodes'));
    server.fail({ url: /nodes/, how: 'reset', times: 1 });
    expect(await getJson(connection, get('/api/v1/nodes'))).toMatchObject({ ok: true });
    expect(server.requests).toHaveLength(3);
  });

  it.each([
    ['hangs', ['-c', 'sleep 1'], /no credentials: none came within 300 ms/],
    ['fails', ['-c', 'echo no such profile >&2; exit 1'], /no credentials: no such profile/],
  ])('does not wait for ever for a credential plugin that %s', async (_name, args, message) => {
    const exec = { apiVersion: 'client.authentication.k8s.io/v1', command: 'sh', args };
    const { connection, server } = await setUp({ exec });
    const result = await getJson(connection, get('/api/v1/nodes', { idleTimeoutMs: 300 }));
    expect(result).toMatchObject({
      failure: { kind: 'credentials', message: expect.stringMatching(message) },
    });
    expect(server.requests).toHaveLength(0);
  });
});
