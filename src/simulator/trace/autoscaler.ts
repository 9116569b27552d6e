import * as z from 'zod';
import { metadata, name, REPLICAS } from './kubernetes.ts';

export const autoscalerObject = z
  .looseObject(
    {
      metadata,
      spec: z.looseObject(
        {
          scaleTargetRef: z.looseObject({ kind: z.string('a kind'), name }, 'what is scaled: kind and name'),
          minReplicas: z.int(REPLICAS).gte(0, REPLICAS).optional(),
          maxReplicas: z.int(REPLICAS).gte(1, REPLICAS),
          metrics: z.array(z.looseObject({ type: z.string('a type') }), 'a list of metrics').optional(),
        },
        "a HorizontalPodAutoscaler's spec",
      ),
    },
    'a HorizontalPodAutoscaler',
  )
  .describe('A HorizontalPodAutoscaler (autoscaling/v2) as `kubectl get hpa -o json` prints it.');

export type TraceAutoscaler = z.output<typeof autoscalerObject>;
