import { describe, expect, it } from 'vitest';
import { podObject } from '../fake/objects.ts';
import { type Setup, setUp, until } from './harness.ts';
import { PODS_PATH, pagesAskedFor, watchCount, watchPods } from './watching.ts';

describe('Reflector', () => {
  it('lists in pages of 500, then tells of every change from there on', async () => {
    const setup = await setUp();
    for (let index = 0; index < 1201; index += 1) setup.server.pods.put(podObject(`p${index}`));
    const { known, server, reflector } = watchPods(setup);
    expect(reflector.missing()).toBe('pods not listed yet');
    await reflector.whenListed();
    expect(known.size).toBe(1201);
    expect(reflector.missing()).toBeUndefined();
    expect(server.requestsOf(PODS_PATH, 'list').map(({ query }) => query.get('limit'))).toEqual([
      '500',
      '500',
      '500',
    ]);
    await watchCount(setup, 1);
    const query = server.requestsOf(PODS_PATH, 'watch')[0]?.query;
    expect(query?.get('allowWatchBookmarks')).toBe('true');
    expect(Number(query?.get('timeoutSeconds'))).toBeGreaterThanOrEqual(300);
    expect(Number(query?.get('timeoutSeconds'))).toBeLessThanOrEqual(600);
    server.pods.put(podObject('new'));
    server.pods.delete({ namespace: 'default', name: 'p7' });
    await until(() => expect(known.has('uid-of-p7')).toBe(false));
    expect(known.has('uid-of-new')).toBe(true);
  });

  it('starts the list again when the token of a page has expired, and loses nothing', async () => {
    const setup = await setUp();
    for (let index = 0; index < 1100; index += 1) setup.server.pods.put(podObject(`p${index}`));
    setup.server.fail({
      url: /continue=/,
      how: 410,
      times: 1,
      // It was on the first page, and would be taken for listed.
      meanwhile: () => setup.server.pods.delete({ namespace: 'default', name: 'p7' }),
    });
    const { known, server, reflector } = watchPods(setup);
    await reflector.whenListed();
    expect(known.size).toBe(1099);
    expect(known.has('uid-of-p7')).toBe(false);
    expect(server.requestsOf(PODS_PATH, 'list')).toHaveLength(3);
  });

  it('goes on from the last event or bookmark, and does not list again, when a connection is reset', async () => {
    const setup = await setUp();
    const { known, server, restarts } = watchPods(setup);
    await watchCount(setup, 1);
    server.pods.put(podObject('one'));
    await until(() => expect(known.size).toBe(1));
    server.nodes.put(podObject('elsewhere'));
    server.bookmark(server.pods);
    await until(() => expect(known.size).toBe(1));
    server.resetConnections();
    await watchCount(setup, 2);
    expect(restarts[0]).toBe('broken');
    server.pods.put(podObject('two'));
    await until(() => expect(known.size).toBe(2));
    expect(pagesAskedFor(setup)).toBe(1);
    const [first, second] = server
      .requestsOf(PODS_PATH, 'watch')
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
    await until(() => expect(restarts).toContain('expired'));
    await until(() => expect([...known].sort()).toEqual(['another', 'uid-of-stays']));
    expect(told.indexOf('-uid-of-is-made-again')).toBeLessThan(told.indexOf('+another'));
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
    await until(() => expect(told.at(-1)).toBe('+uid-of-last'));
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
    await until(() => expect(known.has('uid-of-good')).toBe(true));
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
    await until(() => expect(restarts).toContain('expired'));
    await until(() => expect(server.requestsOf(PODS_PATH, 'list')).toHaveLength(2));
    expect(known.has('uid-of-one')).toBe(true);
  });

  it('closes its connection when stopped, in the middle of a watch or of a list', async () => {
    const setup = await setUp();
    const watching = watchPods(setup);
    await watchCount(setup, 1);
    await watching.reflector.stop();
    setup.server.fail({ url: /pods/, how: 'hang' });
    const listing = watchPods(setup);
    await until(() => expect(setup.server.requestsOf(PODS_PATH, 'list')).toHaveLength(2));
    await listing.reflector.stop();
    setup.connection.close();
    await until(() => expect(setup.server.openConnections).toBe(0));
  });
});
