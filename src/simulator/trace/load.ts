import * as z from 'zod';
import { describe, oneOf, section } from '../../config/fields.ts';
import { cpu, exactlyOne, moment, nodeName, objectKey } from './fields.ts';

const point = section(
  { at: moment('The moment.'), cpu: cpu('What is used at that moment.') },
  'One point of a curve.',
);

const POINTS = 'at least one point, in the order of their times';
const TARGETS = ['deployment', 'pod', 'node'] as const;

const recordedCpu = section(
  {
    type: z.literal('recordedCpu'),
    deployment: objectKey('The CPU of this Deployment, all its pods together.').optional(),
    pod: objectKey('The CPU of this pod.').optional(),
    node: nodeName('The CPU of this node that no pod accounts for: kubelet, runtime, system.').optional(),
    split: oneOf(
      ['shared', 'each'],
      'Of a Deployment: its ready pods share the CPU equally, or each uses it. Default: shared.',
    ).optional(),
    between: oneOf(
      ['line', 'step'],
      'Between two points the CPU changes along a straight line, or keeps the value of the earlier one. Default: line.',
    ).optional(),
    points: describe(
      z
        .array(point, POINTS)
        .min(1, POINTS)
        .refine((points) => points.every(({ at }, index) => at >= (points[index - 1]?.at ?? 0)), POINTS),
      'The curve. Before its first point and after its last one the CPU stays what it is there.',
      POINTS,
    ),
  },
  'CPU as it was recorded.',
).refine((value) => exactlyOne(value, TARGETS), { message: `exactly one of ${TARGETS.join(', ')}` });

/** What makes pods use CPU. Replays have recorded CPU; other types drive a closed loop. */
export const load = z.discriminatedUnion('type', [recordedCpu], 'a load whose type is recordedCpu');

export type RecordedCpu = z.output<typeof recordedCpu>;
