import type { JsonSchema } from '../config/json-schema.ts';
import { ANNOTATION_PREFIX } from '../placement/annotations.ts';
import { traceJsonSchema } from '../trace/json-schema.ts';
import { isMapping, type JsonObject } from './objects.ts';

/** The lists of a trace that hold Kubernetes' objects. */
type ObjectList = 'nodes' | 'pods' | 'deployments' | 'horizontalPodAutoscalers';

/** Gives an object with nothing but what a trace has a use for. */
export type Clean = (list: ObjectList, object: object) => JsonObject;

const KINDS = {
  nodes: { apiVersion: 'v1', kind: 'Node' },
  pods: { apiVersion: 'v1', kind: 'Pod' },
  deployments: { apiVersion: 'apps/v1', kind: 'Deployment' },
  horizontalPodAutoscalers: { apiVersion: 'autoscaling/v2', kind: 'HorizontalPodAutoscaler' },
} as const satisfies Record<ObjectList, JsonObject>;

/** They say who and when, not what: they would differ in two recordings of the same. */
const IDENTITY = ['uid', 'resourceVersion', 'creationTimestamp', 'deletionTimestamp', 'ownerReferences'];

/**
 * A trace is passed on: to a colleague, into a bug report. So an object keeps only the fields that the schema
 * of traces names, which are those that the simulator reads: no environment, no commands, no images, no
 * volumes. Of annotations those of Spillway are kept. An autoscaler's spec is kept whole: it says what is
 * measured, and nothing else.
 */
export function createCleaner(): Clean {
  const lists = traceJsonSchema().properties ?? {};
  return (list, object) => {
    const kept = keepNamed(lists[list]?.items, object);
    const { metadata, spec, status } = isMapping(kept) ? kept : {};
    const whole = list === 'horizontalPodAutoscalers' && 'spec' in object ? object.spec : spec;
    return {
      ...KINDS[list],
      metadata: cleanMetadata(metadata),
      spec: cleanTemplate(whole),
      ...(list === 'nodes' && { status: cleanStatus(status) }),
    };
  };
}

/** The properties that the schema names, all the way down. A mapping without names for its keys is data. */
function keepNamed(schema: JsonSchema | undefined, value: unknown): unknown {
  if (Array.isArray(value)) return value.map((item) => keepNamed(schema?.items, item));
  const properties = mappingSchema(schema)?.properties;
  if (properties === undefined || !isMapping(value)) return value;
  const entries = Object.keys(properties).flatMap((key) => {
    const kept = keepNamed(properties[key], value[key]);
    return kept === undefined || kept === null ? [] : [[key, kept] as const];
  });
  return Object.fromEntries(entries);
}

/** A field that may be null is a union in JSON Schema. */
function mappingSchema(schema: JsonSchema | undefined): JsonSchema | undefined {
  const variants = schema?.['anyOf'];
  if (!Array.isArray(variants)) return schema;
  return variants.find((variant: JsonSchema) => variant.properties !== undefined);
}

function cleanMetadata(metadata: unknown): unknown {
  if (!isMapping(metadata)) return metadata;
  const { annotations, ...rest } = metadata;
  const named = Object.entries(rest).filter(([key]) => !IDENTITY.includes(key));
  const own = Object.entries(isMapping(annotations) ? annotations : {}).filter(([key]) =>
    key.startsWith(ANNOTATION_PREFIX),
  );
  return {
    ...Object.fromEntries(named),
    ...(own.length > 0 && { annotations: Object.fromEntries(own) }),
  };
}

/** Of a node's conditions the one that decides whether it takes pods. */
function cleanStatus(status: unknown): unknown {
  if (!isMapping(status) || !Array.isArray(status['conditions'])) return status;
  const ready = status['conditions'].filter((condition) => condition.type === 'Ready');
  return { ...status, conditions: ready.map(({ type, status: is }) => ({ type, status: is })) };
}

/** A template has metadata of its own. */
function cleanTemplate(spec: unknown): unknown {
  if (!isMapping(spec) || !isMapping(spec['template'])) return spec;
  const { template } = spec;
  return { ...spec, template: { ...template, metadata: cleanMetadata(template['metadata'] ?? {}) } };
}
