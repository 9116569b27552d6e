import type { FakeObject } from './objects.ts';

export interface WatchEvent {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK' | 'ERROR';
  readonly object: object;
}

type Stored = WatchEvent & { readonly version: number };

/** One collection, as etcd and the watch cache keep it: what there is, and what has happened lately. */
export class FakeCollection {
  readonly kind: string;
  readonly #objects = new Map<string, FakeObject>();
  readonly #listeners = new Set<(event: WatchEvent) => void>();
  readonly #nextVersion: () => number;
  #history: Stored[] = [];
  #compactedVersion = 0;

  constructor(kind: string, nextVersion: () => number) {
    this.kind = kind;
    this.#nextVersion = nextVersion;
  }

  put(object: FakeObject): void {
    const key = keyOf(object.metadata);
    const before = this.#objects.get(key);
    // Another uid under the same name is another object: the old one must have been deleted.
    if (before !== undefined && before.metadata.uid !== object.metadata.uid) this.delete(before.metadata);
    const type = this.#objects.has(key) ? 'MODIFIED' : 'ADDED';
    const stored = this.#withVersion(object);
    this.#objects.set(key, stored.object);
    this.#tell({ type, ...stored });
  }

  delete(identity: { readonly name: string; readonly namespace?: string | undefined }): void {
    const key = keyOf(identity);
    const object = this.#objects.get(key);
    if (object === undefined) throw new Error(`the fake has no ${this.kind} ${key}`);
    this.#objects.delete(key);
    this.#tell({ type: 'DELETED', ...this.#withVersion(object) });
  }

  list(): readonly FakeObject[] {
    return Array.from(this.#objects.values());
  }

  /** Forgets what has happened: a watch from an earlier version gets 410. */
  compact(): void {
    this.#compactedVersion = this.#nextVersion();
    this.#history = [];
  }

  isCompacted(version: number): boolean {
    return version < this.#compactedVersion;
  }

  eventsSince(version: number): readonly WatchEvent[] {
    return this.#history.filter((event) => event.version > version);
  }

  listen(listener: (event: WatchEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Sends an event to all watches without anything having happened. */
  tellOnly(event: WatchEvent): void {
    for (const listener of this.#listeners) listener(event);
  }

  #withVersion(object: FakeObject): { readonly object: FakeObject; readonly version: number } {
    const version = this.#nextVersion();
    return {
      version,
      object: { ...object, metadata: { ...object.metadata, resourceVersion: String(version) } },
    };
  }

  #tell(event: Stored): void {
    this.#history.push(event);
    this.tellOnly({ type: event.type, object: event.object });
  }
}

function keyOf({
  name,
  namespace,
}: {
  readonly name: string;
  readonly namespace?: string | undefined;
}): string {
  return `${namespace ?? ''}/${name}`;
}
