import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, it } from 'vitest';
import { streamJsonList } from '../../src/server/stream-json.ts';
import { UNPRINTABLE } from '../text/unicode.ts';

const closing: (() => void)[] = [];
afterEach(() => {
  for (const close of closing.splice(0)) close();
});

/** Serves a list of so many numbers; tells what `streamJsonList` came to. */
async function serveList(
  count: number,
  render: (item: number) => unknown,
): Promise<{ url: string; done: () => Promise<void> | undefined }> {
  const items = Array.from({ length: count }, (_, index) => index);
  let streamed: Promise<void> | undefined;
  const server = createServer((_request, response) => {
    streamed = streamJsonList(response, { head: { atMs: 7 }, key: 'items', items, render });
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  closing.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, done: () => streamed };
}

it.each([0, 1, 25, 26, 1000])('writes a whole document of %d items', async (count) => {
  const { url } = await serveList(count, (item) => ({ item }));
  const items = Array.from({ length: count }, (_, item) => ({ item }));
  expect(await (await fetch(url)).json()).toEqual({ atMs: 7, items });
});

it('writes what names hold so that a terminal does not act upon it', async () => {
  const { url } = await serveList(1, () => ({ node: '\u009b2J\u202e\u2028' }));
  const text = await (await fetch(url)).text();
  expect(text).not.toMatch(UNPRINTABLE);
  expect(JSON.parse(text).items).toEqual([{ node: '\u009b2J\u202e\u2028' }]);
});

it('lets others have their turn after every few items', async () => {
  let turns = 0;
  const rendered: number[] = [];
  const { url } = await serveList(1000, (item) => {
    rendered.push(turns);
    return item;
  });
  let going = true;
  const count = () => {
    turns += 1;
    if (going) setImmediate(count);
  };
  setImmediate(count);
  await (await fetch(url)).text();
  going = false;
  // A turn of the counter may fall between two batches, so two of them can look like one.
  const mostInOneTurn = Math.max(
    ...rendered.map((turn) => rendered.filter((other) => other === turn).length),
  );
  expect(mostInOneTurn).toBeLessThanOrEqual(50);
});

it('ends quietly when its reader goes away', async () => {
  const { url, done } = await serveList(100_000, () => 'x'.repeat(1000));
  const leaving = new AbortController();
  const response = await fetch(url, { signal: leaving.signal });
  await response.body?.getReader().read();
  leaving.abort();
  await expect(done()).resolves.toBeUndefined();
});
