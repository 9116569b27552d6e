import type { Socket } from 'node:net';

/**
 * The connections of a listener. When there are too many, the one that asked the longest ago goes, and not the
 * newest: whoever fills the list with connections does not keep a scheduler out.
 */
export class Connections {
  readonly #max: number;
  /** By the peer's address, in the order in which they last asked or came. */
  readonly #sockets = new Map<string, Socket>();
  #lastAsked: Socket | undefined;

  constructor(max: number) {
    this.#max = max;
  }

  add(socket: Socket): void {
    const peer = peerOf(socket);
    this.#lastAsked = undefined;
    this.#sockets.set(peer, socket);
    socket.once('close', () => {
      if (this.#sockets.get(peer) === socket) this.#sockets.delete(peer);
    });
    if (this.#sockets.size <= this.#max) return;
    const [longestAgo] = this.#sockets.values();
    longestAgo?.destroy();
  }

  /** @param socket may be the TLS socket of a connection that was added before its handshake */
  asked(socket: Socket): void {
    // A scheduler asks one question after the other: as a rule it is the last already.
    if (socket === this.#lastAsked) return;
    this.#lastAsked = socket;
    const peer = peerOf(socket);
    const added = this.#sockets.get(peer);
    if (added === undefined) return;
    this.#sockets.delete(peer);
    this.#sockets.set(peer, added);
  }

  /** Also those in the middle of their TLS handshake, which Node's HTTP server knows nothing of. */
  closeAll(): void {
    for (const socket of this.#sockets.values()) socket.destroy();
  }

  /** Those that have never sent a byte, which Node takes for busy ones. */
  closeSilent(): void {
    for (const socket of this.#sockets.values()) if (socket.bytesRead === 0) socket.destroy();
  }
}

function peerOf({ remoteAddress, remotePort }: Socket): string {
  return `${remoteAddress} ${remotePort}`;
}
