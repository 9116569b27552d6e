import type { PodObject } from '../picture/objects.ts';
import { ANNOTATION_PREFIX } from '../placement/annotations.ts';
import { done, isObject, isSet, pathBelow, problem, type Read, type Unread } from './guard.ts';
import { isName, notAName } from './limits.ts';
import { misshapen, type Shape } from './shape.ts';

/** Checks what is kept of a pod, or said of it, so that both are as short as they should be. */
export function readPod(pod: unknown): Read<PodObject> {
  if (!isObject(pod)) return problem('Pod', pod, 'an object');
  const { metadata }: Unread<'metadata'> = pod;
  if (!isObject(metadata)) return problem('Pod.metadata', metadata, 'an object');
  const { name }: Unread<'name'> = metadata;
  if (!isNamed(pod)) return problem('Pod.metadata.name', name, 'a text that is not empty');
  // As it came, not copied: each pod has keys of its own, and V8 makes no quick work of copying those.
  return wrongIdentity(metadata) ?? misshapen(pod, POD, 'Pod') ?? wrongAnnotation(metadata) ?? done(pod);
}

const REQUESTS = { requests: 'quantities', limits: 'quantities' } as const;
const CONTAINERS = [{ restartPolicy: 'text', resources: REQUESTS }] as const;

/** What `projectPod` reads. The UID of an owner stands for the pod's workload, so it is a name as well. */
const POD = {
  metadata: {
    labels: 'map',
    annotations: 'map',
    ownerReferences: [{ kind: 'text', uid: 'name', controller: 'flag' }],
  },
  spec: {
    nodeName: 'name',
    priorityClassName: 'name',
    schedulerName: 'name',
    containers: CONTAINERS,
    initContainers: CONTAINERS,
    overhead: 'quantities',
    resources: REQUESTS,
  },
  status: {
    phase: 'text',
    startTime: 'text',
    nominatedNodeName: 'name',
    conditions: [{ type: 'text', status: 'text', lastTransitionTime: 'text' }],
  },
} as const satisfies Shape;

type Metadata = Unread<'name' | 'namespace' | 'uid' | 'annotations'>;

/** It would be kept under a wrong identity otherwise. */
function wrongIdentity({ name, namespace, uid }: Metadata): Read<never> | undefined {
  if (!isName(name)) return notAName('Pod.metadata.name', name);
  if (isSet(namespace) && !isName(namespace)) return notAName('Pod.metadata.namespace', namespace);
  if (isSet(uid) && !isName(uid)) return notAName('Pod.metadata.uid', uid);
  return undefined;
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
