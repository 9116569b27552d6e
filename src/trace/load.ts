import * as z from 'zod';
import { describe, numberFrom, oneOf, section } from '../reading/fields.ts';
import { count, cpu, exactlyOne, moment, nodeName, objectKey, positiveSpan, span } from './fields.ts';
import { request } from './request.ts';

const POINTS = 'at least one point, in the order of their times';
const TARGETS = ['deployment', 'pod', 'node'] as const;

const at = moment('The moment.');
const cpuPoint = section({ at, cpu: cpu('The CPU at that moment.') }, 'One point of a curve.');
const ratePoint = section(
  { at, perSecond: numberFrom(0, 100_000, 'Requests a second at that moment.') },
  'One point of a curve.',
);

const between = oneOf(
  ['line', 'step'],
  'Between two points the value changes along a straight line, or stays that of the earlier one. Default: line.',
).optional();
const repeat = positiveSpan('The curve begins anew after so long: 24h for the shape of a day.').optional();
const deployment = objectKey('The Deployment whose ready pods answer.');

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
    between,
    points: curve(cpuPoint),
  },
  'CPU as it was recorded.',
).refine((value) => exactlyOne(value, TARGETS), { message: `exactly one of ${TARGETS.join(', ')}` });

const demand = section(
  { type: z.literal('demand'), deployment, between, repeat, points: curve(cpuPoint) },
  'CPU that is asked of a Deployment, shared equally by its ready pods. What they do not get, for want of CPU, of quota or of a pod, is lost and counted.',
).refine(withinPeriod, { message: 'points within repeat' });

const stage = section(
  {
    duration: span('How long it takes ...'),
    target: count('... to come to so many users, along a straight line.'),
  },
  'A stage.',
);

const virtualUsers = section(
  {
    type: z.literal('virtualUsers'),
    deployment,
    start: moment('When the first users come.').prefault('0s'),
    startUsers: count('So many come then (startVUs of k6).').prefault(1),
    stages: describe(
      z.array(stage, 'a list of duration, target').min(1, 'at least one stage'),
      'How their number changes. After the last stage all of them leave.',
      'at least one stage of duration, target',
    ),
    gracefulRampDown: span('A user who leaves waits so long for the last answer, then breaks off.').prefault(
      '30s',
    ),
    thinkTime: span('Between an answer and the next request of the same user.').prefault('0s'),
    request,
  },
  'Users who each send the next request when the last was answered, as the executor ramping-vus of k6 does.',
);

const arrivals = section(
  {
    type: z.literal('arrivals'),
    deployment,
    between,
    repeat,
    spacing: oneOf(
      ['poisson', 'even'],
      'Whether requests come by chance, independent of each other, or in equal steps of the rate.',
    ).prefault('poisson'),
    points: curve(ratePoint),
    request,
  },
  'Requests that come at a rate, whether or not earlier ones were answered.',
).refine(withinPeriod, { message: 'points within repeat' });

/** What makes pods use CPU. Curves say how much; with requests it follows from the work. */
export const load = z.discriminatedUnion(
  'type',
  [recordedCpu, demand, virtualUsers, arrivals],
  'a load whose type is recordedCpu, demand, virtualUsers or arrivals',
);

function curve<T extends z.ZodType<{ at: number }>>(point: T) {
  return describe(
    z
      .array(point, POINTS)
      .min(1, POINTS)
      .refine((points) => points.every((one, index) => one.at >= (points[index - 1]?.at ?? 0)), POINTS),
    'The curve. Before its first point and after its last one the value stays what it is there.',
    POINTS,
  );
}

function withinPeriod({
  repeat: periodMs = Number.POSITIVE_INFINITY,
  points,
}: {
  readonly repeat?: number | undefined;
  readonly points: readonly { readonly at: number }[];
}): boolean {
  return points.every((point) => point.at <= periodMs);
}

export type Load = z.output<typeof load>;
export type LoadOf<T extends Load['type']> = Extract<Load, { type: T }>;
export type RecordedCpu = LoadOf<'recordedCpu'>;
/** A load that consists of requests. */
export type RequestLoad = LoadOf<'virtualUsers' | 'arrivals'>;
