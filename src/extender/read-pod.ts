import type { PodObject } from '../cluster/objects.ts';
import { ANNOTATION_PREFIX } from '../placement/annotations.ts';
import { done, isObject, isSet, pathBelow, problem, type Read, type Unread } from './guard.ts';
import { isName, notAName } from './limits.ts';

/** Checks what is kept of a pod, or said of it, so that both are as short as they should be. */
export function readPod(pod: unknown): Read<PodObject> {
  if (!isObject(pod)) return problem('Pod', pod, 'an object');
  const { metadata }: Unread<'metadata'> = pod;
  if (!isObject(metadata)) return problem('Pod.metadata', metadata, 'an object');
  const { name }: Unread<'name'> = metadata;
  if (!isNamed(pod)) return problem('Pod.metadata.name', name, 'a text that is not empty');
  // As it came, not copied: each pod has keys of its own, and V8 makes no quick work of copying those.
  return wrongIdentity(metadata) ?? wrongOwner(metadata) ?? wrongAnnotation(metadata) ?? done(pod);
}

type Metadata = Unread<'name' | 'namespace' | 'uid' | 'ownerReferences' | 'annotations'>;

/** It would be kept under a wrong identity otherwise. */
function wrongIdentity({ name, namespace, uid }: Metadata): Read<never> | undefined {
  if (!isName(name)) return notAName('Pod.metadata.name', name);
  if (isSet(namespace) && !isName(namespace)) return notAName('Pod.metadata.namespace', namespace);
  if (isSet(uid) && !isName(uid)) return notAName('Pod.metadata.uid', uid);
  return undefined;
}

/** The UID of an owner stands for the pod's workload. */
function wrongOwner({ ownerReferences }: Metadata): Read<never> | undefined {
  const owners: readonly (Unread<'uid'> | null)[] = Array.isArray(ownerReferences) ? ownerReferences : [];
  const wrong = owners.findIndex((owner) => isSet(owner?.uid) && !isName(owner?.uid));
  if (wrong < 0) return undefined;
  return notAName(`Pod.metadata.ownerReferences[${wrong}].uid`, owners[wrong]?.uid);
}

/** Of any length: placement cuts what it can't read. */
function wrongAnnotation({ annotations }: Metadata): Read<never> | undefined {
  if (!isObject(annotations)) return undefined;
  for (const name in annotations) {
    if (!name.startsWith(ANNOTATION_PREFIX) || typeof annotations[name] === 'string') continue;
    return problem(pathBelow('Pod.metadata.annotations', name), annotations[name], 'a text');
  }
  return undefined;
}

function isNamed(pod: Unread<'metadata'>): pod is { readonly metadata: { readonly name: string } } {
  const { name }: Unread<'name'> = isObject(pod.metadata) ? pod.metadata : {};
  return typeof name === 'string' && name !== '';
}
