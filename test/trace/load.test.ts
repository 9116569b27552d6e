import { describe, expect, it } from 'vitest';
import { checkTrace, formatTraceProblems } from '../../src/trace/read.ts';
import { type TraceDocument, traceDocument } from '../simulator/traces.ts';

const request = { cpuTime: '12ms' };
const users = (over: TraceDocument = {}): TraceDocument => ({
  type: 'virtualUsers',
  deployment: 'fn/web',
  stages: [{ duration: '1m', target: 20 }],
  request,
  ...over,
});
const arrivals = (over: TraceDocument = {}): TraceDocument => ({
  type: 'arrivals',
  deployment: 'fn/web',
  points: [{ at: '0s', perSecond: 7.5 }],
  request,
  ...over,
});
const demand = (over: TraceDocument = {}): TraceDocument => ({
  type: 'demand',
  deployment: 'fn/web',
  points: [{ at: '1h', cpu: '500m' }],
  ...over,
});

async function problemsOf(...load: readonly TraceDocument[]) {
  const read = await checkTrace(traceDocument({ load }));
  return read.ok ? '' : formatTraceProblems(read.problems);
}

describe('a load', () => {
  it('of requests has times in milliseconds and defaults filled in', async () => {
    const read = await checkTrace(traceDocument({ load: [users()] }));
    expect(read.ok && read.trace.load).toEqual([
      {
        type: 'virtualUsers',
        deployment: 'fn/web',
        start: 0,
        startUsers: 1,
        stages: [{ duration: 60_000, target: 20 }],
        gracefulRampDown: 30_000,
        thinkTime: 0,
        request: {
          cpuTime: 12,
          variation: 'fixed',
          parallelism: 1,
          wait: 0,
          waitJitter: 0,
          roundTrip: { edge: 0, cloud: 0 },
          concurrency: 0,
          timeout: 60_000,
          spread: 'random',
          retryAfter: 1000,
        },
      },
    ]);
  });

  it.each([
    { what: 'users', load: users() },
    { what: 'arrivals', load: arrivals({ spacing: 'even', between: 'step', repeat: '24h' }) },
    { what: 'a demand', load: demand({ repeat: '24h' }) },
  ])('of $what is valid', async ({ load }) => {
    expect(await problemsOf(load)).toBe('');
  });
});

describe('what is wrong with a load is said by path, what was found and what is allowed', () => {
  it.each<{ what: string; load: TraceDocument; says: string | RegExp }>([
    {
      what: 'no known type',
      load: { type: 'vus' },
      says: 'load[0].type: found "vus", allowed: a load whose type is recordedCpu, demand, virtualUsers or arrivals',
    },
    {
      what: 'a typo in a request',
      load: users({ request: { ...request, concurency: 4 } }),
      says: /^load\[0\]\.request\.concurency: found an unknown key, allowed: concurrency\? The keys here are cpuTime, /,
    },
    {
      what: 'a request that costs nothing',
      load: users({ request: { cpuTime: '1us' } }),
      says: 'load[0].request.cpuTime: found "1us", allowed: a duration of 10us or more, written like 250us, 12ms or 1.5s',
    },
    {
      what: 'a way of spreading that there is not',
      load: users({ request: { ...request, spread: 'sticky' } }),
      says: 'load[0].request.spread: found "sticky", allowed: random, roundRobin, leastConnections',
    },
    {
      what: 'no stage',
      load: users({ stages: [] }),
      says: 'load[0].stages: found [], allowed: at least one stage',
    },
    {
      what: 'half a user',
      load: users({ stages: [{ duration: '1m', target: 0.5 }] }),
      says: 'load[0].stages[0].target: found 0.5, allowed: a whole number from 0 to 100000',
    },
    {
      what: 'a negative rate',
      load: arrivals({ points: [{ at: '0s', perSecond: -1 }] }),
      says: 'load[0].points[0].perSecond: found -1, allowed: a number from 0 to 100000',
    },
    {
      what: 'a point after the period',
      load: demand({ repeat: '30m' }),
      says: /^load\[0\]: found .*, allowed: points within repeat$/,
    },
    {
      what: 'a Deployment that is not there',
      load: demand({ deployment: 'fn/wbe' }),
      says: 'load[0].deployment: found "fn/wbe", allowed: a Deployment of this trace: fn/web',
    },
  ])('$what', async ({ load, says }) => {
    if (typeof says === 'string') expect(await problemsOf(load)).toBe(says);
    else expect(await problemsOf(load)).toMatch(says);
  });

  it('two kinds of load for one Deployment', async () => {
    expect(await problemsOf(users(), demand())).toBe(
      'load[1].deployment: found "fn/web", allowed: one load for each Deployment, pod and node',
    );
  });
});
