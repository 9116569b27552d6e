import { describe, expect, it, onTestFinished } from 'vitest';
import { type ApiResult, ok, statusFailure } from '../../src/kubernetes/failure.ts';
import { lookAtMetrics } from '../../src/kubernetes/metrics-look.ts';
import { MetricsPoller } from '../../src/kubernetes/metrics-poller.ts';
import type { MetricsReader } from '../../src/kubernetes/metrics-reader.ts';
import type { MetricsLook, NodeUsage, PodUsage } from '../../src/picture/records.ts';
import { until, virtualRuntime } from './harness.ts';

const SCRAPE_MS = 15_000;
const DOWN = statusFailure(503, '{"message":"metrics not available yet"}', undefined);

/** Nodes whose names are letters, all measured in this scrape: `scrape('ab', 1)`. */
function scrape(names: string, number: number, windowMs = SCRAPE_MS): readonly NodeUsage[] {
  return Array.from(names, (name) => ({ name, usageMilli: 100, timestampMs: number * SCRAPE_MS, windowMs }));
}

const PODS: readonly PodUsage[] = [
  { namespace: 'default', name: 'p', usageMilli: 50, timestampMs: SCRAPE_MS, windowMs: SCRAPE_MS },
];

/** Gives these answers one after the other, the last one for ever. */
function readerOf(
  nodes: readonly (readonly NodeUsage[] | 'down')[],
  pods: readonly (readonly PodUsage[] | 'down')[] = [PODS],
): MetricsReader & { readonly reads: readonly string[] } {
  const reads: string[] = [];
  const answer = <T>(kind: string, answers: readonly (T | 'down')[]): ApiResult<T> => {
    const index = reads.filter((read) => read === kind).length;
    reads.push(kind);
    const value = answers[Math.min(index, answers.length - 1)];
    return value === undefined || value === 'down' ? DOWN : ok(value);
  };
  return {
    reads,
    nodes: async () => answer('nodes', nodes),
    pods: async () => answer('pods', pods),
  };
}

const NEVER = new AbortController().signal;
const BEFORE = scrape('ab', 1);

describe('lookAtMetrics', () => {
  it.each<[string, readonly NodeUsage[] | undefined, ReturnType<typeof readerOf>, object]>([
    [
      'the first look',
      undefined,
      readerOf([scrape('ab', 1)]),
      { result: 'ok', look: { nodes: scrape('ab', 1), pods: PODS }, reads: 'nodes pods nodes' },
    ],
    ['the same scrape again', BEFORE, readerOf([scrape('ab', 1)]), { result: 'unchanged', reads: 'nodes' }],
    [
      'the same scrape in another order',
      BEFORE,
      readerOf([scrape('ba', 1)]),
      { result: 'unchanged', reads: 'nodes' },
    ],
    [
      'the next scrape',
      BEFORE,
      readerOf([scrape('ab', 2)]),
      { result: 'ok', look: { nodes: scrape('ab', 2), pods: PODS }, reads: 'nodes pods nodes' },
    ],
    [
      'a node that vanished',
      BEFORE,
      readerOf([scrape('a', 1)]),
      { result: 'ok', look: { nodes: scrape('a', 1), pods: PODS }, reads: 'nodes pods nodes' },
    ],
    [
      'a node that came',
      BEFORE,
      readerOf([scrape('abc', 1)]),
      { result: 'ok', look: { nodes: scrape('abc', 1) }, reads: 'nodes pods nodes' },
    ],
    [
      'one node for another',
      BEFORE,
      readerOf([scrape('ac', 1)]),
      { result: 'ok', look: { nodes: scrape('ac', 1) }, reads: 'nodes pods nodes' },
    ],
    [
      'all nodes that vanished',
      BEFORE,
      readerOf([[]]),
      { result: 'ok', look: { nodes: [], pods: PODS }, reads: 'nodes pods nodes' },
    ],
    [
      'only one node that advanced',
      BEFORE,
      readerOf([[...scrape('a', 1), ...scrape('b', 2)]]),
      { result: 'ok', reads: 'nodes pods nodes' },
    ],
    [
      'a scrape while pods were read',
      BEFORE,
      readerOf([scrape('ab', 2), scrape('ab', 3)]),
      { result: 'ok', look: { nodes: scrape('ab', 3), pods: PODS }, reads: 'nodes pods nodes pods nodes' },
    ],
    [
      'a node that vanished while pods were read',
      BEFORE,
      readerOf([scrape('ab', 2), scrape('a', 2)]),
      { result: 'ok', look: { nodes: scrape('a', 2), pods: PODS }, reads: 'nodes pods nodes pods nodes' },
    ],
    [
      'scrapes faster than reads',
      BEFORE,
      readerOf([scrape('ab', 2), scrape('ab', 3), scrape('ab', 4)]),
      {
        result: 'ok',
        look: { nodes: scrape('ab', 4), pods: undefined },
        reads: 'nodes pods nodes pods nodes',
      },
    ],
    [
      'a query whose time is that of the request',
      BEFORE,
      readerOf([scrape('ab', 2), scrape('ab', 2.02)]),
      { result: 'ok', look: { nodes: scrape('ab', 2.02), pods: PODS }, reads: 'nodes pods nodes' },
    ],
    [
      'a scrape, where windows are not told',
      BEFORE,
      readerOf([scrape('ab', 2, 0), scrape('ab', 2.02, 0)]),
      { result: 'ok', reads: 'nodes pods nodes pods nodes' },
    ],
    [
      'no pod metrics',
      BEFORE,
      readerOf([scrape('ab', 2)], ['down']),
      {
        result: 'ok',
        look: { nodes: scrape('ab', 2), pods: undefined },
        podsMissing: '503 Service Unavailable: metrics not available yet',
        reads: 'nodes pods',
      },
    ],
    [
      'no node metrics after the pods',
      BEFORE,
      readerOf([scrape('ab', 2), 'down']),
      { result: 'ok', look: { nodes: scrape('ab', 2), pods: undefined }, reads: 'nodes pods nodes' },
    ],
    [
      'no node metrics',
      BEFORE,
      readerOf(['down']),
      { result: 'failed', failure: { kind: 'status', status: 503 }, reads: 'nodes' },
    ],
  ])('%s', async (_name, before, reader, expected) => {
    const outcome = await lookAtMetrics(reader, before, NEVER);
    expect({ ...outcome, reads: reader.reads.join(' ') }).toMatchObject(expected);
  });
});

function poll(
  reader: MetricsReader,
  { random = 0.5, endMs = 60_000, sampleTaken = (_look: MetricsLook): void | Promise<void> => {} } = {},
) {
  const looks: MetricsLook[] = [];
  const results: string[] = [];
  const logged: string[] = [];
  const runtime = virtualRuntime(random, endMs);
  const poller = new MetricsPoller({
    reader,
    pollIntervalMs: 5000,
    sampleTaken: (look) => {
      looks.push(look);
      return sampleTaken(look);
    },
    observer: {
      metricsRead: (result) => results.push(result),
      log: (_level, message) => logged.push(message),
    },
    runtime,
  });
  onTestFinished(() => poller.stop());
  poller.start();
  const ended = () => until(() => expect(runtime.nowMs()).toBeGreaterThanOrEqual(endMs));
  return { poller, looks, results, logged, runtime, ended };
}

describe('MetricsPoller', () => {
  it('tells of each scrape once and polls at its interval', async () => {
    const one = scrape('ab', 1);
    const two = scrape('ab', 2);
    const { looks, results, poller, ended } = poll(readerOf([one, one, one, one, two]), { endMs: 30_000 });
    expect(poller.missing()).toBe('metrics not read yet');
    await ended();
    expect(looks.map(({ nodes }) => nodes)).toEqual([one, two]);
    expect(results).toEqual(['ok', 'unchanged', 'unchanged', 'ok', 'unchanged', 'unchanged']);
    expect(poller.missing()).toBeUndefined();
    expect(poller.problem()).toBeUndefined();
  });

  it('is not ready before the first sample is in the picture', async () => {
    let taken = () => {};
    const taking = new Promise<void>((resolve) => {
      taken = resolve;
    });
    const { looks, poller } = poll(readerOf([scrape('ab', 1)]), { sampleTaken: () => taking });
    await until(() => expect(looks).toHaveLength(1));
    expect(poller.missing()).toBe('metrics not read yet');
    taken();
    await until(() => expect(poller.missing()).toBeUndefined());
  });

  it('counts as having looked after three failures, and not before', async () => {
    const { poller, results, looks, logged, ended } = poll(readerOf(['down']), { endMs: 10_000 });
    await until(() => expect(results.length).toBeGreaterThan(0));
    const missing = results.map(() => poller.missing());
    if (results.length < 3)
      expect(missing[0]).toMatch(/^metrics not read yet: node metrics cannot be read: 503/);
    await ended();
    expect(results.length).toBeGreaterThanOrEqual(3);
    expect(poller.missing()).toBeUndefined();
    expect(poller.problem()).toBe(
      'node metrics cannot be read: 503 Service Unavailable: metrics not available yet',
    );
    expect(looks).toEqual([]);
    expect(logged).toHaveLength(1);
  });

  it('is not ready after one failure, and ready after the look that follows', async () => {
    const { poller, ended } = poll(readerOf(['down']), { endMs: 1 });
    await ended();
    expect(poller.missing()).toMatch(/^metrics not read yet: node metrics cannot be read: 503/);
    const recovering = poll(readerOf(['down', scrape('ab', 1)]), { endMs: 4000 });
    await recovering.ended();
    expect(recovering.poller.missing()).toBeUndefined();
    expect(recovering.logged).toEqual([
      'node metrics cannot be read: 503 Service Unavailable: metrics not available yet',
      'metrics can be read again',
    ]);
  });

  it.each([
    [0, 300],
    [0.9999, 8],
  ])(
    'waits between attempts on a server that is down (draws of %f), never more than 30 s',
    async (random, most) => {
      const { results, runtime, ended } = poll(readerOf(['down']), { random, endMs: 60_000 });
      await ended();
      expect(results.length).toBeLessThanOrEqual(most);
      expect(Math.max(...runtime.slept)).toBeLessThanOrEqual(30_000);
    },
  );

  it('says that pod metrics are missing, while nodes are told', async () => {
    const { poller, looks, ended } = poll(readerOf([scrape('ab', 1)], ['down']), { endMs: 1 });
    await ended();
    expect(looks).toEqual([{ nodes: scrape('ab', 1), pods: undefined }]);
    expect(poller.problem()).toMatch(/^pod metrics cannot be used: 503/);
    expect(poller.missing()).toBeUndefined();
  });

  it('goes on when what is done with a sample throws', async () => {
    const { looks, logged, ended } = poll(readerOf([scrape('a', 1), scrape('a', 1), scrape('a', 2)]), {
      sampleTaken: () => {
        throw new Error('a bug');
      },
    });
    await ended();
    expect(looks).toHaveLength(2);
    expect(logged).toContain('sample could not be taken');
  });
});
