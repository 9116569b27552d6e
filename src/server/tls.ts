import { readFile } from 'node:fs/promises';
import type { Server } from 'node:https';
import type { ServerObserver, TlsFiles } from './parts.ts';

/** A mounted Secret changes by a symbolic link, which file events miss; two small reads do not matter. */
const LOOK_EVERY_MS = 10_000;

export interface TlsPair {
  readonly cert: string;
  readonly key: string;
}

export async function readTlsPair({ certFile, keyFile }: TlsFiles): Promise<TlsPair> {
  const [cert, key] = await Promise.all([readFile(certFile, 'utf8'), readFile(keyFile, 'utf8')]);
  return { cert, key };
}

/** Takes a renewed certificate into use without a restart; new connections see it. */
export class TlsReloader {
  readonly #server: Server;
  readonly #files: TlsFiles;
  readonly #observer: ServerObserver;
  #tried: TlsPair;
  #timer: NodeJS.Timeout | undefined;

  constructor(server: Server, files: TlsFiles, inUse: TlsPair, observer: ServerObserver) {
    this.#server = server;
    this.#files = files;
    this.#tried = inUse;
    this.#observer = observer;
  }

  start(everyMs: number = LOOK_EVERY_MS): void {
    this.#timer = setInterval(() => void this.look(), everyMs);
    this.#timer.unref();
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  /** A pair that does not fit (one file is written before the other) leaves the old one in use. */
  async look(): Promise<void> {
    try {
      const pair = await readTlsPair(this.#files);
      if (pair.cert === this.#tried.cert && pair.key === this.#tried.key) return;
      this.#tried = pair;
      this.#server.setSecureContext(pair);
      this.#observer.log?.('info', 'TLS certificate renewed', { ...this.#files });
    } catch (error) {
      this.#observer.log?.('warn', 'TLS certificate not renewed', { ...this.#files, error: String(error) });
    }
  }
}
