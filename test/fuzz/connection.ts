import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import type { WireAttack } from './attack.ts';

export interface Heard {
  readonly statuses: readonly number[];
  readonly bytes: number;
  /** The service had neither answered nor closed in time. */
  readonly left: boolean;
}

/** Well above what any answer should take: who waits longer waits in vain. */
const ANSWER_TIMEOUT_MS = 20_000;
/** In no body of ours: JSON has its line breaks escaped. */
const STATUS_LINE = /^HTTP\/1\.[01] (\d{3}) [\w' -]*\r\n/;
const VERSION = 'HTTP/1.';
/** As long as a status line can be, which may come in two chunks. */
const LINE_BYTES = 80;
const SWITCHING = 101;

/** Plays an attack on one connection: sends, hears, and ends as it says. */
export async function playConnection(port: number, attack: WireAttack): Promise<Heard> {
  const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true, noDelay: true });
  // One that stays open after its answer is of no more interest then.
  const answersOnly = attack.ending === 'hold' && attack.due > 0;
  const heard = listen(socket, answersOnly ? attack.due : Number.POSITIVE_INFINITY);
  const timeoutMs = attack.ending === 'hold' && !answersOnly ? attack.holdMs : ANSWER_TIMEOUT_MS;
  try {
    await send(socket, attack, heard);
    if (attack.ending === 'half-close') socket.end();
    if (attack.ending === 'reset') socket.resetAndDestroy();
    const left = !(await isOver(heard.over, timeoutMs));
    return { statuses: heard.statuses, bytes: heard.bytes, left };
  } finally {
    socket.destroy();
  }
}

interface Listening {
  readonly statuses: number[];
  bytes: number;
  isOver: boolean;
  readonly over: Promise<void>;
}

/** @param enough with so many answers it is over */
function listen(socket: Socket, enough: number): Listening {
  const { promise, resolve } = withResolver();
  const listening: Listening = { statuses: [], bytes: 0, isOver: false, over: promise };
  const end = () => {
    listening.isOver = true;
    resolve();
  };
  let unread: Buffer = Buffer.alloc(0);
  socket.on('data', (chunk: Buffer) => {
    listening.bytes += chunk.length;
    unread = takeStatuses(Buffer.concat([unread, chunk]), listening.statuses);
    if (listening.statuses.length >= enough) end();
  });
  // A reset is an end like another: what counts is what was heard before.
  for (const event of ['end', 'close', 'error']) socket.on(event, end);
  return listening;
}

async function send(socket: Socket, { pieces, pauseMs }: WireAttack, heard: Listening): Promise<void> {
  for (const { bytes, times } of pieces) {
    for (let count = 0; count < times && !heard.isOver; count += 1) {
      if (!socket.write(bytes)) await Promise.race([once(socket, 'drain').catch(ignore), heard.over]);
      if (pauseMs > 0) await delay(pauseMs);
    }
  }
}

async function isOver(over: Promise<void>, timeoutMs: number): Promise<boolean> {
  const timer = new AbortController();
  const late = delay(timeoutMs, false, { signal: timer.signal }).catch(() => false);
  const first = await Promise.race([over.then(() => true), late]);
  timer.abort();
  return first;
}

/** @returns what may be the beginning of a further one */
function takeStatuses(bytes: Buffer, into: number[]): Buffer {
  for (let at = bytes.indexOf(VERSION); at >= 0; at = bytes.indexOf(VERSION, at + 1)) {
    const rest = bytes.subarray(at, at + LINE_BYTES).toString('latin1');
    const status = Number(STATUS_LINE.exec(rest)?.[1] ?? 0);
    // 100 and 102 come before an answer and are none.
    if (status >= 200 || status === SWITCHING) into.push(status);
    else if (status === 0 && rest.length < LINE_BYTES && !rest.includes('\n')) return bytes.subarray(at);
  }
  return bytes.subarray(Math.max(0, bytes.length - VERSION.length + 1));
}

function withResolver(): { readonly promise: Promise<void>; readonly resolve: () => void } {
  let resolve = ignore;
  const promise = new Promise<void>((done) => {
    resolve = done;
  });
  return { promise, resolve };
}

function ignore(): void {}
