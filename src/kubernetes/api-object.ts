import type { ObjectMeta } from '../picture/objects.ts';

/** What every object of Kubernetes has, and all that must be there before its projection is tried. */
export interface ApiObject {
  readonly metadata: ObjectMeta;
}

export interface Identity {
  readonly uid: string;
  readonly name: string;
  readonly namespace: string | undefined;
}

export function isApiObject(value: unknown): value is ApiObject {
  if (!isRecord(value) || !isRecord(value['metadata'])) return false;
  return typeof value['metadata']['name'] === 'string';
}

export function identityOf({ metadata: { uid, name, namespace } }: ApiObject): Identity {
  return { uid: uid ?? keyOf({ name, namespace }), name, namespace };
}

/** What only one object of a kind can have at a time; its uid tells it from the one before. */
export function keyOf({ name, namespace }: Pick<Identity, 'name' | 'namespace'>): string {
  return namespace === undefined ? name : `${namespace}/${name}`;
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

/** A text field of an object's metadata (a list's too): undefined when it is not there, or empty. */
export function metadataText(value: unknown, field: string): string | undefined {
  if (!isRecord(value) || !isRecord(value['metadata'])) return undefined;
  const text = value['metadata'][field];
  return typeof text === 'string' && text !== '' ? text : undefined;
}
