import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { Reflector, type ReflectorTimings } from '../../src/kubernetes/reflector.ts';
import { type Runtime, systemRuntime } from '../../src/kubernetes/runtime.ts';
import { podObject } from '../fake/objects.ts';
import { type Setup, SHORT_TIMINGS, setUp, virtualRuntime } from './harness.ts';

const PATH = '/api/v1/pods';

interface Watching extends Setup {
  readonly reflector: Reflector<string>;
  /** `+uid` and `-uid`, in the order told. */
  readonly told: string[];
  /** Uids that are known now. */
  readonly known: ReadonlySet<string>;
  readonly restarts: string[];
  readonly logged: string[];
}

function watchPods(
  setup: Setup,
  timings: ReflectorTimings = SHORT_TIMINGS,
  runtime: Runtime = systemRuntime,
): Watching {
  const told: string[] = [];
  const known = new Set<string>();
  const restarts: string[] = [];
  const logged: string[] = [];
  const reflector = new Reflector<string>({
    connection: setup.connection,
    resource: 'pods',
    path: PATH,
    project: ({ metadata }) => {
      if (metadata.labels?.['broken'] !== undefined) throw new Error('spec.containers is not a list');
      return metadata.uid ?? '';
    },
    seen: (uid) => {
      told.push(`+${uid}`);
      known.add(uid);
    },
    gone: ({ uid }) => {
      told.push(`-${uid}`);
      known.delete(uid);
    },
    observer: {
      watchRestarted: (_resource, cause) => restarts.push(cause),
      log: (_level, message, fields) => logged.push(`${message} ${JSON.stringify(fields)}`),
    },
    runtime,
    timings,
  });
  onTestFinished(() => reflector.stop());
  reflector.start();
  return { ...setup, reflector, told, known, restarts, logged };
}

async function watchCount({ server }: Setup, count: number): Promise<void> {
  await vi.waitFor(() => expect(server.requestsOf(PATH, 'watch').length).toBeGreaterThanOrEqual(count), 3000);
}

describe('Reflector', () => {
  it('lists in pages of 500, then tells of every change from there on', async () => {
    const setup = await setUp();
    for (let index = 0; index < 1201; index += 1) setup.server.pods.put(podObject(`p${index}`));
    const { known, server, reflector } = watchPods(setup);
    expect(reflector.missing()).toBe('pods not listed yet');
    await reflector.whenListed();
    expect(known.size).toBe(1201);
    expect(reflector.missing()).toBeUndefined();
    expect(server.requestsOf(PATH, 'list').map(({ query }) => query.get('limit'))).toEqual([
      '500',
      '500',
      '500',
    ]);
    await watchCount(setup, 1);
    const query = server.requestsOf(PATH, 'watch')[0]?.query;
    expect(query?.get('allowWatchBookmarks')).toBe('true');
    expect(Number(query?.get('timeoutSeconds'))).toBeGreaterThanOrEqual(300);
    expect(Number(query?.get('timeoutSeconds'))).toBeLessThanOrEqual(600);
    server.pods.put(podObject('new'));
    server.pods.delete({ namespace: 'default', name: 'p7' });
    await vi.waitFor(() => expect(known.has('uid-of-p7')).toBe(false));
    expect(known.has('uid-of-new')).toBe(true);
  });

  it('starts the list again when the token of a page has expired, and loses nothing', async () => {
    const setup = await setUp();
    for (let index = 0; index < 1100; index += 1) setup.server.pods.put(podObject(`p${index}`));
    setup.server.fail({ url: /continue=/, how: 410, times: 1 });
    const { known, server, reflector } = watchPods(setup);
    await reflector.whenListed();
    expect(known.size).toBe(1100);
    expect(server.requestsOf(PATH, 'list')).toHaveLength(3);
  });

  it('goes on from the last event or bookmark, and does not list again, when a connection is reset', async () => {
    const setup = await setUp();
    const { known, server, restarts } = watchPods(setup);
    await watchCount(setup, 1);
    server.pods.put(podObject('one'));
    await vi.waitFor(() => expect(known.size).toBe(1));
    server.nodes.put(podObject('elsewhere'));
    server.bookmark(server.pods);
    await vi.waitFor(() => expect(known.size).toBe(1));
    server.resetConnections();
    await watchCount(setup, 2);
    expect(restarts[0]).toBe('broken');
    server.pods.put(podObject('two'));
    await vi.waitFor(() => expect(known.size).toBe(2));
    expect(server.requestsOf(PATH, 'list')).toHaveLength(1);
    const [first, second] = server
      .requestsOf(PATH, 'watch')
      .map(({ query }) => Number(query.get('resourceVersion')));
    expect(second).toBeGreaterThan(first ?? Number.NaN);
  });

  it.each<[string, (setup: Setup) => void]>([
    ['as an ERROR event', ({ server }) => server.pods.compact()],
    ['as a status', ({ server }) => void server.fail({ url: /watch=true/, how: 410, times: 1 })],
  ])('lists again after 410 %s and tells what has gone meanwhile', async (_name, expire) => {
    const setup = await setUp();
    for (const name of ['stays', 'goes', 'is-made-again']) setup.server.pods.put(podObject(name));
    const { known, told, server, restarts } = watchPods(setup);
    await watchCount(setup, 1);
    await server.stop();
    server.pods.delete({ namespace: 'default', name: 'goes' });
    server.pods.put(podObject('is-made-again', { uid: 'another' }));
    expire(setup);
    await server.start();
    await vi.waitFor(() => expect(restarts).toContain('expired'), 3000);
    await vi.waitFor(() => expect([...known].sort()).toEqual(['another', 'uid-of-stays']), 3000);
    expect(told.indexOf('-uid-of-is-made-again')).toBeLessThan(told.indexOf('+another'));
  });

  it('lists again when watches fail one after another without a 410', async () => {
    const setup = await setUp();
    setup.server.fail({ url: /watch=true/, how: 504, times: 5 });
    const { server } = watchPods(setup);
    await watchCount(setup, 6);
    expect(server.requestsOf(PATH, 'list')).toHaveLength(2);
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
    await vi.waitFor(() => expect(setup.server.requests.length).toBeGreaterThan(4), 3000);
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
    await vi.waitFor(() => expect(reflector.problem()).toMatch(/^pods not (watched|listed): 403 Forbidden/));
    expect(reflector.missing()).toBeUndefined();
    server.pods.put(podObject('meanwhile'));
    fault.end();
    await vi.waitFor(() => expect(known.size).toBe(1), 3000);
    await vi.waitFor(() => expect(reflector.problem()).toBeUndefined());
  });

  it('finds the server again after a restart on the same port', async () => {
    const setup = await setUp();
    const { known, server, reflector } = watchPods(setup);
    await watchCount(setup, 1);
    await server.stop();
    await vi.waitFor(() => expect(reflector.problem()).toMatch(/ECONNREFUSED/), 3000);
    server.pods.put(podObject('meanwhile'));
    await server.start();
    await vi.waitFor(() => expect(known.size).toBe(1), 3000);
  });

  it.each<[string, Partial<ReflectorTimings>]>([
    ['the server never sent a bookmark: after its timeout', { watchTimeoutMs: [100, 100], marginMs: 50 }],
    ['the server sends bookmarks: when two are missing', { bookmarkSilenceMs: 50 }],
  ])('leaves a watch that is silently dead; %s', async (name, timings) => {
    const setup = await setUp();
    const sendsBookmarks = name.includes('sends bookmarks');
    // A silent watch: the fake's own end of it, after timeoutSeconds, does not come either.
    setup.server.silentWatches = !sendsBookmarks;
    const { known, server, restarts } = watchPods(setup, { ...SHORT_TIMINGS, ...timings });
    await watchCount(setup, 1);
    if (sendsBookmarks) server.bookmark(server.pods);
    await vi.waitFor(() => expect(restarts).toContain('stalled'), 3000);
    server.silentWatches = false;
    server.pods.put(podObject('one'));
    await vi.waitFor(() => expect(known.size).toBe(1), 3000);
  });

  it.each<[string, number | 'hang' | 'reset', RegExp]>([
    ['never answers', 'hang', /nothing was received for 500 ms/],
    ['resets', 'reset', /ECONNRESET|socket hang up/],
  ])('gives up a list that %s, and tries again', async (_name, how, text) => {
    const setup = await setUp();
    const fault = setup.server.fail({ url: /pods/, how });
    const { reflector } = watchPods(setup);
    await vi.waitFor(() => expect(reflector.missing()).toMatch(text), 3000);
    fault.end();
    await reflector.whenListed();
  });

  it('gives up a list that comes too slowly as a whole', async () => {
    const setup = await setUp();
    for (let index = 0; index < 50; index += 1) setup.server.pods.put(podObject(`p${index}`));
    setup.server.chunkBytes = 20;
    const { reflector } = watchPods(setup, { ...SHORT_TIMINGS, listTotalTimeoutMs: 100 });
    await vi.waitFor(() => expect(reflector.missing()).toMatch(/not finished within 100 ms/), 3000);
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
    await vi.waitFor(() => expect(runtime.nowMs()).toBeGreaterThanOrEqual(60_000), 9000);
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

  it('takes events twice, and the late word of a deletion, for what they are', async () => {
    const setup = await setUp();
    const { told, server } = watchPods(setup);
    await watchCount(setup, 1);
    const pod = podObject('one');
    server.pods.put(pod);
    server.pods.tellOnly({ type: 'ADDED', object: pod });
    server.pods.put(podObject('one', { uid: 'second' }));
    server.pods.tellOnly({ type: 'DELETED', object: pod });
    server.pods.put(podObject('last'));
    await vi.waitFor(() => expect(told.at(-1)).toBe('+uid-of-last'));
    expect(told).toEqual(['+uid-of-one', '+uid-of-one', '-uid-of-one', '+second', '+uid-of-last']);
  });

  it.each<[string, object]>([
    ['cannot be projected', podObject('bad', { labels: { broken: 'yes' } })],
    ['has no name', { kind: 'Pod', metadata: {} }],
  ])('reports an object that %s, and goes on', async (_name, bad) => {
    const setup = await setUp();
    const { known, logged, server } = watchPods(setup);
    await watchCount(setup, 1);
    server.pods.tellOnly({ type: 'ADDED', object: bad });
    server.pods.put(podObject('good'));
    await vi.waitFor(() => expect(known.has('uid-of-good')).toBe(true));
    expect(logged.filter((line) => line.includes('object cannot be read'))).toHaveLength(1);
  });

  it('does not take an object for gone that has become unreadable', async () => {
    const setup = await setUp();
    setup.server.pods.put(podObject('one'));
    const { known, server, restarts } = watchPods(setup);
    await watchCount(setup, 1);
    server.pods.put(podObject('one', { labels: { broken: 'yes' } }));
    server.pods.compact();
    server.resetConnections();
    await vi.waitFor(() => expect(restarts).toContain('expired'), 3000);
    await vi.waitFor(() => expect(server.requestsOf(PATH, 'list')).toHaveLength(2), 3000);
    expect(known.has('uid-of-one')).toBe(true);
  });

  it('closes its connection when stopped, in the middle of a watch or of a list', async () => {
    const setup = await setUp();
    const watching = watchPods(setup);
    await watchCount(setup, 1);
    await watching.reflector.stop();
    setup.server.fail({ url: /pods/, how: 'hang' });
    const listing = watchPods(setup);
    await vi.waitFor(() => expect(setup.server.requestsOf(PATH, 'list')).toHaveLength(2));
    await listing.reflector.stop();
    setup.connection.close();
    await vi.waitFor(() => expect(setup.server.openConnections).toBe(0));
  });
});
