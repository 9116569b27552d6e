import { BodyError } from './failure.ts';

/** Turns the chunks of a body into the texts of its parts, each given out as soon as it is complete. */
export type Split = (chunk: Buffer) => readonly string[];

export interface ListSplitter {
  /** The texts of the items that this chunk completes, in order. Throws BodyError when a bound is passed. */
  readonly split: Split;
  /** All that stands around the items, parsed: `kind`, `metadata`. Throws when the body is not complete. */
  readonly end: () => unknown;
}

/** etcd refuses objects above 1.5 MiB; their JSON is not ten times as long. */
const MAX_ITEM_BYTES = 16 * 1024 * 1024;
/** What stands around the items is some hundred bytes; more is no list. */
const MAX_ENVELOPE_BYTES = 1024 * 1024;

const QUOTE = 0x22;
const COMMA = 0x2c;
const OPEN_BRACKET = 0x5b;
const BACKSLASH = 0x5c;
const CLOSE_BRACKET = 0x5d;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;

/** `{"items": [` is two levels deep. */
const ITEMS_DEPTH = 2;
/** The quote before `items` opens a key unless a backslash stands before it. */
const ITEMS_KEY = /(?:^|[^\\])"items"\s*:\s*$/;

/**
 * Cuts `{"kind": …, "items": [a, b, …], "metadata": …}` into its items without parsing them. It follows
 * depth and strings only, on bytes: in UTF-8 no byte of a longer character looks like a quote, a bracket
 * or a backslash, so a character, a string or an escape may be split between two chunks anywhere.
 */
export function createListSplitter(): ListSplitter {
  let depth = 0;
  let inString = false;
  let escaped = false;
  let inItems = false;
  const envelope = createCollector(MAX_ENVELOPE_BYTES, 'what stands around the items');
  const item = createCollector(MAX_ITEM_BYTES, 'one item');

  function split(chunk: Buffer): readonly string[] {
    const texts: string[] = [];
    const length = chunk.length;
    let start = 0;
    let at = 0;
    while (at < length) {
      if (inString) {
        at = afterString(chunk, at);
        continue;
      }
      switch (chunk[at++]) {
        case QUOTE:
          inString = true;
          break;
        case OPEN_BRACE:
          depth += 1;
          break;
        case CLOSE_BRACE:
          depth -= 1;
          break;
        case COMMA:
          start = afterComma(chunk, start, at, texts);
          break;
        case OPEN_BRACKET:
          start = afterOpenBracket(chunk, start, at);
          break;
        case CLOSE_BRACKET:
          start = afterCloseBracket(chunk, start, at, texts);
          break;
      }
    }
    (inItems ? item : envelope).add(chunk.subarray(start));
    return texts;
  }

  /** Where the string ends that was begun before, or the chunk. */
  function afterString(chunk: Buffer, from: number): number {
    const length = chunk.length;
    for (let at = from; at < length; at += 1) {
      const byte = chunk[at];
      if (escaped) escaped = false;
      else if (byte === BACKSLASH) escaped = true;
      else if (byte === QUOTE) {
        inString = false;
        return at + 1;
      }
    }
    return length;
  }

  // What follows takes the place behind the character, and gives back where what was not yet taken starts.

  function afterComma(chunk: Buffer, start: number, at: number, texts: string[]): number {
    if (!inItems || depth !== ITEMS_DEPTH) return start;
    texts.push(item.finish(chunk, start, at - 1));
    return at;
  }

  function afterOpenBracket(chunk: Buffer, start: number, at: number): number {
    depth += 1;
    if (inItems || depth !== ITEMS_DEPTH) return start;
    envelope.add(chunk.subarray(start, at));
    inItems = ITEMS_KEY.test(envelope.text().slice(0, -1));
    return at;
  }

  function afterCloseBracket(chunk: Buffer, start: number, at: number, texts: string[]): number {
    depth -= 1;
    if (!inItems || depth >= ITEMS_DEPTH) return start;
    const last = item.finish(chunk, start, at - 1);
    if (last.trim() !== '') texts.push(last);
    inItems = false;
    return at - 1;
  }

  function end(): unknown {
    if (depth !== 0 || inString) throw new BodyError('the list ends in the middle');
    return JSON.parse(envelope.text());
  }

  return { split, end };
}

const NEWLINE = 0x0a;

/** Cuts a watch's stream into its events, one a line. A last line without its end is not given out. */
export function createLineSplitter(): Split {
  const line = createCollector(MAX_ITEM_BYTES, 'one event');
  return (chunk) => {
    const texts: string[] = [];
    let start = 0;
    for (let end = chunk.indexOf(NEWLINE); end >= 0; end = chunk.indexOf(NEWLINE, start)) {
      const text = line.finish(chunk, start, end);
      if (text.trim() !== '') texts.push(text);
      start = end + 1;
    }
    line.add(chunk.subarray(start));
    return texts;
  };
}

interface Collector {
  readonly add: (bytes: Buffer) => void;
  readonly text: () => string;
  /** The text of what was added before and of this part of the chunk; then it is empty again. */
  readonly finish: (chunk: Buffer, start: number, end: number) => string;
}

function createCollector(maxBytes: number, what: string): Collector {
  let parts: Buffer[] = [];
  let byteCount = 0;

  function add(bytes: Buffer): void {
    if (bytes.length === 0) return;
    byteCount += bytes.length;
    if (byteCount > maxBytes) throw new BodyError(`${what} is longer than ${maxBytes} bytes`);
    parts.push(bytes);
  }

  function finish(chunk: Buffer, start: number, end: number): string {
    // Most parts lie within one chunk: no copy then.
    if (parts.length === 0) return chunk.toString('utf8', start, end);
    add(chunk.subarray(start, end));
    const text = Buffer.concat(parts).toString('utf8');
    parts = [];
    byteCount = 0;
    return text;
  }

  return { add, finish, text: () => Buffer.concat(parts).toString('utf8') };
}
