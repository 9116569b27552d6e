import * as z from 'zod';
import { describe, oneOf, section, wholeNumber } from '../../config/fields.ts';
import { configFile } from '../../config/schema.ts';
import { expectation } from './expectations.ts';
import { count, cpu, exactlyOne, moment, nodeName, objectKey, positiveSpan, span } from './fields.ts';
import { autoscalerObject, deploymentObject, nodeObject, podObject } from './kubernetes.ts';

export const TRACE_API_VERSION = 'simulate.spillway.dev/v1alpha1';
export const TRACE_KIND = 'ScaleTrace';

const EVENT_KEYS = ['scale', 'cordon', 'uncordon'] as const;

/** Something that happens to the cluster from outside. A new kind is one more key. */
const event = section(
  {
    at: moment('When it happens.'),
    scale: section(
      {
        deployment: objectKey('The Deployment that is scaled.'),
        replicas: count('Its replicas from then on.'),
      },
      'The Deployment gets another number of replicas, as its HPA or a user would set it.',
    ).optional(),
    cordon: nodeName('The node is marked unschedulable.').optional(),
    uncordon: nodeName('The node is schedulable again.').optional(),
  },
  'An event.',
).refine((value) => exactlyOne(value, EVENT_KEYS), {
  message: `exactly one of ${EVENT_KEYS.join(', ')} beside at`,
});

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
const load = z.discriminatedUnion('type', [recordedCpu], 'a load whose type is recordedCpu');

const metricsServer = section(
  {
    resolution: positiveSpan('The time between two scrapes (--metric-resolution).').prefault('15s'),
    phase: span('The first scrape after the start; later ones follow by the resolution.').prefault('5s'),
    delay: span('How long after a scrape the API serves it.').prefault('1s'),
    freshContainers: oneOf(
      ['kubelet', 'kwok'],
      'When a fresh container is served. kubelet: at its first scrape, if it then ran for 10 s and less than the resolution, else at its second. kwok: at its second.',
    ).prefault('kubelet'),
    lost: describe(
      z
        .array(
          section(
            {
              node: nodeName('The node that can not be scraped.'),
              from: moment('From this moment on ...'),
              to: moment('... to before this one.'),
            },
            'Scrapes that fail.',
          ),
          'a list of node, from, to',
        )
        .prefault([]),
      'Scrapes that fail: the node loses its points and is served again after two good scrapes.',
      'a list of node, from, to',
    ),
  },
  'metrics-server.',
);

const kubelet = section(
  {
    startUp: span('From the binding of a pod to its containers running.').prefault('1s'),
    startUpJitter: span('Up to so much more, drawn for each pod.').prefault('0s'),
    readiness: span('From running to ready.').prefault('1s'),
    termination: span('From the deletion of a pod to its end.').prefault('2s'),
  },
  'How pods start and end on their node.',
);

const scheduler = section(
  {
    extender: oneOf(['spillway', 'none'], 'Whether the scheduler asks Spillway.').prefault('spillway'),
    extenderWeight: wholeNumber(1, 1000, "The extender's weight in the scheduler's configuration.").prefault(
      20,
    ),
    cycle: span('The time that one scheduling cycle takes.').prefault('2ms'),
    binding: span('From the decision to the pod being bound in the API: binding is asynchronous.').prefault(
      '15ms',
    ),
    watch: span('How long after a change the watches of the API server tell of it.').prefault('5ms'),
  },
  'kube-scheduler.',
);

export const traceFile = section(
  {
    $schema: z.string('the address of the schema').optional(),
    apiVersion: describe(
      z.literal(TRACE_API_VERSION, TRACE_API_VERSION),
      'The version of this format.',
      TRACE_API_VERSION,
    ),
    kind: describe(z.literal(TRACE_KIND, TRACE_KIND), 'What this document is.', TRACE_KIND),
    metadata: section(
      {
        name: describe(z.string('a text').min(1, 'a text'), 'The name of the trace.', 'a text'),
        description: describe(z.string('a text').optional(), 'What it shows.', 'a text'),
      },
      'What the trace is called.',
    ),
    seed: wholeNumber(0, 4_294_967_295, 'Everything drawn at random follows from it.').prefault(1),
    duration: positiveSpan('How long the run lasts.'),
    configuration: configFile
      .partial({ apiVersion: true, kind: true })
      .describe("Spillway's configuration, as its file has it; apiVersion and kind may be left out.")
      .prefault({}),
    nodes: z.array(nodeObject, 'a list of Nodes').min(1, 'at least one Node').describe('The nodes.'),
    pods: z.array(podObject, 'a list of Pods').describe('Pods that run from the start.').prefault([]),
    deployments: z
      .array(deploymentObject, 'a list of Deployments')
      .describe('The workloads. Their replicas are created at the start.')
      .prefault([]),
    horizontalPodAutoscalers: z
      .array(autoscalerObject, 'a list of HorizontalPodAutoscalers')
      .describe('The autoscalers. A replay does not ask them: its events say what they did.')
      .prefault([]),
    events: z.array(event, 'a list of events').describe('What happens.').prefault([]),
    load: z.array(load, 'a list of loads').describe('The CPU that is used.').prefault([]),
    metricsServer: metricsServer.prefault({}),
    kubelet: kubelet.prefault({}),
    scheduler: scheduler.prefault({}),
    expect: z.array(expectation, 'a list of expectations').describe('What must hold.').prefault([]),
  },
  `A trace for spillway simulate.`,
);

export type Trace = z.output<typeof traceFile>;
export type TraceEvent = z.output<typeof event>;
export type RecordedCpu = z.output<typeof recordedCpu>;
