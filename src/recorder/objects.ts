import type { NodeObject, ObjectMeta, PodObject, PodSpecObject } from '../picture/objects.ts';

/** The parts of Kubernetes' objects that a recording reads beside those that the picture of the cluster does. */

export type JsonObject = Readonly<Record<string, unknown>>;

export interface RecordedNode extends NodeObject {
  readonly status?:
    | (NonNullable<NodeObject['status']> & {
        /** `bootID` tells a node that was rebooted from one that was only out of reach. */
        readonly nodeInfo?: { readonly bootID?: string | undefined } | undefined;
      })
    | undefined;
}

export interface RecordedPod extends PodObject {
  readonly status?:
    | (NonNullable<PodObject['status']> & {
        readonly containerStatuses?:
          | readonly { readonly state?: { readonly running?: unknown } | undefined }[]
          | undefined;
      })
    | undefined;
}

export interface RecordedDeployment {
  readonly metadata: ObjectMeta;
  readonly spec?:
    | {
        readonly replicas?: number | undefined;
        readonly template?: { readonly spec?: PodSpecObject | undefined } | undefined;
      }
    | undefined;
}

export interface RecordedObject {
  readonly metadata: ObjectMeta;
}

/** `namespace/name`, as traces name Deployments and pods. */
export function keyOf({ namespace = 'default', name }: Pick<ObjectMeta, 'namespace' | 'name'>): string {
  return `${namespace}/${name}`;
}

export function isMapping(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The parts of `namespace/name`; undefined when it is not that. */
export function parseKey(key: string): { readonly namespace: string; readonly name: string } | undefined {
  const [namespace, name, more] = key.split('/');
  return namespace && name && more === undefined ? { namespace, name } : undefined;
}
