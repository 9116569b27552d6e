import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { BodyBudget } from '../../src/server/body-budget.ts';
import { createCallers } from '../../src/server/callers.ts';
import { createVerbListener } from '../../src/server/verbs.ts';
import { context, namesArgs, nodesArgs, scene } from '../extender/scene.ts';
import { withServer } from './harness.ts';
import { head, type RawConnection, rawConnection, until } from './raw.ts';

/* Whoever reaches the port is taken for an attacker here. A good question has to be answered meanwhile. */

const MIB = 1_048_576;

/** What is held is meant, not what nobody has cleared away yet. */
function collectGarbage(): void {
  setFlagsFromString('--expose-gc');
  runInNewContext('gc')();
}

async function ask(url: string): Promise<{ status: number; tookMs: number }> {
  const startedMs = performance.now();
  const response = await fetch(`${url}/filter`, { method: 'POST', body: namesArgs() });
  await response.text();
  return { status: response.status, tookMs: performance.now() - startedMs };
}

const many = (count: number, url: string) =>
  Promise.all(Array.from({ length: count }, () => rawConnection(url)));

function end(connections: readonly RawConnection[]): void {
  for (const { socket } of connections) socket.destroy();
}

describe('bodies', { timeout: 30_000 }, () => {
  it('that are held open in a crowd give way, the oldest first, and good questions are answered', async () => {
    const told: unknown[] = [];
    const observer = { answered: (verb: string, status: number) => told.push(`${verb} ${status}`) };
    await withServer(
      async (url) => {
        collectGarbage();
        const before = process.memoryUsage().arrayBuffers;
        const part = Buffer.alloc(3 * MIB, ' ');
        const holding = [];
        for (let index = 0; index < 40; index += 1) {
          const connection = await rawConnection(url);
          connection.socket.write(head(4 * MIB));
          connection.socket.write(part);
          holding.push(connection);
          expect((await ask(url)).status).toBe(200);
        }
        await until(() => told.filter((each) => each === 'filter 503').length >= 30);
        expect((await ask(url)).status).toBe(200);
        // 40 × 3 MiB came; 16 MiB may stay, beside the client's own part and what is on its way.
        collectGarbage();
        expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(48 * MIB);
        await holding[0]?.closed;
        expect(holding[0]?.received()).toMatch(/^HTTP\/1.1 503 .*came too slowly/s);
        end(holding);
      },
      { observer },
      { maxBufferedBytes: 16 * MIB },
    );
  });

  it.each([
    ['after their headers', ''],
    ['half way', '{"Pod":'],
    ['in a chunk', undefined],
  ])('that are broken off %s a thousand times leave the budget whole', async (_when, part) => {
    const budget = new BodyBudget(16 * MIB);
    const listener = createVerbListener({
      extender: context(scene()),
      missing: () => [],
      observer: {},
      maxBodyBytes: MIB,
      budget,
      refusal: () => undefined,
      callers: createCallers(),
      draining: () => false,
    });
    let asked = 0;
    let most = 0;
    const server = createServer((request, response) => {
      asked += 1;
      request.on('data', () => {
        most = Math.max(most, budget.heldBytes);
      });
      listener('filter', request, response);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const chunked = 'POST /filter HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{"Pod\r\n';
    for (let round = 0; round < 20; round += 1) {
      const connections = await many(50, url);
      for (const { socket } of connections) socket.write(part === undefined ? chunked : head(1000) + part);
      await until(() => asked === 50 * (round + 1));
      for (const { socket } of connections) socket.resetAndDestroy();
      await Promise.all(connections.map(({ closed }) => closed));
    }
    await until(() => budget.heldBytes === 0);
    if (part !== '') expect(most).toBeGreaterThan(0);
    server.close();
  });
});

describe('answers', { timeout: 30_000 }, () => {
  it('that nobody fetches give way too', async () => {
    // The node is given back as it was sent, so the answer is as long as the question.
    const padding = `"10.0.0.0/24","padding":"${'x'.repeat(16 * MIB)}"`;
    const body = nodesArgs(['cloud-1']).replace('"10.0.0.0/24"', padding);
    await withServer(
      async (url) => {
        const connections = await many(4, url);
        for (const { socket } of connections) {
          socket.pause();
          socket.write(head(Buffer.byteLength(body)));
          await new Promise((sent) => socket.write(body, sent));
        }
        expect((await ask(url)).status).toBe(200);
        const [first, , , last] = connections;
        first?.socket.resume();
        await first?.closed;
        expect(first?.received().length, 'cut off').toBeLessThan(Buffer.byteLength(body));
        last?.socket.resume();
        await until(() => (last?.received().length ?? 0) > 16 * MIB);
        end(connections);
      },
      {},
      { maxBodyBytes: 20 * MIB, maxBufferedBytes: 40 * MIB, requestTimeoutMs: 300_000 },
    );
  });
});

describe('connections', { timeout: 30_000 }, () => {
  it('2000 that are slow keep nobody out, and are at most as many as allowed', async () => {
    await withServer(
      async (url) => {
        const slow = await many(2000, url);
        for (const { socket } of slow) socket.write('POST /filter HTTP/1.1\r\nHost: x\r\n');
        const tookMs: number[] = [];
        for (let count = 0; count < 20; count += 1) {
          const asked = await ask(url);
          expect(asked.status).toBe(200);
          tookMs.push(asked.tookMs);
        }
        expect(Math.max(...tookMs), 'the scheduler waits for 2 s at most').toBeLessThan(2000);
        await until(() => slow.filter(({ socket }) => !socket.destroyed).length <= 500);
        end(slow);
      },
      {},
      { maxConnections: 500 },
    );
  });

  it('of a scheduler that asks stay, whoever comes', async () => {
    await withServer(
      async (url) => {
        const { socket, received } = await rawConnection(url);
        const body = namesArgs();
        for (let count = 1; count <= 10; count += 1) {
          socket.write(head(Buffer.byteLength(body)) + body);
          await until(() => received().split('HTTP/1.1 200').length - 1 === count);
          end(await many(9, url));
        }
        expect(socket.destroyed).toBe(false);
        socket.destroy();
      },
      {},
      { maxConnections: 10 },
    );
  });

  it.each([
    ['says nothing', ''],
    ['never ends its headers', 'POST /filter HTTP/1.1\r\nHost: x\r\n'],
    ['never ends its body', `${head(1000)}{`],
    ['never ends a chunk', 'POST /filter HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n3e8\r\n{'],
  ])('that %s ends after the time for a request, however it drips', async (_what, opening) => {
    await withServer(
      async (url) => {
        const startedMs = performance.now();
        const { socket, closed } = await rawConnection(url);
        socket.write(opening);
        const drip = opening === '' ? undefined : setInterval(() => socket.write('a'), 50);
        await closed;
        clearInterval(drip);
        expect(performance.now() - startedMs).toBeGreaterThan(290);
        expect(performance.now() - startedMs).toBeLessThan(3000);
      },
      {},
      { requestTimeoutMs: 300 },
    );
  });

  it('that is idle between questions outlives the time for a request', async () => {
    await withServer(
      async (url) => {
        const { socket, received } = await rawConnection(url);
        const body = namesArgs();
        for (let count = 1; count <= 2; count += 1) {
          socket.write(head(Buffer.byteLength(body)) + body);
          await until(() => received().split('HTTP/1.1 200').length - 1 === count);
          await new Promise((resolve) => setTimeout(resolve, 700));
        }
        expect(socket.destroyed).toBe(false);
        socket.destroy();
      },
      {},
      { requestTimeoutMs: 200 },
    );
  });
});
