import type { ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { printableJson } from '../text/printable.ts';

/** Rendered in one go: about a millisecond, so that a question that comes meanwhile hardly waits. */
const ITEMS_A_TURN = 25;

/** A document with one list, beside which there is a head. */
export interface JsonList<T> {
  readonly head: Readonly<Record<string, unknown>>;
  /** Of the list. */
  readonly key: string;
  readonly items: readonly T[];
  readonly render: (item: T) => unknown;
}

/**
 * Answers `{ ...head, [key]: [...] }`, rendering a few items at a turn of the event loop: a debug page of
 * thousands of nodes must not hold up a scheduler.
 */
export async function streamJsonList<T>(response: ServerResponse, list: JsonList<T>): Promise<void> {
  response.writeHead(200, { 'Content-Type': 'application/json; charset=utf-8' });
  try {
    await pipeline(Readable.from(pieces(list)), response);
  } catch {
    // The reader went away in the middle; there is nobody left to tell.
    response.destroy();
  }
}

async function* pieces<T>({ head, key, items, render }: JsonList<T>): AsyncGenerator<string> {
  const opening = JSON.stringify({ ...head, [key]: [] });
  yield opening.slice(0, -2);
  for (let from = 0; from < items.length; from += ITEMS_A_TURN) {
    const texts = items
      .slice(from, from + ITEMS_A_TURN)
      .map((item) => printableJson(JSON.stringify(render(item))));
    yield (from === 0 ? '' : ',') + texts.join(',');
    await nextTurn();
  }
  yield ']}';
}
