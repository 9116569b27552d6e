import { setImmediate as nextTurn } from 'node:timers/promises';
import { type ApiObject, type Identity, identityOf, isApiObject, keyOf } from './api-object.ts';
import { errorText } from './failure.ts';

export interface CollectionHandlers<T> {
  /** May throw on an object that it cannot read: reported, and nothing else is lost. */
  readonly project: (object: ApiObject) => T;
  readonly seen: (record: T) => void;
  readonly gone: (identity: Identity) => void;
  readonly unreadable: (what: string, why: string) => void;
}

/**
 * Knows which objects there are, by name and uid, so that a list can tell which have gone and so that an
 * object that was deleted and made again under its name is told as gone first, then as new.
 */
export interface Collection {
  readonly seen: (object: unknown) => void;
  readonly gone: (object: unknown) => void;
  /** A list begins, again if it had begun: what it does not name has gone. */
  readonly beginList: () => void;
  /** Resolves once all that has gone was told of. */
  readonly endList: () => Promise<void>;
}

/**
 * A restored etcd may have lost most of what there was, and a pod's end takes the picture 7 µs: 45 000 at a
 * stretch would hold up a question of the scheduler for 300 ms.
 */
const GONE_A_TURN = 250;

export function createCollection<T>(handlers: CollectionHandlers<T>): Collection {
  const known = new Map<string, Identity>();
  let listed: Set<string> | undefined;

  function seen(object: unknown): void {
    if (!isApiObject(object)) {
      handlers.unreadable('an object', 'it has no metadata.name');
      return;
    }
    const identity = identityOf(object);
    const key = keyOf(identity);
    listed?.add(key);
    const before = known.get(key);
    if (before !== undefined && before.uid !== identity.uid) handlers.gone(before);
    known.set(key, identity);
    try {
      handlers.seen(handlers.project(object));
    } catch (error) {
      handlers.unreadable(key, errorText(error));
    }
  }

  function gone(object: unknown): void {
    if (!isApiObject(object)) return;
    const identity = identityOf(object);
    const key = keyOf(identity);
    // The word of a deletion may come after the one of its successor: after a list, or twice.
    if (known.get(key)?.uid !== identity.uid) return;
    known.delete(key);
    handlers.gone(identity);
  }

  async function endList(): Promise<void> {
    let goneCount = 0;
    for (const [key, identity] of known) {
      if (listed?.has(key) !== false) continue;
      if (goneCount > 0 && goneCount % GONE_A_TURN === 0) await nextTurn();
      known.delete(key);
      handlers.gone(identity);
      goneCount += 1;
    }
    listed = undefined;
  }

  return {
    seen,
    gone,
    beginList: () => {
      listed = new Set();
    },
    endList,
  };
}
