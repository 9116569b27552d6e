import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import type { MetricsPage } from '../../src/server/parts.ts';
import { createScrapes } from '../../src/server/scrapes.ts';
import { rawConnection, until } from './raw.ts';

const closing: (() => void)[] = [];
afterEach(() => {
  for (const close of closing.splice(0)) close();
});

/** A page whose pieces come when they are let go. */
function heldPage(): { page: MetricsPage; made: () => number; letGo: () => void } {
  let made = 0;
  let letGo: () => void = () => undefined;
  const gate = new Promise<void>((resolve) => {
    letGo = resolve;
  });
  const page: MetricsPage = {
    contentType: 'text/plain',
    pieces: async function* () {
      made += 1;
      yield `page ${made}\n`;
      await gate;
      yield 'end\n';
    },
  };
  return { page, made: () => made, letGo: () => letGo() };
}

async function serve(answer: (response: ServerResponse) => Promise<void>): Promise<string> {
  const server = createServer((_request, response) => void answer(response));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  closing.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const read = async (url: string) => (await fetch(url)).text();

describe('scrapes', { timeout: 30_000 }, () => {
  it('that come while a page is made get that page, however many they are', async () => {
    const { page, made, letGo } = heldPage();
    let asked = 0;
    const send = createScrapes(page);
    const url = await serve((response) => {
      asked += 1;
      return send(response);
    });
    const all = Array.from({ length: 20 }, () => read(url));
    await until(() => asked === 20);
    letGo();
    expect(new Set(await Promise.all(all))).toEqual(new Set(['page 1\nend\n']));
    expect(await read(url)).toBe('page 2\nend\n');
    expect(made()).toBe(2);
  });

  it('let others have their turn after every piece', async () => {
    let turns = 0;
    const madeAtTurn: number[] = [];
    const count = () => {
      turns += 1;
      counting = setImmediate(count);
    };
    let counting = setImmediate(count);
    const url = await serve(
      createScrapes({
        contentType: 'text/plain',
        pieces: async function* () {
          for (let piece = 0; piece < 100; piece += 1) {
            madeAtTurn.push(turns);
            yield 'x';
          }
        },
      }),
    );
    expect(await read(url)).toBe('x'.repeat(100));
    clearImmediate(counting);
    expect(new Set(madeAtTurn).size).toBeGreaterThan(90);
  });

  it('that are not read hold as many pages as allowed, and the oldest gives way', async () => {
    const piece = 'x'.repeat(1_048_576);
    let made = 0;
    const url = await serve(
      createScrapes(
        {
          contentType: 'text/plain',
          pieces: async function* () {
            for (let count = 0; count < 16; count += 1) yield piece;
            made += 1;
          },
        },
        2,
      ),
    );
    const readers = [];
    for (let count = 1; count <= 4; count += 1) {
      const reader = await rawConnection(url);
      reader.socket.pause();
      reader.socket.write('GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n');
      readers.push(reader);
      await until(() => made === count);
    }
    expect((await read(url)).length).toBe(16 * piece.length);
    readers[0]?.socket.resume();
    await readers[0]?.closed;
    expect(readers[0]?.received().length).toBeLessThan(16 * piece.length);
    for (const { socket } of readers) socket.destroy();
  });

  it('are told of a page that cannot be made, and the next is made anew', async () => {
    let made = 0;
    const send = createScrapes({
      contentType: 'text/plain',
      pieces: async function* () {
        made += 1;
        if (made === 1) throw new Error('broken gauge');
        yield 'whole\n';
      },
    });
    const failures: string[] = [];
    const url = await serve((response) =>
      send(response).catch((error) => {
        failures.push(String(error));
        response.writeHead(500).end();
      }),
    );
    expect((await fetch(url)).status).toBe(500);
    expect(await read(url)).toBe('whole\n');
    expect(failures).toEqual(['Error: broken gauge']);
  });
});
