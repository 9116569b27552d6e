import { isRecord } from '../../kubernetes/api-object.ts';
import type { Connection } from '../../kubernetes/connection.ts';
import type { ApiFailure } from '../../kubernetes/failure.ts';
import { getJson } from '../../kubernetes/http-get.ts';
import { writeObject } from '../../kubernetes/write.ts';
import type { ClusterObject } from '../objects.ts';

const TIMEOUTS = { idleTimeoutMs: 10_000, totalTimeoutMs: 30_000 };
/** So many requests are under way at once. */
const PARALLEL = 16;

/** What went wrong with one request of a rehearsal, in words that name it. */
class RequestFailed extends Error {
  constructor(what: string, { message }: ApiFailure) {
    super(`${what}: ${message}`);
  }
}

/** One cluster, as far as a rehearsal changes and reads it. Failures are thrown: none of them can be gone on from. */
export interface RehearsalCluster {
  readonly create: (object: ClusterObject) => Promise<void>;
  readonly patch: (path: string, body: object) => Promise<void>;
  /** What is gone already is no failure. */
  readonly remove: (path: string) => Promise<void>;
  /** Items of a collection; undefined: the server does not have such a collection. */
  readonly list: (path: string, query?: Readonly<Record<string, string>>) => Promise<readonly Item[]>;
}

export interface Item {
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string | undefined;
    readonly annotations?: Readonly<Record<string, string>> | undefined;
    readonly labels?: Readonly<Record<string, string>> | undefined;
    readonly deletionTimestamp?: string | undefined;
  };
  readonly [key: string]: unknown;
}

/**
 * @param signal ends what is under way. Without one, what is being created has an end: it can be deleted then.
 */
export function createRehearsalCluster(
  connection: Connection,
  signal = new AbortController().signal,
): RehearsalCluster {
  const write = async (method: 'POST' | 'PATCH' | 'DELETE', path: string, body: object) => {
    const done = await writeObject(connection, { method, path, body, signal: AbortSignal.any([signal]) });
    if (done.ok || (method === 'DELETE' && done.failure.status === 404)) return;
    throw new RequestFailed(`${method} ${path}`, done.failure);
  };
  return {
    create: ({ collection, body }) => write('POST', collection, body),
    patch: (path, body) => write('PATCH', path, body),
    remove: (path) => write('DELETE', path, { gracePeriodSeconds: 0, propagationPolicy: 'Background' }),
    list: async (path, query) => {
      const listed = await getJson(connection, {
        path,
        query,
        signal: AbortSignal.any([signal]),
        ...TIMEOUTS,
      });
      if (!listed.ok) throw new RequestFailed(`GET ${path}`, listed.failure);
      const items = isRecord(listed.value) ? listed.value['items'] : undefined;
      return Array.isArray(items) ? items : [];
    },
  };
}

/** All at once, but for so many at a time; the first failure is thrown after the others have ended. */
export async function inParallel<T>(items: readonly T[], act: (item: T) => Promise<void>): Promise<void> {
  const left = [...items];
  const failures: unknown[] = [];
  const worker = async () => {
    for (let item = left.shift(); item !== undefined; item = left.shift()) {
      await act(item).catch((error: unknown) => failures.push(error));
    }
  };
  await Promise.all(Array.from({ length: PARALLEL }, worker));
  if (failures.length > 0) throw failures[0];
}
