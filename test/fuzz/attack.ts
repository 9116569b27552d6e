import type { FakeObject } from '../fake/objects.ts';
import type { Draw } from '../fidelity/draw.ts';

export interface Piece {
  readonly bytes: Buffer;
  /** Sent so many times: megabytes of the same need no memory here. */
  readonly times: number;
}

/** How a connection ends. `hold`: it stays open, with nothing more to come. */
type Ending = 'read' | 'half-close' | 'reset' | 'hold';

/** Bytes on connections of their own. */
export interface WireAttack {
  readonly on: 'wire';
  readonly pieces: readonly Piece[];
  readonly pauseMs: number;
  /** So many connections at once, all the same. */
  readonly copies: number;
  readonly ending: Ending;
  readonly holdMs: number;
  /** So many answers are due on each; 0: whether one comes is the service's choice. */
  readonly due: number;
}

/** Pods as anybody may create them who may create pods; deleted again at once. */
interface PodsAttack {
  readonly on: 'api';
  readonly pods: readonly FakeObject[];
  /** What the scheduler then asks about them. */
  readonly questions: readonly WireAttack[];
}

export type Attack = WireAttack | PodsAttack;

export interface Family {
  readonly name: string;
  /** Of a thousand attacks, so many. */
  readonly weight: number;
  readonly make: (draw: Draw) => Attack;
}

export function wire(
  pieces: readonly (string | Buffer | Piece)[],
  over: Partial<WireAttack> = {},
): WireAttack {
  const asPiece = (piece: string | Buffer | Piece): Piece =>
    typeof piece === 'string' || Buffer.isBuffer(piece) ? { bytes: Buffer.from(piece), times: 1 } : piece;
  return {
    on: 'wire',
    pieces: pieces.map(asPiece),
    pauseMs: 0,
    copies: 1,
    ending: 'read',
    holdMs: 1500,
    due: 1,
    ...over,
  };
}

/** The head of a request. `Connection: close` says when the answer is over. */
export function head(start: string, headers: Readonly<Record<string, string | number>> = {}): string {
  const all = { Host: 'spillway', Connection: 'close', ...headers };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}`);
  return `${[`${start} HTTP/1.1`, ...lines].join('\r\n')}\r\n\r\n`;
}

export function post(path: string, body: string | Buffer, over: Partial<WireAttack> = {}): WireAttack {
  const bytes = Buffer.from(body);
  const headers = { 'Content-Type': 'application/json', 'Content-Length': bytes.length };
  return wire([head(`POST ${path}`, headers), bytes], over);
}

export function get(path: string, over: Partial<WireAttack> = {}): WireAttack {
  return wire([head(`GET ${path}`)], over);
}

export const VERB_PATHS = ['/filter', '/prioritize', '/preempt'] as const;
