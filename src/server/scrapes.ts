import type { ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { MetricsPage } from './parts.ts';

/** So many pages wait in memory for readers who take their time. */
const MAX_PAGES = 4;

interface Page {
  readonly pieces: readonly Buffer[];
  readonly bytes: number;
  readonly readers: Set<ServerResponse>;
}

/**
 * Answers scrapes. One page is made at a time, piece by piece with the event loop let go in between, and all who
 * ask meanwhile get the same: however many ask, the scheduler's questions wait for a piece at most.
 */
export function createScrapes(
  metrics: MetricsPage,
  maxPages = MAX_PAGES,
): (response: ServerResponse) => Promise<void> {
  let inMaking: Promise<Page> | undefined;
  /** The oldest first. */
  const unsent = new Set<Page>();
  return async (response) => {
    inMaking ??= makePage(metrics).finally(() => {
      inMaking = undefined;
    });
    const page = await inMaking;
    if (response.destroyed) return;
    page.readers.add(response);
    unsent.add(page);
    response.once('close', () => {
      page.readers.delete(response);
      if (page.readers.size === 0) unsent.delete(page);
    });
    const [oldest] = unsent;
    // Who has not read a page by the time that so many more were made is not waiting for it.
    if (unsent.size > maxPages) for (const reader of oldest?.readers ?? []) reader.destroy();
    await send(page, metrics.contentType, response);
  };
}

async function makePage({ pieces }: MetricsPage): Promise<Page> {
  const made: Buffer[] = [];
  for await (const piece of pieces()) {
    made.push(Buffer.from(piece));
    await nextTurn();
  }
  return { pieces: made, bytes: made.reduce((sum, { length }) => sum + length, 0), readers: new Set() };
}

async function send({ pieces, bytes }: Page, contentType: string, response: ServerResponse): Promise<void> {
  response.writeHead(200, { 'Content-Type': contentType, 'Content-Length': bytes });
  try {
    await pipeline(Readable.from(inTurns(pieces)), response);
  } catch {
    // The reader went away, or had to.
    response.destroy();
  }
}

async function* inTurns(pieces: readonly Buffer[]): AsyncGenerator<Buffer> {
  for (const piece of pieces) {
    yield piece;
    await nextTurn();
  }
}
