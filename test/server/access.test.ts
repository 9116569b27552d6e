import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import supertest from 'supertest';
import { describe, expect, it } from 'vitest';
import { createRefusal, isLoopback } from '../../src/server/access.ts';
import { ENDPOINTS } from '../../src/server/endpoints.ts';
import { HttpServer } from '../../src/server/http-server.ts';
import { namesArgs } from '../extender/scene.ts';
import { createAuthority, type Pair } from '../fake/certificate.ts';
import { appFor, OPTIONS, parts, withTwoListeners } from './harness.ts';
import { askTls, withMutualTls } from './mutual-tls.ts';
import { rawConnection } from './raw.ts';

const authority = createAuthority('clients');

describe('a loopback address', () => {
  it.each([
    ['127.0.0.1', true],
    ['127.8.9.10', true],
    ['::1', true],
    ['::ffff:127.0.0.1', true],
    ['10.0.0.7', false],
    ['128.0.0.1', false],
    ['::ffff:10.0.0.7', false],
    ['::', false],
    ['0.0.0.0', false],
    [undefined, false],
  ])('%s: %s', (address, expected) => expect(isLoopback(address)).toBe(expected));
});

describe('without client certificates', () => {
  const refusal = createRefusal(undefined);
  const from = (remoteAddress: string) => ({ remoteAddress }) as Socket;

  it.each(ENDPOINTS)('$method $path is for whom it is for: $access', ({ access }) => {
    expect(refusal(access, from('127.0.0.1')), 'kubectl port-forward').toBeUndefined();
    const fromElsewhere = refusal(access, from('10.0.0.7'));
    if (access === 'operator') expect(fromElsewhere).toContain('kubectl port-forward');
    else expect(fromElsewhere).toBeUndefined();
  });

  it('debug pages and status are refused to who comes from elsewhere, with a way to them', async () => {
    const app = appFor(parts(), () => 'not from there');
    for (const path of ['/debug/nodes', '/debug/decisions', '/status.json']) {
      const { status, body } = await supertest(app).get(path);
      expect([status, body]).toEqual([403, { error: `${path}: not from there` }]);
    }
  });
});

describe('with client certificates', () => {
  const scheduler = authority.issue('system:kube-scheduler', { dnsNames: ['scheduler.example'] });
  const neighbour = authority.issue('neighbour', { dnsNames: ['xscheduler.example'] });
  const ended = authority.issue('system:kube-scheduler', { untilMs: -1000 });
  const stranger = createAuthority('another CA').issue('system:kube-scheduler');

  it.each<[string, Partial<Pair>, readonly string[] | undefined, number]>([
    ['any of the CA', scheduler, undefined, 200],
    ['any of the CA', neighbour, undefined, 200],
    ['a common name that is listed', scheduler, ['other', 'system:kube-scheduler'], 200],
    ['a DNS name that is listed', scheduler, ['scheduler.example'], 200],
    ['a name that is not listed', neighbour, ['system:kube-scheduler', 'scheduler.example'], 403],
    ['a name, where a pattern is listed', scheduler, ['*.example'], 403],
    ['none', {}, undefined, 403],
    ['one of another CA, with the right name', stranger, ['system:kube-scheduler'], 403],
    ['one that has expired', ended, undefined, 403],
  ])('%s is answered as it should be', async (_what, client, clientNames, expected) => {
    const counted: unknown[] = [];
    const answered = (verb: string, status: number) => counted.push(`${verb} ${status}`);
    await withMutualTls(
      authority,
      async (verbs, management) => {
        const { status } = await askTls(`${verbs}/filter`, client, namesArgs());
        expect(status).toBe(expected);
        expect((await askTls(`${verbs}/filter?through=Express`, client, namesArgs())).status).toBe(expected);
        for (const path of ['/livez', '/readyz', '/metrics']) {
          expect((await askTls(management + path, client)).status, path).toBe(200);
        }
        expect(counted).toEqual([`filter ${expected}`, `filter ${expected}`]);
      },
      { tls: { clientNames }, parts: { observer: { answered } } },
    );
  });

  it('a handshake that fails is logged, and often is said once', async () => {
    const logged: unknown[] = [];
    const log = (level: string, message: string, fields: object) =>
      void logged.push([level, message, fields]);
    await withMutualTls(
      authority,
      async (verbs) => {
        for (let times = 0; times < 3; times += 1) {
          const { socket, closed } = await rawConnection(verbs);
          socket.write('GET /livez HTTP/1.1\r\nHost: x\r\n\r\n');
          await closed;
        }
      },
      { parts: { observer: { log } } },
    );
    const fields = { error: expect.stringContaining('http request'), times: 1 };
    expect(logged).toEqual([['warn', 'TLS handshake failed', fields]]);
  });

  it('a body is not waited for when its sender is refused', async () => {
    await withMutualTls(authority, async (verbs) => {
      const { status } = await askTls(`${verbs}/filter`, {}, '{', { 'Content-Length': '1000' });
      expect(status).toBe(403);
    });
  });

  it.each([
    ['a certificate that is accepted', 'accepted', undefined],
    ['none', 'refused', 'only by loopback'],
    ['one of another CA', 'stranger', 'only by loopback'],
  ] as const)('debug pages are open from elsewhere to %s', async (_what, who, expected) => {
    const client = { accepted: scheduler, refused: {}, stranger }[who];
    const seen: (string | undefined)[] = [];
    const refusal = createRefusal({ names: undefined });
    await withMutualTls(
      authority,
      async (_verbs, management) => {
        await askTls(`${management}/look`, client);
        expect(seen).toEqual([expected === undefined ? undefined : expect.stringContaining(expected)]);
      },
      {
        parts: {
          further: [
            {
              method: 'GET',
              path: '/look',
              what: 'how a peer of another address would fare',
              access: 'open',
              serve: ({ socket }, response) => {
                Object.defineProperty(socket, 'remoteAddress', { value: '10.0.0.7' });
                seen.push(refusal('operator', socket));
                response.end();
              },
            },
          ],
        },
      },
    );
  });
});

describe('two listeners', () => {
  it('share out what there is: the verbs on one, all else on the other', async () => {
    await withTwoListeners(async (verbs, management) => {
      for (const { method, path, access } of ENDPOINTS) {
        const init = method === 'POST' ? { method, body: namesArgs() } : { method };
        const [here, there] = access === 'scheduler' ? [verbs, management] : [management, verbs];
        expect((await fetch(here + path, init)).status, path).not.toBe(404);
        const elsewhere = await fetch(there + path, init);
        expect(elsewhere.status, path).toBe(404);
        const { exists } = (await elsewhere.json()) as { exists: readonly string[] };
        expect(exists.some((each) => each.includes(` ${path}:`))).toBe(false);
      }
    });
  });

  it('are both not ready while they stop', async () => {
    await withTwoListeners(
      async (verbs, management, server) => {
        await fetch(`${management}/livez`);
        await fetch(`${verbs}/filter`, { method: 'POST', body: namesArgs() });
        const stopped = server.stop();
        await expect(fetch(`${management}/readyz`).then(({ status }) => status)).resolves.toBe(503);
        await stopped;
        await expect(fetch(`${verbs}/filter`, { method: 'POST' })).rejects.toThrow();
      },
      { drainTimeoutMs: 5000 },
    );
  });

  it('are both closed when one address is taken', async () => {
    await withTwoListeners(async (_verbs, management) => {
      const taken = { bindAddress: '127.0.0.1', port: Number(new URL(management).port) };
      const port = await portThatWasFree();
      const second = new HttpServer({ ...OPTIONS, port, management: taken }, parts());
      await expect(second.start()).rejects.toThrow(
        `EADDRINUSE: address already in use 127.0.0.1:${taken.port}`,
      );
      await expect(fetch(`http://127.0.0.1:${port}/filter`)).rejects.toThrow();
    });
  });
});

async function portThatWasFree(): Promise<number> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
