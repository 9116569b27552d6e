/** What one request holds of a budget. */
export interface Place {
  /** So many bytes are held from now on. Others, or this one itself, may have to give way for it. */
  readonly holds: (bytes: number) => void;
  readonly leave: () => void;
}

interface Held {
  bytes: number;
  readonly giveWay: () => void;
}

/**
 * Bounds the memory of all requests together: bodies on their way in, answers that nobody fetches. When it is
 * full, the request that came first gives way and not the newest. A scheduler's question is here for
 * milliseconds, so what is old is slow, and who wants to push a question out has to fill the whole budget
 * in the time that the question takes. Were the newest refused, a few slow requests would close the door.
 */
export class BodyBudget {
  readonly #maxBytes: number;
  #heldBytes = 0;
  /** In the order in which they came. */
  readonly #places = new Set<Held>();

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  get heldBytes(): number {
    return this.#heldBytes;
  }

  /** @param giveWay called at most once; what was held counts as gone */
  enter(giveWay: () => void): Place {
    const held: Held = { bytes: 0, giveWay };
    this.#places.add(held);
    return {
      holds: (bytes) => this.#resize(held, bytes),
      leave: () => this.#remove(held),
    };
  }

  #resize(held: Held, bytes: number): void {
    if (!this.#places.has(held)) return;
    this.#heldBytes += bytes - held.bytes;
    held.bytes = bytes;
    for (const oldest of this.#places) {
      if (this.#heldBytes <= this.#maxBytes) return;
      if (oldest.bytes === 0) continue;
      this.#remove(oldest);
      oldest.giveWay();
    }
  }

  #remove(held: Held): void {
    if (!this.#places.delete(held)) return;
    this.#heldBytes -= held.bytes;
  }
}
