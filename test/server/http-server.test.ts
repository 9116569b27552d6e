import { once } from 'node:events';
import { request as httpRequest } from 'node:http';
import { connect, type Socket } from 'node:net';
import { describe, expect, it } from 'vitest';
import { context, namesArgs, scene } from '../extender/scene.ts';
import { parts, withServer } from './harness.ts';

async function post(url: string, body: string, headers: Record<string, string> = {}) {
  const response = await fetch(url, { method: 'POST', body, headers });
  return { status: response.status, answer: await response.json(), headers: response.headers };
}

/** A connection on which a test writes HTTP by hand. */
async function rawConnection(
  url: string,
): Promise<{ socket: Socket; received: () => string; closed: Promise<unknown> }> {
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  let text = '';
  socket.on('data', (chunk) => {
    text += chunk.toString();
  });
  socket.on('error', () => undefined);
  const closed = once(socket, 'close');
  await once(socket, 'connect');
  return { socket, received: () => text, closed };
}

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve, 5));
}

const head = (length: number, extra = '') =>
  `POST /filter HTTP/1.1\r\nHost: x\r\nContent-Length: ${length}\r\n${extra}\r\n`;

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

describe('stopping', () => {
  it('answers the request under way, says goodbye to its connection, and takes no new one', async () => {
    await withServer(async (url, server) => {
      const { socket, received, closed } = await rawConnection(url);
      const body = namesArgs();
      socket.write(head(Buffer.byteLength(body)) + body.slice(0, 100));
      await until(() => socket.bytesWritten > 100);
      await fetch(`${url}/livez`);
      const stopped = server.stop();
      await expect(fetch(`${url}/livez`)).rejects.toThrow();
      socket.write(body.slice(100));
      await Promise.all([stopped, closed]);
      expect(received()).toMatch(/^HTTP\/1.1 200 /);
      expect(received()).toMatch(/\r\nConnection: close\r\n/);
    });
  });

  it('is not ready from the first moment on, for connections that are still open', async () => {
    await withServer(async (url, server) => {
      const { socket, received, closed } = await rawConnection(url);
      socket.write('GET /readyz HTTP/1.1\r\n');
      await until(() => socket.bytesWritten > 0);
      await fetch(`${url}/livez`);
      const stopped = server.stop();
      socket.write('Host: x\r\n\r\n');
      await Promise.all([stopped, closed]);
      expect(received()).toMatch(/^HTTP\/1.1 503 /);
      expect(received()).toContain('missing: shutting down');
    });
  });

  it('waits for a silent request no longer than the drain timeout', async () => {
    await withServer(
      async (url, server) => {
        const { socket, closed } = await rawConnection(url);
        socket.write(head(100));
        await fetch(`${url}/livez`);
        await Promise.all([server.stop(), closed]);
      },
      {},
      { drainTimeoutMs: 50 },
    );
  });

  it('does not wait for idle connections, also such as never asked anything', async () => {
    await withServer(
      async (url, server) => {
        const { closed } = await rawConnection(url);
        await fetch(`${url}/livez`);
        await Promise.all([server.stop(), closed]);
      },
      {},
      { drainTimeoutMs: 60_000 },
    );
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
