import * as z from 'zod';
import { parseCpuMilli } from '../placement/quantity.ts';
import { metadata, name } from './kubernetes.ts';

/**
 * A HorizontalPodAutoscaler, as `kubectl get hpa -o json` prints it. Limits are those of
 * pkg/apis/autoscaling/validation/validation.go. What the simulator can not do is an error, not ignored: the
 * other metrics would have had a say in the replicas.
 */

const AVERAGE = 'a CPU quantity above 0, written like 150m or 0.15';
const PERCENT = 'a whole number from 1 to 2147483647';
const target = z.discriminatedUnion(
  'type',
  [
    z.looseObject({
      type: z.literal('Utilization'),
      averageUtilization: z.int(PERCENT).gte(1, PERCENT),
    }),
    z.looseObject({
      type: z.literal('AverageValue'),
      averageValue: z.union([z.string(), z.number()], AVERAGE).transform((value, context) => {
        const milli = parseCpuMilli(String(value));
        if (milli !== undefined && milli > 0) return milli;
        context.issues.push({ code: 'custom', message: AVERAGE, input: value });
        return z.NEVER;
      }),
    }),
  ],
  'a target whose type is Utilization or AverageValue',
);

const cpu = z.literal('cpu', 'cpu: the simulator knows no other resource');
const METRIC = 'a metric whose type is Resource or ContainerResource: the simulator knows CPU only';
const metric = z.discriminatedUnion(
  'type',
  [
    z.looseObject({
      type: z.literal('Resource'),
      resource: z.looseObject({ name: cpu, target }, 'name and target'),
    }),
    z.looseObject({
      type: z.literal('ContainerResource'),
      containerResource: z.looseObject(
        { name: cpu, container: z.string('the name of a container'), target },
        'name, container and target',
      ),
    }),
  ],
  METRIC,
);

const WINDOW = 'a whole number of seconds from 0 to 3600';
const PERIOD = 'a whole number of seconds from 1 to 1800';
const CHANGE = 'a whole number from 1 to 2147483647';
const POLICIES = 'at least one policy';
const TOLERANCE = 'a quantity of 0 or more, like 0.05 or 50m';

const rules = z.looseObject(
  {
    stabilizationWindowSeconds: z.int(WINDOW).gte(0, WINDOW).lte(3600, WINDOW).optional(),
    selectPolicy: z.enum(['Max', 'Min', 'Disabled'], 'Max, Min, Disabled').optional(),
    policies: z
      .array(
        z.looseObject(
          {
            type: z.enum(['Pods', 'Percent'], 'Pods, Percent'),
            value: z.int(CHANGE).gte(1, CHANGE).lte(2_147_483_647, CHANGE),
            periodSeconds: z.int(PERIOD).gte(1, PERIOD).lte(1800, PERIOD),
          },
          'a policy: type, value and periodSeconds',
        ),
        POLICIES,
      )
      .min(1, POLICIES)
      .optional(),
    tolerance: z
      .union([z.string(), z.number()], TOLERANCE)
      .transform((value, context) => {
        const milli = parseCpuMilli(String(value));
        if (milli !== undefined && milli >= 0) return ratioOf(milli);
        context.issues.push({ code: 'custom', message: TOLERANCE, input: value });
        return z.NEVER;
      })
      .optional(),
  },
  'scaling rules',
);

const BOUNDS = 'a whole number that is not below minReplicas';
const POSITIVE_REPLICAS = 'a whole number from 1 to 100000';
export const autoscalerObject = z
  .looseObject(
    {
      apiVersion: z.literal('autoscaling/v2', 'autoscaling/v2').optional(),
      metadata,
      spec: z
        .looseObject(
          {
            scaleTargetRef: z.looseObject(
              { kind: z.literal('Deployment', 'Deployment'), name },
              'what is scaled: kind and name',
            ),
            minReplicas: z
              .int(POSITIVE_REPLICAS)
              .gte(1, POSITIVE_REPLICAS)
              .lte(100_000, POSITIVE_REPLICAS)
              .optional(),
            maxReplicas: z.int(POSITIVE_REPLICAS).gte(1, POSITIVE_REPLICAS).lte(100_000, POSITIVE_REPLICAS),
            metrics: z.array(metric, 'a list of metrics').optional(),
            behavior: z
              .looseObject(
                { scaleUp: rules.optional(), scaleDown: rules.optional() },
                'scaleUp and scaleDown',
              )
              .optional(),
          },
          "a HorizontalPodAutoscaler's spec",
        )
        .refine(({ minReplicas = 0, maxReplicas }) => minReplicas <= maxReplicas, {
          message: BOUNDS,
          path: ['maxReplicas'],
        }),
    },
    'a HorizontalPodAutoscaler',
  )
  .describe('A HorizontalPodAutoscaler (autoscaling/v2) as `kubectl get hpa -o json` prints it.');

export type TraceAutoscaler = z.output<typeof autoscalerObject>;

/** Bit by bit as Quantity.AsApproximateFloat64 has it of the form that the API server stores: 50m is 50 * 0.001. */
function ratioOf(milli: number): number {
  return Number.isInteger(milli) ? milli * 0.001 : milli / 1000;
}
