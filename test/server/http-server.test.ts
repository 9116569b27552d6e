import { once } from 'node:events';
import { request as httpRequest } from 'node:http';
import type { Socket } from 'node:net';
import { describe, expect, it } from 'vitest';
import { context, namesArgs, scene } from '../extender/scene.ts';
import { parts, withServer } from './harness.ts';
import { head, rawConnection, until } from './raw.ts';

async function post(url: string, body: string, headers: Record<string, string> = {}) {
  const response = await fetch(url, { method: 'POST', body, headers });
  return { status: response.status, answer: await response.json(), headers: response.headers };
}

describe('the hot verbs', () => {
  it('speak from other parts when they are told to, on the connections that there are', async () => {
    await withServer(async (url, server) => {
      expect((await post(`${url}/filter`, namesArgs())).status).toBe(200);
      server.speakFrom(parts({ missing: () => ['a cluster'] }));
      const { status, answer } = await post(`${url}/filter`, namesArgs());
      expect([status, answer]).toEqual([503, { error: 'not ready: a cluster' }]);
      expect((await fetch(`${url}/readyz`)).status).toBe(503);
    });
  });

  it.each(['application/json', 'text/plain', 'application/x-www-form-urlencoded', ''])(
    'do not mind the content type %s',
    async (type) => {
      await withServer(async (url) => {
        const { status, answer } = await post(`${url}/filter`, namesArgs(), { 'Content-Type': type });
        expect([status, answer]).toEqual([200, { NodeNames: ['edge-1'] }]);
      });
    },
  );

  it('answer with a query behind their path too, through Express', async () => {
    await withServer(async (url) => {
      expect(await post(`${url}/filter?timeout=5s`, namesArgs())).toMatchObject({ status: 200 });
    });
  });

  it('tell how long each answer took, and its status', async () => {
    const told: unknown[] = [];
    const observer = { answered: (...all: unknown[]) => told.push(all) };
    await withServer(
      async (url) => {
        await post(`${url}/filter`, namesArgs());
        await post(`${url}/prioritize`, 'garbage');
      },
      { observer },
    );
    expect(told).toEqual([
      ['filter', 200, expect.any(Number)],
      ['prioritize', 400, expect.any(Number)],
    ]);
  });

  it('answer 503 with what is missing before the cluster has been seen', async () => {
    const rejected: string[] = [];
    const extender = context(scene(), { rejected: (verb, reason) => rejected.push(`${verb}: ${reason}`) });
    await withServer(
      async (url) => {
        const { status, answer } = await post(`${url}/filter`, namesArgs());
        expect([status, answer]).toEqual([
          503,
          { error: 'not ready: nodes not listed; metrics not read yet' },
        ]);
      },
      { extender, missing: () => ['nodes not listed', 'metrics not read yet'] },
    );
    expect(rejected).toEqual(['filter: not ready: nodes not listed; metrics not read yet']);
  });
});

describe('bodies', () => {
  it('may be as large as the limit', async () => {
    const body = namesArgs();
    await withServer(
      async (url) => expect(await post(`${url}/filter`, body)).toMatchObject({ status: 200 }),
      {},
      {
        maxBodyBytes: Buffer.byteLength(body),
      },
    );
  });

  it.each([
    ['declared', (socket: Socket) => socket.write(head(5000))],
    [
      'sent in chunks',
      (socket: Socket) =>
        socket.write(
          `POST /filter HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n1388\r\n${'x'.repeat(5000)}\r\n`,
        ),
    ],
  ])('that are larger, %s, get 413 at once and no connection to go on with', async (_how, write) => {
    await withServer(
      async (url) => {
        const { socket, received, closed } = await rawConnection(url);
        write(socket);
        await closed;
        expect(received()).toMatch(/^HTTP\/1.1 413 /);
        expect(received()).toContain(
          '{"error":"body: found 5000 bytes or more, allowed 1000 (server.maxBodyBytes)"}',
        );
      },
      {},
      { maxBodyBytes: 1000 },
    );
  });

  it('that are broken off harm nobody', async () => {
    await withServer(async (url) => {
      for (const part of ['', '{"Pod":']) {
        const { socket, closed } = await rawConnection(url);
        socket.write(head(100) + part);
        socket.resetAndDestroy();
        await closed;
      }
      expect(await post(`${url}/filter`, namesArgs())).toMatchObject({ status: 200 });
    });
  });

  it('may wait for 100 Continue', async () => {
    await withServer(async (url) => {
      const body = namesArgs();
      const sent = httpRequest(`${url}/filter`, {
        method: 'POST',
        headers: { Expect: '100-continue', 'Content-Length': Buffer.byteLength(body) },
      });
      sent.flushHeaders();
      await once(sent, 'continue');
      sent.end(body);
      const [response] = await once(sent, 'response');
      expect(response.statusCode).toBe(200);
      response.resume();
    });
  });

  it('may come in single bytes, and in pieces of any size', async () => {
    await withServer(async (url) => {
      const body = namesArgs();
      for (const size of [1, 7, 1000]) {
        const { socket, received } = await rawConnection(url);
        socket.write('POST /filter HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n');
        for (let from = 0; from < body.length; from += size) {
          const piece = body.slice(from, from + size);
          socket.write(`${piece.length.toString(16)}\r\n${piece}\r\n`);
        }
        socket.write('0\r\n\r\n');
        await until(() => received().includes('{"NodeNames":["edge-1"]}'));
        socket.destroy();
      }
    });
  });

  it('may follow each other on one connection, in pieces', async () => {
    await withServer(async (url) => {
      const { socket, received } = await rawConnection(url);
      const body = namesArgs();
      for (let count = 1; count <= 3; count += 1) {
        socket.write(head(Buffer.byteLength(body)) + body.slice(0, 1000));
        socket.write(body.slice(1000));
        await until(() => received().split('HTTP/1.1 200').length - 1 === count);
      }
      socket.destroy();
    });
  });
});

it('keeps idle connections for longer than Go does', async () => {
  await withServer(async (url) => {
    const { headers } = await post(`${url}/filter`, namesArgs());
    expect(headers.get('keep-alive')).toBe('timeout=120');
  });
});

it('says which address it could not have', async () => {
  await withServer(async (url) => {
    const port = Number(new URL(url).port);
    await expect(withServer(async () => undefined, {}, { port })).rejects.toThrow(
      `EADDRINUSE: address already in use 127.0.0.1:${port}`,
    );
  });
});
