import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Split } from './json-splitter.ts';

/**
 * A question of the scheduler may arrive at any moment and must not wait for a long list. So no more than
 * this is worked on at a stretch, and the event loop gets a turn after so long.
 */
const PIECE_BYTES = 32 * 1024;
const TURN_MS = 2;

/** The parts of a body as they become complete, a few at a time, letting others have their turn between. */
export async function* piecesOf(
  body: AsyncIterable<Buffer>,
  split: Split,
): AsyncGenerator<readonly string[]> {
  let turnStartMs = performance.now();
  for await (const chunk of body) {
    for (let at = 0; at < chunk.length; at += PIECE_BYTES) {
      const texts = split(chunk.subarray(at, at + PIECE_BYTES));
      if (texts.length > 0) yield texts;
      if (performance.now() - turnStartMs < TURN_MS) continue;
      await nextTurn();
      turnStartMs = performance.now();
    }
  }
}
