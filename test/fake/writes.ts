import type { FakeObject } from './objects.ts';
import type { FakeCollection } from './store.ts';

export interface WriteAnswer {
  readonly status: number;
  readonly body: object;
}

type Json = Readonly<Record<string, unknown>>;

/**
 * Creates, changes (by a merge patch) or deletes an object, as the API server does it; nothing else happens: no
 * controller and no kubelet is there.
 *
 * @param identity of the object; its name is that of the body where one is created
 */
export function applyWrite(
  collection: FakeCollection,
  method: string,
  { name, namespace }: { readonly name: string; readonly namespace: string | undefined },
  body: Json,
): WriteAnswer {
  const found = collection
    .list()
    .find(({ metadata }) => metadata.name === name && metadata.namespace === namespace);
  if (method === 'POST') {
    if (found !== undefined) return refusal(409, `${collection.kind} "${name}" already exists`);
    const metadata = { ...(body['metadata'] as Json), namespace, uid: `uid-of-${name}` };
    const created = { kind: collection.kind, ...body, metadata } as unknown as FakeObject;
    collection.put(created);
    return { status: 201, body: created };
  }
  if (found === undefined) return refusal(404, `${collection.kind} "${name}" not found`);
  if (method === 'DELETE') {
    collection.delete(found.metadata);
    return { status: 200, body: { kind: 'Status', status: 'Success' } };
  }
  const changed = merged(found, body) as FakeObject;
  collection.put(changed);
  return { status: 200, body: changed };
}

export function refusal(code: number, message: string): WriteAnswer {
  return { status: code, body: { kind: 'Status', status: 'Failure', code, message } };
}

/** RFC 7396. */
function merged(target: unknown, patch: unknown): unknown {
  if (!isMapping(patch)) return patch;
  const result: Record<string, unknown> = isMapping(target) ? { ...target } : {};
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete result[key];
    else result[key] = merged(result[key], value);
  }
  return result;
}

function isMapping(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
