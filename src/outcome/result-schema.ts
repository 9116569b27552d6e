import * as z from 'zod';
import type { Decision } from '../placement/decision.ts';
import { POLICY_NAMES } from '../trace/policy-names.ts';
import { TRACE_API_VERSION } from '../trace/schema.ts';
import type { SimulationResult } from './result.ts';

/**
 * The shape of a result as a file: what `--output json` prints. Keys that it does not know are kept, so that
 * a result of a later version can be read as far as it is understood.
 */

const number = z.number('a number');
const optionalNumber = number.optional();
const text = z.string('a text');
const tier = z.enum(['edge', 'cloud'], 'edge, cloud');
const point = { atMs: number, milli: number };

const node = object({
  name: text,
  tier,
  allocatableMilli: number,
  thresholdMilli: optionalNumber,
  real: list(object({ fromMs: number, toMs: number, fromMilli: number, toMilli: number })),
  measured: list(object({ ...point, sampleEndMs: number, windowMs: number })),
  forecast: list(object(point)),
});

const attempt = object({
  atMs: number,
  result: z.enum(['assumed', 'unschedulable'], 'assumed, unschedulable'),
  decision: optionalNumber,
  scores: list(object({ node: text, total: number })),
  reasons: z.record(text, number),
});

const pod = object({
  uid: text,
  namespace: text,
  name: text,
  workload: text,
  node: text.optional(),
  tier: tier.optional(),
  createdAtMs: number,
  boundAtMs: optionalNumber,
  startedAtMs: optionalNumber,
  readyAtMs: optionalNumber,
  terminatingAtMs: optionalNumber,
  goneAtMs: optionalNumber,
  restarts: number,
  attempts: list(attempt),
});

const summary = {
  succeeded: number,
  failed: number,
  meanMs: number,
  p50Ms: number,
  p90Ms: number,
  p95Ms: number,
  p99Ms: number,
  maxMs: number,
};

const workload = object({
  workload: text,
  users: list(object({ atMs: number, users: number })),
  responses: list(object({ ...summary, fromMs: number, toMs: number, tier: tier.optional() })),
  summary: object(summary).optional(),
  unservedCpuSeconds: optionalNumber,
});

const autoscaler = object({
  autoscaler: text,
  workload: text,
  syncs: list(
    object({
      atMs: number,
      currentReplicas: number,
      desiredReplicas: number,
      utilizationPercent: optionalNumber,
      averageMilli: optionalNumber,
      conditions: z.record(text, text),
    }),
  ),
  events: list(
    object({
      atMs: number,
      type: z.enum(['Normal', 'Warning'], 'Normal, Warning'),
      reason: text,
      message: text,
    }),
  ),
});

const expectation = object({
  type: text,
  note: text.optional(),
  expected: text,
  held: z.boolean('true, false'),
  found: text,
  diverged: object({ atMs: number, what: text, decision: optionalNumber }).optional(),
});

/** Decisions are taken as they are: this program wrote them, and nothing is computed from them here. */
const decision = z.custom<Decision>((value) => typeof value === 'object' && value !== null, 'a decision');

export const resultFile = z.looseObject(
  {
    apiVersion: z.literal(TRACE_API_VERSION, TRACE_API_VERSION),
    kind: z.literal('SimulationResult', 'SimulationResult'),
    trace: object({ name: text, description: text.optional(), seed: number }),
    policy: z.enum(POLICY_NAMES, POLICY_NAMES.join(', ')).optional(),
    on: z.literal('cluster', 'cluster').optional(),
    clusterStartMs: optionalNumber,
    startMs: number,
    endMs: number,
    nodes: list(node),
    pods: list(pod),
    scalings: list(object({ atMs: number, workload: text, from: number, to: number })),
    decisions: list(decision),
    counts: list(object({ atMs: number, edge: number, cloud: number, pending: number })),
    workloads: list(workload),
    autoscalers: list(autoscaler),
    incidents: list(object({ atMs: number, what: text, object: text })),
    expectations: list(expectation),
    expectationsOfOtherPolicies: optionalNumber,
  },
  'a SimulationResult',
) satisfies z.ZodType<SimulationResult>;

function object<T extends z.core.$ZodLooseShape>(shape: T) {
  return z.looseObject(shape, `a mapping of ${Object.keys(shape).join(', ')}`);
}

function list<T extends z.ZodType>(item: T) {
  return z.array(item, 'a list');
}
