import type { IncomingMessage, ServerResponse } from 'node:http';
import type { BodyBudget, Place } from './body-budget.ts';

export type Body =
  | { readonly kind: 'whole'; readonly bytes: Buffer }
  /** `foundBytes`: as declared, or as many as had come when it was too much. */
  | { readonly kind: 'too-large'; readonly foundBytes: number }
  /** It had to give way to others before it was whole. */
  | { readonly kind: 'crowded-out' };

export interface BodyLimits {
  readonly maxBytes: number;
  readonly budget: BodyBudget;
}

const NOTHING = Buffer.alloc(0);
/** What Node reads from a connection at a time, and so what the shortest piece of a body may keep alive. */
const READ_BYTES = 65_536;

/**
 * Reads a request's body and calls back once; not at all when the client goes away before the end, since
 * nobody is there to answer then. No promise: another turn of the event loop can be measured. The answer is
 * expected within the callback: as long as a part of it waits for a slow reader, that counts too.
 */
export function readBody(
  request: IncomingMessage,
  response: ServerResponse,
  { maxBytes, budget }: BodyLimits,
  done: (body: Body) => void,
): void {
  request.on('error', ignore);
  const declaredBytes = Number(request.headers['content-length'] ?? 0);
  if (declaredBytes > maxBytes) {
    done({ kind: 'too-large', foundBytes: declaredBytes });
    return;
  }
  let reading = true;
  let collected: Collected = { buffer: NOTHING, usedBytes: 0 };
  let place: Place | undefined;
  function hold(bytes: number): void {
    if (place === undefined) {
      place = budget.enter(giveWay);
      // Comes whichever way it ends: answered, aborted or broken.
      response.once('close', place.leave);
    }
    place.holds(bytes);
  }
  function giveWay(): void {
    if (reading) end({ kind: 'crowded-out' });
    // It is answered, but the answer is not fetched.
    else response.destroy();
  }
  function end(body: Body): void {
    reading = false;
    collected = { buffer: NOTHING, usedBytes: 0 };
    done(body);
    const unsentBytes = response.writableLength;
    if (place !== undefined || unsentBytes > 0) hold(unsentBytes);
  }
  request.on('data', (chunk: Buffer) => {
    if (!reading) return;
    const foundBytes = collected.usedBytes + chunk.length;
    if (foundBytes > maxBytes) {
      end({ kind: 'too-large', foundBytes });
      return;
    }
    const before = collected.buffer;
    collected = append(collected, chunk, maxBytes);
    // Most bodies come whole and are gone in the same turn: those are not worth a place.
    const isWhole = foundBytes === declaredBytes;
    if (!isWhole && collected.buffer !== before) hold(Math.max(collected.buffer.length, READ_BYTES));
  });
  request.on('end', () => {
    if (!reading) return;
    const { buffer, usedBytes } = collected;
    end({ kind: 'whole', bytes: buffer.length === usedBytes ? buffer : buffer.subarray(0, usedBytes) });
  });
}

interface Collected {
  readonly buffer: Buffer;
  readonly usedBytes: number;
}

/**
 * A body that comes in one piece is taken as it is. Others are copied together, as a list of pieces would cost
 * what the sender likes: each keeps alive what it was read with, 64 KiB for a single byte.
 */
function append({ buffer, usedBytes }: Collected, chunk: Buffer, maxBytes: number): Collected {
  if (usedBytes === 0) return { buffer: chunk, usedBytes: chunk.length };
  const neededBytes = usedBytes + chunk.length;
  let target = buffer;
  if (neededBytes > buffer.length) {
    // Not as much as the request declares: that would let it hold memory for bytes that it never sends.
    target = Buffer.allocUnsafe(Math.min(maxBytes, Math.max(2 * READ_BYTES, 2 * neededBytes)));
    buffer.copy(target, 0, 0, usedBytes);
  }
  chunk.copy(target, usedBytes);
  return { buffer: target, usedBytes: neededBytes };
}

/** A connection that broke: without a listener Node would take it for a defect of ours. */
function ignore(): void {}
