import { describe, expect, it } from 'vitest';
import { systemRuntime } from '../../src/kubernetes/runtime.ts';
import { podObject } from '../fake/objects.ts';
import { type Setup, SHORT_TIMINGS, setUp, until, virtualRuntime } from './harness.ts';
import { PODS_PATH, pagesAskedFor, watchCount, watchPods } from './watching.ts';

describe('Reflector, when the server fails', () => {
  it('goes on with a new watch after an ERROR event, without a new list', async () => {
    const setup = await setUp();
    const { server, known, restarts, logged } = watchPods(setup);
    await watchCount(setup, 1);
    server.pods.tellOnly({ type: 'ERROR', object: { kind: 'Status', code: 500, message: 'etcd is away' } });
    server.pods.put(podObject('one'));
    await until(() => expect(known.size).toBe(1));
    expect(restarts).toEqual(['refused']);
    expect(logged.join()).toContain('pods not watched: 500: etcd is away');
    expect(pagesAskedFor(setup)).toBe(1);
  });

  it('lists again when watches fail one after another without a 410', async () => {
    const setup = await setUp();
    setup.server.fail({ url: /watch=true/, how: 504, times: 5 });
    const { server } = watchPods(setup);
    await watchCount(setup, 6);
    expect(server.requestsOf(PODS_PATH, 'list')).toHaveLength(2);
  });

  it.each<[string, number, RegExp]>([
    ['not allowed', 403, /^pods not listed: 403 Forbidden: the fake was told to fail$/],
    ['not known', 404, /^pods not listed: 404 Not Found: /],
    ['without credentials', 401, /^pods not listed: 401 Unauthorized: /],
    ['overloaded', 429, /^pods not listed: 429 Too Many Requests: /],
    ['in trouble', 500, /^pods not listed: 500 Internal Server Error: /],
  ])('says what is wrong while it is %s, and works as soon as that ends', async (_name, how, text) => {
    const setup = await setUp();
    setup.server.pods.put(podObject('one'));
    const fault = setup.server.fail({ url: /pods/, how });
    const { reflector, known, logged } = watchPods(setup);
    await until(() => expect(setup.server.requests.length).toBeGreaterThan(4));
    expect(reflector.missing()).toMatch(text);
    expect(reflector.problem()).toMatch(text);
    expect(logged).toHaveLength(1);
    fault.end();
    await reflector.whenListed();
    expect(known.size).toBe(1);
    expect(reflector.missing()).toBeUndefined();
    expect(reflector.problem()).toBeUndefined();
  });

  it('stays ready when a watch is refused later, says so, and goes on when it is allowed', async () => {
    const setup = await setUp();
    const { reflector, known, server } = watchPods(setup);
    await watchCount(setup, 1);
    const fault = server.fail({ url: /pods/, how: 403 });
    server.resetConnections();
    await until(() => expect(reflector.problem()).toMatch(/^pods not (watched|listed): 403 Forbidden/));
    expect(reflector.missing()).toBeUndefined();
    server.pods.put(podObject('meanwhile'));
    fault.end();
    await until(() => expect(known.size).toBe(1));
    await until(() => expect(reflector.problem()).toBeUndefined());
  });

  it('finds the server again after a restart on the same port', async () => {
    const setup = await setUp();
    const { known, server, reflector } = watchPods(setup);
    await watchCount(setup, 1);
    await server.stop();
    await until(() => expect(reflector.problem()).toMatch(/ECONNREFUSED/));
    server.pods.put(podObject('meanwhile'));
    await server.start();
    await until(() => expect(known.size).toBe(1));
  });

  it('leaves a watch that is silently dead', async () => {
    const setup = await setUp();
    // Silent: its end after timeoutSeconds, which the server should tell, does not come either.
    setup.server.silentWatches = true;
    const { known, server, restarts } = watchPods(setup, { ...SHORT_TIMINGS, silenceMs: 100 });
    await watchCount(setup, 1);
    server.pods.put(podObject('one'));
    await until(() => expect(restarts).toContain('stalled'));
    server.silentWatches = false;
    await until(() => expect(known.size).toBe(1));
  });

  it('keeps a watch on which nothing but bookmarks come', async () => {
    const setup = await setUp();
    const { server, restarts } = watchPods(setup, { ...SHORT_TIMINGS, silenceMs: 200 });
    await watchCount(setup, 1);
    for (let count = 0; count < 10; count += 1) {
      server.bookmark(server.pods);
      await systemRuntime.sleep(40, new AbortController().signal);
    }
    expect(restarts).toEqual([]);
  });

  it.each<[string, number | 'hang' | 'reset', RegExp]>([
    ['never answers', 'hang', /nothing was received for 500 ms/],
    ['resets', 'reset', /ECONNRESET|socket hang up/],
  ])('gives up a list that %s, and tries again', async (_name, how, text) => {
    const setup = await setUp();
    const fault = setup.server.fail({ url: /pods/, how });
    const { reflector } = watchPods(setup);
    await until(() => expect(reflector.missing()).toMatch(text));
    fault.end();
    await reflector.whenListed();
  });

  it('gives up a list that comes too slowly as a whole', async () => {
    const setup = await setUp();
    for (let index = 0; index < 50; index += 1) setup.server.pods.put(podObject(`p${index}`));
    setup.server.chunkBytes = 20;
    const { reflector } = watchPods(setup, { ...SHORT_TIMINGS, listTotalTimeoutMs: 100 });
    await until(() => expect(reflector.missing()).toMatch(/not finished within 100 ms/));
    setup.server.chunkBytes = undefined;
    await reflector.whenListed();
  });

  it.each<[string, number, number, (setup: Setup) => void]>([
    ['every list fails', 0.5, 20, ({ server }) => void server.fail({ url: /pods/, how: 500 })],
    ['every watch fails', 0.5, 20, ({ server }) => void server.fail({ url: /watch=true/, how: 500 })],
    ['every watch is expired', 0.5, 30, ({ server }) => void server.fail({ url: /watch=true/, how: 410 })],
    [
      'every list fails, with unlucky draws',
      0,
      600,
      ({ server }) => void server.fail({ url: /pods/, how: 500 }),
    ],
  ])('asks rarely in a minute in which %s', async (_name, random, mostRequests, breakIt) => {
    const setup = await setUp();
    breakIt(setup);
    const runtime = virtualRuntime(random, 60_000);
    const timings = { ...SHORT_TIMINGS, backOff: { baseMs: 500, maxMs: 30_000 } };
    watchPods(setup, timings, runtime);
    await until(() => expect(runtime.nowMs()).toBeGreaterThanOrEqual(60_000));
    expect(setup.server.requests.length).toBeLessThanOrEqual(mostRequests);
    expect(setup.server.requests.length).toBeGreaterThan(5);
  });

  it('waits as long as the server says', async () => {
    const setup = await setUp();
    setup.server.fail({ url: /pods/, how: 429, times: 1, headers: { 'Retry-After': '7' } });
    const runtime = virtualRuntime(0.5);
    const timings = { ...SHORT_TIMINGS, backOff: { baseMs: 500, maxMs: 30_000 } };
    const { reflector } = watchPods(setup, timings, runtime);
    await reflector.whenListed();
    expect(runtime.slept[0]).toBe(7000);
  });
});
