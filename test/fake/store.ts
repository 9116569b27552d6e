import type { FakeObject } from './objects.ts';

export interface WatchEvent {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK' | 'ERROR';
  readonly object: object;
}

type Stored = WatchEvent & { readonly version: number };

/** @param version of what happened; undefined: nothing has, the event is told all the same */
type Listener = (event: WatchEvent, version: number | undefined) => void;

/** What a collection is set back to. */
export type CollectionBackup = ReadonlyMap<string, FakeObject>;

/** One collection, as etcd and the watch cache keep it: what there is, and what has happened lately. */
export class FakeCollection {
  readonly kind: string;
  readonly #objects = new Map<string, FakeObject>();
  readonly #listeners = new Set<Listener>();
  readonly #nextVersion: () => number;
  readonly #write: (version: number) => string;
  #history: Stored[] = [];
  #compactedVersion = 0;

  constructor(kind: string, nextVersion: () => number, write: (version: number) => string) {
    this.kind = kind;
    this.#nextVersion = nextVersion;
    this.#write = write;
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

  backup(): CollectionBackup {
    return new Map(this.#objects);
  }

  /** As when etcd is restored: no watch is told, and what has happened since has not. */
  restore(backup: CollectionBackup, version: number): void {
    this.#objects.clear();
    for (const [key, object] of backup) this.#objects.set(key, object);
    this.#history = this.#history.filter((event) => event.version <= version);
  }

  listen(listener: Listener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Sends an event to all watches without anything having happened. */
  tellOnly(event: WatchEvent): void {
    for (const listener of this.#listeners) listener(event, undefined);
  }

  #withVersion(object: FakeObject): { readonly object: FakeObject; readonly version: number } {
    const version = this.#nextVersion();
    return {
      version,
      object: { ...object, metadata: { ...object.metadata, resourceVersion: this.#write(version) } },
    };
  }

  #tell(event: Stored): void {
    this.#history.push(event);
    const { type, object, version } = event;
    for (const listener of this.#listeners) listener({ type, object }, version);
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
