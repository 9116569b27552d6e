import * as z from 'zod';
import { describe, oneOf, section } from '../reading/fields.ts';
import { count, cpu, exactlyOne, moment, nodeName, objectKey, positiveSpan, ratio, span } from './fields.ts';
import { POLICY_NAMES } from './policy-names.ts';

/**
 * What must hold of a run. A union by `type`: a new kind of expectation is one more entry here and one more
 * check in outcome/expect.
 */

const POLICIES = `${POLICY_NAMES.join(', ')}, or a list of them`;
const policy = z.enum(POLICY_NAMES, POLICIES);

/** What every expectation may have. */
const common = {
  note: describe(z.string('a text').optional(), 'What it stands for, shown in the report.', 'a text'),
  policy: describe(
    z.union([policy, z.array(policy).min(1)], POLICIES).optional(),
    'It is checked only in runs under this policy, or one of these. Absent: in every run.',
    POLICIES,
  ),
};
const workload = objectKey('Only pods of this Deployment. Absent: of all.').optional();
const exactly = count('So many.').optional();
const atLeast = count('So many or more.').optional();
const atMost = count('So many or fewer.').optional();
const BOUNDS = 'exactly, or atLeast, atMost or both';

type Bounds = { exactly?: number | undefined; atLeast?: number | undefined; atMost?: number | undefined };

function bounded({ exactly, atLeast, atMost }: Bounds): boolean {
  return exactly !== undefined
    ? atLeast === undefined && atMost === undefined
    : atLeast !== undefined || atMost !== undefined;
}

const DURATIONS = 'atLeast, atMost or both';
const QUANTILE = 'a number above 0, up to 1';

const TIERS = ['edge', 'cloud'] as const;
const AT = 'a time since the start like 90s, or end';

const pods = section(
  {
    type: z.literal('pods'),
    ...common,
    workload,
    tier: oneOf(TIERS, 'Only pods on nodes of this tier.').optional(),
    node: nodeName('Only pods on this node.').optional(),
    at: describe(
      z.union([z.literal('end'), moment('The moment.')], AT).optional(),
      'The moment. Absent, with from and to absent too: at the end.',
      AT,
    ),
    from: moment('From this moment on ...').optional(),
    to: moment('... up to this one, all the time. Absent: to the end.').optional(),
    exactly,
    atLeast,
    atMost,
  },
  'How many pods are bound (and not terminating) at a moment, or over a span of time.',
)
  .refine(bounded, { message: BOUNDS })
  .refine(({ at, from, to }) => at === undefined || (from === undefined && to === undefined), {
    message: 'a moment (at), or a span (from, to), not both',
    path: ['at'],
  });

const peakReplicas = section(
  { type: z.literal('peakReplicas'), ...common, workload, exactly, atLeast, atMost },
  'The most pods that existed at one time.',
).refine(bounded, { message: BOUNDS });

const PLACED_WHERE = 'a tier or a node, not both';
const placed = section(
  {
    type: z.literal('placed'),
    ...common,
    pod: objectKey('The pod: its Deployment, and its number: openfaas-fn/nodeinfo-3.'),
    tier: oneOf(TIERS, 'The tier that it must be bound on.').optional(),
    node: nodeName('The node that it must be bound to.').optional(),
  },
  'Where a pod goes.',
).refine((value) => exactlyOne(value, ['tier', 'node']), { message: PLACED_WHERE });

const edgeFirst = section(
  {
    type: z.literal('edgeFirst'),
    ...common,
    workload: objectKey('The Deployment.'),
    pods: count('Its first so many pods.'),
  },
  'The first pods of a workload go to the edge, and none to the cloud before the edge holds so many.',
);

const noCloudWhileEdgeFits = section(
  { type: z.literal('noCloudWhileEdgeFits'), ...common, workload },
  'No pod that prefers the edge goes to the cloud while an edge node among its candidates would stay at or below its threshold with it.',
);

const MEASURES = ['planned', 'measured', 'real'] as const;
const edgeBelowThreshold = section(
  {
    type: z.literal('edgeBelowThreshold'),
    ...common,
    of: describe(
      z
        .array(oneOf(MEASURES, 'A measure.'), 'a list of planned, measured, real')
        .min(1, 'at least one')
        .optional(),
      'planned: the forecast with the pod, each time one is placed. measured: what metrics-server served. real: the CPU used at each moment. Absent: all three.',
      'a list of planned, measured, real',
    ),
    toleranceCpu: cpu('So much above the threshold still holds.').optional(),
    toleranceTime: span('Being above it for so long at a time still holds; real CPU only.').optional(),
  },
  'No edge node is above its threshold.',
);

const pendingAtMost = section(
  {
    type: z.literal('pendingAtMost'),
    ...common,
    workload,
    duration: span('The longest time from the creation of a pod to its binding.'),
  },
  'No pod waits for a node for longer than this.',
);

const SIZES = 'at least one size, in the order of their times';
const sizes = section(
  {
    type: z.literal('sizes'),
    ...common,
    workload: objectKey('The Deployment.'),
    sizes: describe(
      z
        .array(
          section(
            { at: moment('When it was scaled.'), replicas: count('To so many replicas.') },
            'A change of the number of replicas.',
          ),
          SIZES,
        )
        .min(1, SIZES)
        .refine((list) => list.every(({ at }, index) => at >= (list[index - 1]?.at ?? 0)), SIZES),
      'Every change, as the events of its HorizontalPodAutoscaler recorded them.',
      SIZES,
    ),
    toleranceTime: span('Each may come so much earlier or later. Default: 0s.').optional(),
    toleranceReplicas: count('... and to so many more or fewer replicas. Default: 0.').optional(),
  },
  'The sizes that a Deployment was scaled to, one after the other, are those of a recorded run.',
);

const noFlapping = section(
  {
    type: z.literal('noFlapping'),
    ...common,
    workload,
    within: positiveSpan(
      'A change of direction counts when it comes so soon after the change before. Default: 5m.',
    ).optional(),
    atMost: count('So many changes of direction still hold. Default: 0.').optional(),
  },
  'A Deployment is not scaled up and soon down again, or down and soon up.',
);

const responseTime = section(
  {
    type: z.literal('responseTime'),
    ...common,
    workload: objectKey('The Deployment.'),
    tier: oneOf(TIERS, 'Only answers of pods on nodes of this tier.').optional(),
    quantile: describe(
      z.number(QUANTILE).gt(0, QUANTILE).lte(1, QUANTILE).optional(),
      'Which of the times, ordered from the shortest: 0.5 is the median, 1 the longest. Default: 0.95.',
      QUANTILE,
    ),
    from: moment('Answers from this moment on ...').optional(),
    to: moment('... up to this one. Absent: to the end.').optional(),
    atLeast: span('So long or longer.').optional(),
    atMost: span('So long or shorter.').optional(),
  },
  'How long requests take from being sent to being answered.',
).refine(bounded, { message: DURATIONS });

const failedRequests = section(
  {
    type: z.literal('failedRequests'),
    ...common,
    workload: objectKey('The Deployment.'),
    from: moment('Requests that end from this moment on ...').optional(),
    to: moment('... up to this one. Absent: to the end.').optional(),
    atMostRatio: ratio('So large a share of them may fail. Default: 0.').optional(),
  },
  'Requests that time out, or find no pod.',
);

export const expectation = z.discriminatedUnion(
  'type',
  [
    pods,
    peakReplicas,
    placed,
    edgeFirst,
    noCloudWhileEdgeFits,
    edgeBelowThreshold,
    pendingAtMost,
    sizes,
    noFlapping,
    responseTime,
    failedRequests,
  ],
  'an expectation whose type is pods, peakReplicas, placed, edgeFirst, noCloudWhileEdgeFits, edgeBelowThreshold, pendingAtMost, sizes, noFlapping, responseTime or failedRequests',
);

export type Expectation = z.output<typeof expectation>;
export type ExpectationOf<T extends Expectation['type']> = Extract<Expectation, { type: T }>;
