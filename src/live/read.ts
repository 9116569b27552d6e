import * as z from 'zod';
import type { ConfigFile } from '../config/schema.ts';
import type { NodeObject, PodObject, ReplicaSetObject } from '../picture/objects.ts';
import { foundText, type PathKey, pathText, valueAt } from '../reading/problems.ts';
import type { ActOutcome } from '../rebalance/acts.ts';
import type { ServedMetrics } from '../simulator/model/world.ts';
import { type FeedBody, FORMAT, type StartBody } from './protocol.ts';

export type BodyRead<T> =
  | { readonly ok: true; readonly value: T }
  /** Every problem with its path, what was found, what is allowed. */
  | { readonly ok: false; readonly error: string };

const text = z.string('a text');
const time = z.number('a time in milliseconds');
const flag = z.boolean('true or false');

/** Of Kubernetes' objects only what they are known by: the rest is read as a real cluster's is. */
function objectWith<T>(key: 'name' | 'uid') {
  const isThat = (value: unknown) => typeof valueAt(value, ['metadata', key]) === 'string';
  return z.custom<T>(isThat, `an object with metadata.${key}`);
}

const metrics = z.custom<ServedMetrics>(
  (value) => Array.isArray(valueAt(value, ['nodes'])) && Array.isArray(valueAt(value, ['pods'])),
  'metrics with lists of nodes and pods',
);

const outcome = z.discriminatedUnion(
  'result',
  [
    z.object({ result: z.literal('done') }),
    z.object({ result: z.enum(['refused', 'failed'], 'refused or failed'), why: text }),
  ],
  'a result: done, refused or failed',
) satisfies z.ZodType<ActOutcome>;

const told = z.discriminatedUnion(
  'type',
  [
    z.object({ type: z.literal('nodeSeen'), atMs: time, node: objectWith<NodeObject>('name') }),
    z.object({ type: z.literal('nodeGone'), atMs: time, name: text }),
    z.object({ type: z.literal('podSeen'), atMs: time, pod: objectWith<PodObject>('name') }),
    z.object({ type: z.literal('podGone'), atMs: time, uid: text }),
    z.object({
      type: z.literal('replicaSetSeen'),
      atMs: time,
      replicaSet: objectWith<ReplicaSetObject>('uid'),
    }),
    z.object({ type: z.literal('replicaSetGone'), atMs: time, uid: text }),
    z.object({ type: z.literal('metricsRead'), atMs: time, metrics }),
    z.object({ type: z.literal('actEnded'), atMs: time, number: z.number('a number'), outcome }),
  ],
  'nodeSeen, nodeGone, podSeen, podGone, replicaSetSeen, replicaSetGone, metricsRead or actEnded',
);

const feedBody = z.object(
  { run: text, nowMs: time, told: z.array(told, 'a list'), forecasts: flag, ended: flag },
  'an object',
) satisfies z.ZodType<FeedBody>;

const startBody = z.object(
  {
    format: z.literal(FORMAT, FORMAT),
    configuration: z.custom<ConfigFile>((value) => valueAt(value, ['kind']) !== undefined, 'a configuration'),
    nowMs: time,
  },
  'an object',
) satisfies z.ZodType<StartBody>;

export function readFeed(body: unknown): BodyRead<FeedBody> {
  return read(feedBody, body);
}

export function readStart(body: unknown): BodyRead<StartBody> {
  return read(startBody, body);
}

function read<T>(schema: z.ZodType<T>, body: unknown): BodyRead<T> {
  const { data, error } = schema.safeParse(body);
  if (error === undefined) return { ok: true, value: data };
  const problems = error.issues.map(({ path, message }) => {
    const keys: readonly PathKey[] = path.map((key) => (typeof key === 'number' ? key : String(key)));
    return `${pathText(keys) || 'body'}: found ${foundText(valueAt(body, keys))}, allowed: ${message}`;
  });
  return { ok: false, error: problems.join('; ') };
}
