import * as z from 'zod';
import { parseCpuMilli } from '../placement/quantity.ts';
import { affinity, topologySpreadConstraint } from './affinity.ts';

/**
 * Kubernetes' own objects, as `kubectl get -o json` prints them. What the simulator reads is checked, and the
 * many other fields are let through: these objects are copied from clusters, not written by hand.
 */

const QUANTITY = 'a Kubernetes quantity like 130m, 2 or 4608Mi';
const quantity = z
  .union([z.string(), z.number()], QUANTITY)
  .transform(String)
  .refine((text) => parseCpuMilli(text) !== undefined, QUANTITY);
const quantities = z.record(z.string(), quantity, 'a mapping of resources to quantities');
const texts = z.record(z.string(), z.string('a text'), 'a mapping of texts');
const NAME = 'the name of the object';
export const name = z.string(NAME).min(1, NAME);

export const metadata = z.looseObject(
  {
    name,
    namespace: z.string('the name of a namespace').optional(),
    uid: z.string('a text').optional(),
    creationTimestamp: z.string('a time').nullish(),
    deletionTimestamp: z.string('a time').nullish(),
    resourceVersion: z.string('a text').optional(),
    labels: texts.optional(),
    annotations: texts.optional(),
    ownerReferences: z
      .array(
        z.looseObject({
          kind: z.string('a kind'),
          name: z.string('a name'),
          uid: z.string('a uid').optional(),
          controller: z.boolean('true or false').optional(),
        }),
        'a list of owners',
      )
      .optional(),
  },
  'metadata with a name',
);

const FROM_0 = 'a whole number from 0';
const FROM_1 = 'a whole number from 1';

const container = z.looseObject(
  {
    resources: z
      .looseObject(
        { requests: quantities.optional(), limits: quantities.optional() },
        'a mapping of requests and limits',
      )
      .optional(),
    name: z.string('a name').optional(),
    restartPolicy: z.string('a restart policy').optional(),
    readinessProbe: z
      .looseObject(
        {
          initialDelaySeconds: z.int(FROM_0).gte(0, FROM_0).optional(),
          periodSeconds: z.int(FROM_1).gte(1, FROM_1).optional(),
          successThreshold: z.int(FROM_1).gte(1, FROM_1).optional(),
        },
        'a probe',
      )
      .optional(),
  },
  'a container',
);

const TOLERATION_EFFECTS = ['NoSchedule', 'PreferNoSchedule', 'NoExecute', ''] as const;
const toleration = z.looseObject(
  {
    key: z.string("a taint's key").optional(),
    operator: z.enum(['Exists', 'Equal', 'Lt', 'Gt'], 'Exists, Equal, Lt, Gt').optional(),
    value: z.string("a taint's value").optional(),
    effect: z.enum(TOLERATION_EFFECTS, TOLERATION_EFFECTS.join(', ')).optional(),
    tolerationSeconds: z.int('a whole number of seconds').optional(),
  },
  'a toleration',
);

const podSpec = z.looseObject(
  {
    nodeName: z.string('the name of a node').optional(),
    nodeSelector: texts.optional(),
    schedulerName: z.string('the name of a scheduler').optional(),
    priorityClassName: z.string('the name of a priority class').optional(),
    priority: z.int('a whole number').optional(),
    containers: z.array(container, 'a list of containers').min(1, 'at least one container'),
    initContainers: z.array(container, 'a list of containers').optional(),
    overhead: quantities.optional(),
    resources: z.looseObject({ requests: quantities.optional() }, 'a mapping of requests').optional(),
    tolerations: z.array(toleration, 'a list of tolerations').optional(),
    affinity: affinity.optional(),
    topologySpreadConstraints: z
      .array(topologySpreadConstraint, 'a list of topology spread constraints')
      .optional(),
  },
  "a pod's spec",
);

const taint = z.looseObject(
  {
    key: z.string("a taint's key"),
    value: z.string("a taint's value").optional(),
    effect: z.enum(
      ['NoSchedule', 'PreferNoSchedule', 'NoExecute'],
      'NoSchedule, PreferNoSchedule, NoExecute',
    ),
  },
  'a taint',
);

const CONDITIONS = 'conditions, the one of type Ready among them';
const condition = z.looseObject(
  {
    type: z.string('a type'),
    status: z.string('a status'),
    lastTransitionTime: z.string('a time').nullish(),
  },
  'a condition',
);

export const nodeObject = z
  .looseObject(
    {
      metadata,
      spec: z
        .looseObject(
          {
            unschedulable: z.boolean('true or false').optional(),
            taints: z.array(taint, 'a list of taints').optional(),
          },
          "a node's spec",
        )
        .optional(),
      status: z.looseObject(
        {
          allocatable: quantities.refine((found) => found['cpu'] !== undefined, 'quantities, cpu among them'),
          conditions: z
            .array(condition, CONDITIONS)
            .refine((found) => found.some(({ type }) => type === 'Ready'), CONDITIONS),
        },
        "a node's status with allocatable and conditions",
      ),
    },
    'a Node',
  )
  .describe('A Node as `kubectl get node -o json` prints it.');

export const podObject = z
  .looseObject(
    {
      metadata,
      spec: podSpec.refine(({ nodeName }) => nodeName !== undefined && nodeName !== '', {
        message: 'the name of the node that it runs on: pods of a trace are there from the start',
        path: ['nodeName'],
      }),
    },
    'a Pod',
  )
  .describe('A Pod that runs from the start, as `kubectl get pod -o json` prints it.');

const REPLICAS = 'a whole number from 0 to 100000';
export const deploymentObject = z
  .looseObject(
    {
      metadata,
      spec: z.looseObject(
        {
          replicas: z.int(REPLICAS).gte(0, REPLICAS).lte(100_000, REPLICAS).optional(),
          template: z.looseObject(
            {
              metadata: z
                .looseObject(
                  { labels: texts.optional(), annotations: texts.optional() },
                  'labels and annotations',
                )
                .optional(),
              spec: podSpec,
            },
            'a pod template',
          ),
        },
        "a Deployment's spec with its template",
      ),
    },
    'a Deployment',
  )
  .describe('A Deployment as `kubectl get deployment -o json` prints it.');

export type TraceNode = z.output<typeof nodeObject>;
export type TracePod = z.output<typeof podObject>;
export type TraceDeployment = z.output<typeof deploymentObject>;
export type TracePodSpec = z.output<typeof podSpec>;
