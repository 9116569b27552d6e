import * as z from 'zod';
import { configFile } from '../config/schema.ts';
import { describe, section, wholeNumber } from '../reading/fields.ts';
import { autoscalerObject } from './autoscaler.ts';
import { autoscaling, kubelet, metricsServer, nodeController, scheduler } from './cluster.ts';
import { event } from './events.ts';
import { expectation } from './expectations.ts';
import { positiveSpan } from './fields.ts';
import { deploymentObject, nodeObject, podObject } from './kubernetes.ts';
import { load } from './load.ts';

export const TRACE_API_VERSION = 'simulate.spillway.dev/v1alpha1';
export const TRACE_KIND = 'ScaleTrace';

const VERSION = 'a Kubernetes version from 1.25 to 1.36, like "1.36"';
const MINOR = /^1\.(2[5-9]|3[0-6])$/;

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
    kubernetesVersion: describe(
      z.string(VERSION).regex(MINOR, VERSION).prefault('1.36'),
      'Where versions of Kubernetes differ, the cluster behaves as this one.',
      VERSION,
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
      .describe(
        'The autoscalers. One whose Deployment is scaled by an event is not asked: the trace replays what it did.',
      )
      .prefault([]),
    events: z.array(event, 'a list of events').describe('What happens.').prefault([]),
    load: z.array(load, 'a list of loads').describe('The CPU that is used.').prefault([]),
    metricsServer: metricsServer.prefault({}),
    kubelet: kubelet.prefault({}),
    nodeController: nodeController.prefault({}),
    autoscaling: autoscaling.prefault({}),
    scheduler: scheduler.prefault({}),
    expect: z.array(expectation, 'a list of expectations').describe('What must hold.').prefault([]),
  },
  `A trace for spillway simulate.`,
);

export type Trace = z.output<typeof traceFile>;
