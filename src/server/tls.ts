import type { Server } from 'node:https';
import { type Checked, checkTls, readTlsFiles, type TlsMaterial } from './certificates.ts';
import type { ServerObserver, TlsFiles } from './parts.ts';

/** A mounted Secret changes by a symbolic link, which file events miss; small reads do not matter. */
const LOOK_EVERY_MS = 10_000;

/**
 * Keeps TLS servers supplied with what their files hold: renewed certificates, and a renewed CA of the clients,
 * are taken into use without a restart. New connections see them.
 */
export class TlsReloader {
  readonly #files: TlsFiles;
  readonly #observer: ServerObserver;
  readonly #servers: Server[] = [];
  #inUse: TlsMaterial | undefined;
  /** What was said of the files last: it is not said again while they stay as they are. */
  #said = '';
  #timer: NodeJS.Timeout | undefined;

  constructor(files: TlsFiles, observer: ServerObserver) {
    this.#files = files;
    this.#observer = observer;
  }

  /** For the beginning. Throws when it can't be used: there is nothing else that could stay in use. */
  async load(): Promise<TlsMaterial> {
    const material = await readTlsFiles(this.#files);
    const checked = checkTls(material, this.#files, Date.now());
    if (!checked.ok) throw new Error(checked.problem);
    this.#use(material, checked);
    return material;
  }

  /** @param server made of what `load` gave */
  supply(server: Server): void {
    this.#servers.push(server);
  }

  start(everyMs: number = LOOK_EVERY_MS): void {
    this.#timer = setInterval(() => void this.look(), everyMs);
    this.#timer.unref();
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  /** What is empty, half written, of two halves (one file is written first) or expired leaves the old in use. */
  async look(): Promise<void> {
    try {
      const material = await readTlsFiles(this.#files);
      if (isSame(material, this.#inUse)) {
        this.#said = '';
        return;
      }
      const checked = checkTls(material, this.#files, Date.now());
      if (!checked.ok) {
        this.#refuse(checked.problem, `${checked.problem} ${JSON.stringify(material)}`);
        return;
      }
      for (const server of this.#servers) server.setSecureContext(material);
      this.#use(material, checked);
      this.#observer.log?.('info', 'TLS files taken into use', { ...this.#files });
    } catch (error) {
      this.#refuse(String(error), String(error));
    }
  }

  #use(material: TlsMaterial, { expiries }: Extract<Checked, { ok: true }>): void {
    this.#inUse = material;
    this.#said = '';
    this.#observer.certificateInUse?.('server', expiries.serverMs);
    if (expiries.clientCaMs !== undefined) {
      this.#observer.certificateInUse?.('client-ca', expiries.clientCaMs);
    }
  }

  #refuse(problem: string, what: string): void {
    if (what === this.#said) return;
    this.#said = what;
    this.#observer.certificateRefused?.();
    this.#observer.log?.('warn', 'TLS files not usable, the old ones stay in use', { problem });
  }
}

function isSame(left: TlsMaterial, right: TlsMaterial | undefined): boolean {
  return left.cert === right?.cert && left.key === right.key && left.ca === right.ca;
}
