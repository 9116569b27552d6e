import { Agent, request } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { HttpServer } from '../../src/server/http-server.ts';
import { namesArgs } from '../extender/scene.ts';
import { createAuthority } from '../fake/certificate.ts';
import { OPTIONS, parts, withServer } from './harness.ts';
import { startMutualTls } from './mutual-tls.ts';
import { head, rawConnection, until } from './raw.ts';

const LONG = { drainTimeoutMs: 60_000 };

describe('stopping', () => {
  it('answers a question that comes on an idle connection, and ends it with that', async () => {
    await withServer(
      async (url, server) => {
        const { socket, received, closed } = await rawConnection(url);
        const body = namesArgs();
        socket.write(head(Buffer.byteLength(body)) + body);
        await until(() => received().includes('NodeNames'));
        const stopped = server.stop();
        await delay(100);
        socket.write(head(Buffer.byteLength(body)) + body);
        await Promise.all([stopped, closed]);
        expect(received().match(/HTTP\/1.1 200/g)).toHaveLength(2);
        expect(received().match(/Connection: close/g)).toHaveLength(1);
      },
      {},
      LONG,
    );
  });

  it('answers the request under way, says goodbye to its connection, and takes no new one', async () => {
    await withServer(
      async (url, server) => {
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
      },
      {},
      LONG,
    );
  });

  it('is not ready from the first moment on, for connections that are still open', async () => {
    await withServer(
      async (url, server) => {
        const { socket, received, closed } = await rawConnection(url);
        socket.write('GET /readyz HTTP/1.1\r\n');
        await until(() => socket.bytesWritten > 0);
        await fetch(`${url}/livez`);
        const stopped = server.stop();
        socket.write('Host: x\r\n\r\n');
        await Promise.all([stopped, closed]);
        expect(received()).toMatch(/^HTTP\/1.1 503 /);
        expect(received()).toContain('missing: shutting down');
      },
      {},
      LONG,
    );
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

  it('waits only a moment for idle connections, also such as never asked anything', async () => {
    await withServer(
      async (url, server) => {
        const { closed } = await rawConnection(url);
        await fetch(`${url}/livez`);
        await Promise.all([server.stop(), closed]);
      },
      {},
      LONG,
    );
  });

  it('does not wait for a TLS handshake longer than the drain timeout', async () => {
    const { managementUrl, close } = await startMutualTls(createAuthority('clients'), {});
    const { socket, closed } = await rawConnection(managementUrl);
    // The first bytes of a greeting that never comes whole.
    socket.write(Buffer.from([0x16, 0x03, 0x01, 0x02, 0x00]));
    await until(() => socket.bytesWritten > 0);
    const startedMs = performance.now();
    await Promise.all([close(), closed]);
    expect(performance.now() - startedMs).toBeLessThan(2000);
  });
});

/** What became of a question. Lost: it was sent, and no answer came. */
type Fate = 'answered' | 'refused' | 'lost';

function ask(agent: Agent, port: number, body: string): Promise<Fate> {
  return new Promise((resolve) => {
    const options = { host: '127.0.0.1', port, path: '/filter', method: 'POST', agent };
    const asked = request(options, (response) => {
      response.resume();
      response.once('end', () => resolve(response.statusCode === 200 ? 'answered' : 'lost'));
      response.once('error', () => resolve('lost'));
    });
    // Without a connection there was nobody whom the question could have been sent to.
    asked.once('error', (error: NodeJS.ErrnoException) =>
      resolve(error.code === 'ECONNREFUSED' ? 'refused' : 'lost'),
    );
    asked.end(body);
  });
}

/** Asks one question after the other over a connection that it keeps, as kube-scheduler does. */
async function scheduler(port: number, pauseMs: number, over: AbortSignal): Promise<readonly Fate[]> {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const fates: Fate[] = [];
  const body = namesArgs();
  while (!over.aborted) {
    const fate = await ask(agent, port, body);
    fates.push(fate);
    if (fate === 'refused') await delay(5);
    else if (pauseMs > 0) await delay(pauseMs, undefined, { signal: over }).catch(() => {});
  }
  agent.destroy();
  return fates;
}

/** Stops a server under load and starts its successor at the same port. */
async function restartUnderLoad(): Promise<readonly Fate[]> {
  const options = { ...OPTIONS, drainTimeoutMs: 5000 };
  const server = new HttpServer(options, parts());
  const { port } = await server.start();
  const over = new AbortController();
  // Some ask without a pause, some now and then, and one so seldom that it is idle when its connection ends.
  const schedulers = [0, 0, 0, 1, 7, 40, 900].map((pauseMs) => scheduler(port, pauseMs, over.signal));
  await delay(20 + 30 * Math.random());
  await server.stop();
  const successor = new HttpServer({ ...options, port }, parts());
  await successor.start();
  await delay(20);
  over.abort();
  const fates = await Promise.all(schedulers);
  await successor.stop();
  return fates.flat();
}

it('loses no question in 100 restarts under load', { timeout: 120_000 }, async () => {
  const fates: Fate[] = [];
  for (let round = 0; round < 4; round += 1) {
    fates.push(...(await Promise.all(Array.from({ length: 25 }, restartUnderLoad))).flat());
  }
  const count = (wanted: Fate) => fates.filter((fate) => fate === wanted).length;
  expect(count('lost')).toBe(0);
  expect(count('answered')).toBeGreaterThan(500);
  expect(count('refused'), 'between one server and the next').toBeGreaterThan(100);
});
