import type * as z from 'zod';
import { oneOf, section } from '../reading/fields.ts';
import { count, exactlyOne, moment, nodeName, objectKey } from './fields.ts';
import { nodeObject } from './kubernetes.ts';

const EVENT_KEYS = [
  'scale',
  'cordon',
  'uncordon',
  'join',
  'leave',
  'lose',
  'recover',
  'disconnect',
  'reconnect',
  'down',
  'up',
  'crash',
] as const;

const SERVICES = ['metrics-server', 'extender'] as const;

/** Something that happens to the cluster from outside. A new kind is one more key. */
export const event = section(
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
    join: nodeObject.describe('This Node joins the cluster, ready and empty.').optional(),
    leave: nodeName('The node is deleted, with its pods.').optional(),
    lose: nodeName('The machine is gone: its pods end, and its Lease is no longer renewed.').optional(),
    recover: nodeName('A lost machine is back.').optional(),
    disconnect: nodeName(
      'The node cannot reach the cluster, nor the cluster the node: its pods go on, its metrics and its Lease do not.',
    ).optional(),
    reconnect: nodeName('A disconnected node is reached again.').optional(),
    down: oneOf(SERVICES, 'It no longer answers.').optional(),
    up: oneOf(SERVICES, 'It answers again.').optional(),
    crash: objectKey(
      'A container of this pod ends and is started again by the kubelet. Nothing happens while the pod does not run, or on a node that is not reached.',
    ).optional(),
  },
  'An event.',
).refine((value) => exactlyOne(value, EVENT_KEYS), {
  message: `exactly one of ${EVENT_KEYS.join(', ')} beside at`,
});

export type TraceEvent = z.output<typeof event>;
