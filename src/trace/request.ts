import type * as z from 'zod';
import { describe, numberFrom, oneOf, section } from '../reading/fields.ts';
import { count, positiveSpan, span } from './fields.ts';

const MIN_CPU_TIME = 'a duration of 10us or more, written like 250us, 12ms or 1.5s';

/**
 * What it takes to answer a request. It takes some CPU always: a request that took no time would be followed
 * by the next one for ever.
 */
export const request = section(
  {
    cpuTime: describe(
      positiveSpan('').refine((ms) => ms >= 0.01, MIN_CPU_TIME),
      'The CPU that it costs, as time on one whole core.',
      MIN_CPU_TIME,
    ),
    variation: oneOf(
      ['fixed', 'uniform', 'exponential'],
      'How cpuTime is drawn for each request. fixed: the same for all; uniform: from half to one and a half of it; exponential: with it as the mean.',
    ).prefault('fixed'),
    parallelism: numberFrom(0.001, 256, 'How many cores work on one request at most.').prefault(1),
    wait: span(
      'What the pod then waits for that is not CPU: a disk, another service. It counts towards concurrency.',
    ).prefault('0s'),
    waitJitter: span('Up to so much more, drawn for each request.').prefault('0s'),
    roundTrip: section(
      {
        edge: span('To pods on edge nodes.').prefault('0s'),
        cloud: span('To pods on cloud nodes.').prefault('0s'),
      },
      'The way to the pod and back, half of it each.',
    ).prefault({}),
    concurrency: count(
      'How many requests a pod works on at once; the others wait in it, first come, first served. 0: any number.',
    ).prefault(0),
    timeout: positiveSpan(
      'A request that is not answered within it has failed. The pod goes on with what it had begun.',
    ).prefault('60s'),
    spread: oneOf(
      ['random', 'roundRobin', 'leastConnections'],
      'Which ready pod gets a request: a random one (kube-proxy with iptables), one after the other (IPVS rr), or the one with the fewest unanswered (IPVS lc).',
    ).prefault('random'),
    retryAfter: positiveSpan(
      'Without a ready pod a request fails at once; a user tries again after so long.',
    ).prefault('1s'),
  },
  'What a request takes.',
);

export type RequestSpec = z.output<typeof request>;
