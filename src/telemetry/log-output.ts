import { setTimeout as after } from 'node:timers/promises';

/** A pipe takes so much whole or not at all (PIPE_BUF of Linux): what lies in it ends with the end of a line. */
const BATCH_BYTES = 4096;
/** So much in one turn of the event loop: a reader that comes back late must not hold up a question. */
const BATCHES_A_TURN = 16;
const RETRY_AFTER_MS = 20;
/** A pipe holds 64 KiB: the whole buffer goes through it in a fifth of a second, where the reader keeps up. */
const RETRY_AT_THE_END_AFTER_MS = 2;

export interface LogOutputOptions {
  /** Takes what it can and says how many bytes; throws where it takes none. It never waits. */
  readonly write: (bytes: Buffer) => number;
  /** What is kept for a reader that is late; what comes beyond is dropped. */
  readonly maxBytes: number;
  /** The line that stands where lines are missing. */
  readonly notice: (dropped: number) => string;
}

interface Batch {
  text: string;
  bytes: number;
}

/**
 * Lines on their way to a reader that may be late, or gone. They come whole and in order. Beyond the bound the
 * newest are dropped, and go on being dropped until half of it is free again: so one notice stands for many.
 *
 * Whatever the reader's end says (full, gone, no space left) means the same here: not now. docs/adr/0006.
 */
export class LogOutput {
  readonly #options: LogOutputOptions;
  readonly #batches: Batch[] = [];
  /** The rest of the batch that is being written. */
  #head: Buffer = Buffer.alloc(0);
  #bytes = 0;
  #droppedLines = 0;
  /** Dropped since the last notice. */
  #unsaidLines = 0;
  #scheduled = false;

  constructor(options: LogOutputOptions) {
    this.#options = options;
  }

  /** Since the start. */
  get droppedLines(): number {
    return this.#droppedLines;
  }

  write(line: string): void {
    this.#sayWhatIsMissing();
    const bytes = Buffer.byteLength(line);
    if (this.#unsaidLines > 0 || this.#bytes + bytes > this.#options.maxBytes) {
      this.#droppedLines += 1;
      this.#unsaidLines += 1;
    } else {
      this.#append(line, bytes);
    }
    // Later: the lines of one turn go together, after the answer that they are about.
    if (!this.#scheduled) this.#schedule('now');
  }

  /** Returns when all is written, at the latest after this time. */
  async end(timeoutMs: number): Promise<void> {
    const endMs = performance.now() + timeoutMs;
    while (this.#writeOut() !== 'all' && performance.now() < endMs) await after(RETRY_AT_THE_END_AFTER_MS);
  }

  /** The same for a process that must not take another turn. */
  endBlocking(timeoutMs: number): void {
    const endMs = performance.now() + timeoutMs;
    const never = new Int32Array(new SharedArrayBuffer(4));
    while (this.#writeOut() !== 'all' && performance.now() < endMs) {
      Atomics.wait(never, 0, 0, RETRY_AT_THE_END_AFTER_MS);
    }
  }

  #append(line: string, bytes: number): void {
    const last = this.#batches.at(-1);
    if (last === undefined || last.bytes + bytes > BATCH_BYTES) {
      this.#batches.push({ text: line, bytes });
    } else {
      last.text += line;
      last.bytes += bytes;
    }
    this.#bytes += bytes;
  }

  #schedule(when: 'now' | 'later'): void {
    this.#scheduled = true;
    const turn = () => {
      this.#scheduled = false;
      const written = this.#writeOut(BATCHES_A_TURN);
      if (written !== 'all') this.#schedule(written === 'refused' ? 'later' : 'now');
    };
    if (when === 'now') setImmediate(turn);
    // A reader that never comes must not keep the process alive.
    else setTimeout(turn, RETRY_AFTER_MS).unref();
  }

  #writeOut(maxWrites = Number.POSITIVE_INFINITY): 'all' | 'some' | 'refused' {
    for (let writes = 0; writes < maxWrites; writes += 1) {
      this.#sayWhatIsMissing();
      if (this.#head.length === 0) this.#head = Buffer.from(this.#batches.shift()?.text ?? '');
      if (this.#head.length === 0) return 'all';
      const bytes = this.#write();
      if (bytes === 0) return 'refused';
      this.#head = this.#head.subarray(bytes);
      this.#bytes -= bytes;
    }
    return 'some';
  }

  #write(): number {
    try {
      return this.#options.write(this.#head);
    } catch {
      return 0;
    }
  }

  #sayWhatIsMissing(): void {
    if (this.#unsaidLines === 0 || this.#bytes > this.#options.maxBytes / 2) return;
    const line = this.#options.notice(this.#unsaidLines);
    this.#unsaidLines = 0;
    this.#append(line, Buffer.byteLength(line));
  }
}
