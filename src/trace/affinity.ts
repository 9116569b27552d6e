import * as z from 'zod';

/** Where pods want to be: the parts of a pod's spec that only the scheduler reads. */

const texts = z.record(z.string(), z.string('a text'), 'a mapping of texts');
const values = z.array(z.string('a text'), 'a list of texts');
const key = z.string('a key');

const LABEL_OPERATORS = ['In', 'NotIn', 'Exists', 'DoesNotExist'] as const;
const NODE_OPERATORS = [...LABEL_OPERATORS, 'Gt', 'Lt'] as const;

const labelSelector = z.looseObject(
  {
    matchLabels: texts.optional(),
    matchExpressions: z
      .array(
        z.looseObject(
          {
            key,
            operator: z.enum(LABEL_OPERATORS, LABEL_OPERATORS.join(', ')),
            values: values.optional(),
          },
          'a requirement of labels',
        ),
        'a list of requirements',
      )
      .optional(),
  },
  'a label selector',
);

const nodeRequirements = z.array(
  z.looseObject(
    { key, operator: z.enum(NODE_OPERATORS, NODE_OPERATORS.join(', ')), values: values.optional() },
    'a requirement of a node',
  ),
  'a list of requirements',
);

const nodeSelectorTerm = z.looseObject(
  { matchExpressions: nodeRequirements.optional(), matchFields: nodeRequirements.optional() },
  'a node selector term',
);

const WEIGHT = 'a whole number from 1 to 100';
const weight = z.int(WEIGHT).gte(1, WEIGHT).lte(100, WEIGHT);

const nodeAffinity = z.looseObject(
  {
    requiredDuringSchedulingIgnoredDuringExecution: z
      .looseObject(
        { nodeSelectorTerms: z.array(nodeSelectorTerm, 'a list of terms').min(1, 'at least one term') },
        'a node selector',
      )
      .optional(),
    preferredDuringSchedulingIgnoredDuringExecution: z
      .array(z.looseObject({ weight, preference: nodeSelectorTerm }, 'a preference'), 'a list of preferences')
      .optional(),
  },
  'a node affinity',
);

const TOPOLOGY_KEY = 'the key of a node label';
const topologyKey = z.string(TOPOLOGY_KEY).min(1, TOPOLOGY_KEY);

const podAffinityTerm = z.looseObject(
  {
    topologyKey,
    labelSelector: labelSelector.optional(),
    namespaces: values.optional(),
    namespaceSelector: labelSelector.optional(),
    matchLabelKeys: values.optional(),
    mismatchLabelKeys: values.optional(),
  },
  'a pod affinity term',
);

const podAffinity = z.looseObject(
  {
    requiredDuringSchedulingIgnoredDuringExecution: z.array(podAffinityTerm, 'a list of terms').optional(),
    preferredDuringSchedulingIgnoredDuringExecution: z
      .array(z.looseObject({ weight, podAffinityTerm }, 'a preference'), 'a list of preferences')
      .optional(),
  },
  'affinity to pods',
);

export const affinity = z.looseObject(
  {
    nodeAffinity: nodeAffinity.optional(),
    podAffinity: podAffinity.optional(),
    podAntiAffinity: podAffinity.optional(),
  },
  'an affinity',
);

const AT_LEAST_ONE = 'a whole number above 0';
const positive = z.int(AT_LEAST_ONE).gte(1, AT_LEAST_ONE);
const inclusion = z.enum(['Honor', 'Ignore'], 'Honor, Ignore');

export const topologySpreadConstraint = z.looseObject(
  {
    maxSkew: positive,
    topologyKey,
    whenUnsatisfiable: z.enum(['DoNotSchedule', 'ScheduleAnyway'], 'DoNotSchedule, ScheduleAnyway'),
    labelSelector: labelSelector.optional(),
    minDomains: positive.optional(),
    nodeAffinityPolicy: inclusion.optional(),
    nodeTaintsPolicy: inclusion.optional(),
    matchLabelKeys: values.optional(),
  },
  'a topology spread constraint',
);

export type TraceNodeSelectorTerm = z.output<typeof nodeSelectorTerm>;
export type TracePodAffinityTerm = z.output<typeof podAffinityTerm>;
export type TraceSpreadConstraint = z.output<typeof topologySpreadConstraint>;
