import fc from 'fast-check';
import type { TraceDocument } from '../../traces.ts';
import { text, within } from './objects.ts';

/** Loads without what they are the load of. Times are within the first two minutes: no run is shorter by much. */

const times = fc
  .array(within(0, 120), { minLength: 1, maxLength: 5 })
  .map((seconds) => seconds.sort((left, right) => left - right));

function points(key: string, value: fc.Arbitrary<unknown>): fc.Arbitrary<readonly TraceDocument[]> {
  return fc
    .tuple(times, fc.array(value, { minLength: 5, maxLength: 5 }))
    .map(([ats, values]) => ats.map((at, index) => ({ at: `${at}s`, [key]: values[index] })));
}

const between = fc.constantFrom('line', 'step');
const cpuPoints = (maxMilli: number) => points('cpu', text('m', 0, maxMilli));

export const recordedCpu = fc.record({
  type: fc.constant('recordedCpu'),
  between,
  points: cpuPoints(600),
});

const ofDeployment = fc.oneof(
  fc.record({
    type: fc.constant('recordedCpu'),
    between,
    split: fc.constantFrom('shared', 'each'),
    points: cpuPoints(1500),
  }),
  fc.record(
    { type: fc.constant('demand'), between, repeat: text('s', 120, 150), points: cpuPoints(3000) },
    { requiredKeys: ['type', 'between', 'points'] },
  ),
);

/** Few and long requests: each is an event or more, and a run is to take some hundredths of a second. */
const request = fc.record(
  {
    cpuTime: text('ms', 20, 600),
    variation: fc.constantFrom('fixed', 'uniform', 'exponential'),
    parallelism: fc.constantFrom(0.5, 1, 2),
    wait: text('ms', 0, 200),
    waitJitter: text('ms', 0, 50),
    roundTrip: fc.record({ edge: text('ms', 0, 5), cloud: text('ms', 0, 80) }),
    concurrency: within(0, 3),
    timeout: text('s', 1, 10),
    spread: fc.constantFrom('random', 'roundRobin', 'leastConnections'),
    retryAfter: text('s', 1, 5),
  },
  { requiredKeys: ['cpuTime', 'timeout'] },
);

const ofRequests = fc.oneof(
  fc.record({
    type: fc.constant('virtualUsers'),
    start: text('s', 0, 30),
    startUsers: within(0, 3),
    stages: fc.array(fc.record({ duration: text('s', 0, 60), target: within(0, 6) }), {
      minLength: 1,
      maxLength: 3,
    }),
    gracefulRampDown: text('s', 0, 5),
    thinkTime: text('ms', 400, 3000),
    request,
  }),
  fc.record({
    type: fc.constant('arrivals'),
    between,
    spacing: fc.constantFrom('poisson', 'even'),
    points: points('perSecond', within(0, 4)),
    request,
  }),
);

export const workloadLoads: fc.Arbitrary<TraceDocument | undefined> = fc.oneof(
  { arbitrary: ofDeployment, weight: 4 },
  { arbitrary: ofRequests, weight: 2 },
  fc.constant(undefined),
);
