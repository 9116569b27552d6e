import { describe, expect, it } from 'vitest';
import { REFLECTOR_TIMINGS } from '../../src/kubernetes/reflector.ts';
import { podObject } from '../fake/objects.ts';
import { DECIMAL, LONG, OPAQUE } from '../fake/versions.ts';
import { type Setup, SHORT_TIMINGS, setUp, until } from './harness.ts';
import { PODS_PATH, type Watching, watchCount, watchPods } from './watching.ts';

const TIMINGS = { ...SHORT_TIMINGS, checkIntervalMs: [10, 20], checkTimeoutMs: 100 } as const;
/** The check never asks by itself within a test, only once a watch is opened anew. */
const RARELY = { ...TIMINGS, checkIntervalMs: [1_000_000, 1_000_000] } as const;
const REWOUND =
  /^pods must be listed anew: the server is at resourceVersion \S+ and has told of \S+ before: was its etcd restored/;

/** The pod `kept` is in the backup, which is not the state any more: `moved` has come and `gone` has gone since. */
async function setUpWithBackup(versions = DECIMAL) {
  const setup = await setUp();
  setup.server.versions = versions;
  setup.server.pods.put(podObject('kept'));
  setup.server.pods.put(podObject('gone'));
  const backup = setup.server.backup();
  return { setup, backup };
}

async function makeHistory({ server, known }: Watching): Promise<void> {
  for (let index = 0; index < 60; index += 1) server.pods.put(podObject('lost'));
  server.pods.delete({ namespace: 'default', name: 'gone' });
  await until(() => expect([...known].sort()).toEqual(['uid-of-kept', 'uid-of-lost']));
}

function checksOf({ server }: Setup): number {
  return server.requestsOf(PODS_PATH, 'list').filter(({ query }) => query.get('limit') === '1').length;
}

async function checked(setup: Setup, more: number): Promise<void> {
  const before = checksOf(setup);
  await until(() => expect(checksOf(setup)).toBeGreaterThanOrEqual(before + more));
}

describe('Reflector, when the data of the server goes back', () => {
  it.each([
    ['decimal numbers', DECIMAL],
    ['numbers longer than 2^53, and of one digit less', LONG],
  ])('lists anew although its watch stays open and silent; versions: %s', async (_name, versions) => {
    const { setup, backup } = await setUpWithBackup(versions);
    const watching = watchPods(setup, TIMINGS);
    await watchCount(setup, 1);
    await makeHistory(watching);
    setup.server.restore(backup);
    const { known, restarts, logged, reflector } = watching;
    await until(() => expect([...known].sort()).toEqual(['uid-of-gone', 'uid-of-kept']));
    expect(restarts).toEqual(['rewound']);
    expect(logged.filter((line) => REWOUND.test(line))).toHaveLength(1);
    expect(reflector.problem()).toBeUndefined();
    expect(reflector.missing()).toBeUndefined();
    // The new watch begins where the server is.
    setup.server.pods.put(podObject('new'));
    await until(() => expect(known).toContain('uid-of-new'));
    await checked(setup, 3);
    expect(restarts).toEqual(['rewound']);
  });

  it('asks at once when a watch had to be opened again: soon the server may have passed what was known', async () => {
    const { setup, backup } = await setUpWithBackup();
    const watching = watchPods(setup, RARELY);
    await watchCount(setup, 1);
    await makeHistory(watching);
    await setup.server.stop();
    setup.server.restore(backup);
    await setup.server.start();
    const { known, restarts } = watching;
    await until(() => expect([...known].sort()).toEqual(['uid-of-gone', 'uid-of-kept']));
    expect(restarts.at(-1)).toBe('rewound');
    expect(checksOf(setup)).toBe(1);
  });

  it('lists anew after an event from before what was known', async () => {
    const { setup, backup } = await setUpWithBackup();
    const watching = watchPods(setup, RARELY);
    await watchCount(setup, 1);
    await makeHistory(watching);
    setup.server.restore(backup);
    const old = podObject('old');
    const object = { ...old, metadata: { ...old.metadata, resourceVersion: '2' } };
    setup.server.pods.tellOnly({ type: 'ADDED', object });
    const { known, restarts, told } = watching;
    await until(() => expect([...known].sort()).toEqual(['uid-of-gone', 'uid-of-kept']));
    expect(restarts).toEqual(['rewound']);
    expect(told).not.toContain('+uid-of-old');
    expect(checksOf(setup)).toBe(0);
  });

  it('says so until it has listed anew', async () => {
    const { setup, backup } = await setUpWithBackup();
    const watching = watchPods(setup, TIMINGS);
    await watchCount(setup, 1);
    await makeHistory(watching);
    setup.server.restore(backup);
    setup.server.fail({ url: /limit=500/, how: 'hang', times: 1 });
    await until(() => expect(watching.reflector.problem()).toMatch(REWOUND));
    expect(watching.known).toContain('uid-of-lost');
    await until(() => expect(watching.known).not.toContain('uid-of-lost'));
    expect(watching.reflector.problem()).toBeUndefined();
  });
});

describe('Reflector, when the data of the server does not go back', () => {
  it.each<[string, (setup: Setup) => void]>([
    ['nothing happens', () => undefined],
    ['only other collections change', ({ server }) => void server.nodes.put(podObject('elsewhere'))],
    ['pods change all the time', ({ server }) => void server.pods.put(podObject('changing'))],
    ['bookmarks come', ({ server }) => server.bookmark(server.pods)],
  ])('goes on with its watch: %s', async (_name, happen) => {
    const { setup } = await setUpWithBackup();
    const { restarts, reflector } = watchPods(setup, TIMINGS);
    await watchCount(setup, 1);
    for (let count = 0; count < 10; count += 1) {
      happen(setup);
      await checked(setup, 1);
    }
    expect(restarts).toEqual([]);
    expect(setup.server.requestsOf(PODS_PATH, 'watch')).toHaveLength(1);
    expect(reflector.problem()).toBeUndefined();
  });

  it('compares nothing where versions are no numbers', async () => {
    const { setup, backup } = await setUpWithBackup(OPAQUE);
    const watching = watchPods(setup, TIMINGS);
    await watchCount(setup, 1);
    await makeHistory(watching);
    setup.server.restore(backup);
    await checked(setup, 5);
    expect(watching.restarts).toEqual([]);
  });

  it('is not misled by an event that comes between the question and its answer', async () => {
    const { setup } = await setUpWithBackup();
    const watching = watchPods(setup, TIMINGS);
    await watchCount(setup, 1);
    // Pieces of some bytes: the answer's version is of its beginning, and dozens of events come until its end.
    setup.server.chunkBytes = 20;
    for (let count = 0; count < 5; count += 1) {
      const before = checksOf(setup);
      await until(() => {
        setup.server.pods.put(podObject('busy'));
        expect(checksOf(setup)).toBeGreaterThan(before);
      });
    }
    expect(watching.restarts).toEqual([]);
  });
});

describe('the times between two checks', () => {
  it('find a restored server within a minute, also when one question is not answered', () => {
    const { checkIntervalMs, checkTimeoutMs } = REFLECTOR_TIMINGS;
    expect(2 * checkIntervalMs[1] + checkTimeoutMs).toBeLessThan(60_000);
  });
});

describe('Reflector, when the check fails', () => {
  it.each<[string, number | 'hang' | 'reset', RegExp]>([
    ['is refused', 403, /403 Forbidden/],
    ['is too much', 429, /429 Too Many Requests/],
    ['breaks', 'reset', /ECONNRESET|socket hang up/],
    ['is not answered', 'hang', /nothing was received for 100 ms|not finished within 100 ms/],
  ])('goes on, and says it once the check %s for the third time in a row', async (_name, how, text) => {
    const { setup } = await setUpWithBackup();
    const { reflector, restarts, logged, known } = watchPods(setup, TIMINGS);
    await watchCount(setup, 1);
    const before = logged.length;
    const twice = setup.server.fail({ url: /limit=1$/, how, times: 2 });
    await checked(setup, 3);
    twice.end();
    expect(reflector.problem()).toBeUndefined();
    const fault = setup.server.fail({ url: /limit=1$/, how });
    await until(() => expect(reflector.problem()).toMatch(text));
    expect(reflector.problem()).toMatch(/^pods: cannot be checked against the server: /);
    // Not gone, and not said again, when a watch is opened anew.
    setup.server.resetConnections();
    await watchCount(setup, 2);
    setup.server.pods.put(podObject('new'));
    await until(() => expect(known).toContain('uid-of-new'));
    await checked(setup, 2);
    expect(reflector.problem()).toMatch(/^pods: cannot be checked/);
    fault.end();
    await until(() => expect(reflector.problem()).toBeUndefined());
    expect(logged.slice(before).filter((line) => line.includes('cannot be checked against'))).toHaveLength(2);
    expect(restarts).toEqual(['broken']);
  });

  it('does not ask while it lists', async () => {
    const { setup } = await setUpWithBackup();
    const fault = setup.server.fail({ url: /limit=500/, how: 500 });
    watchPods(setup, TIMINGS);
    await until(() => expect(setup.server.requests.length).toBeGreaterThan(5));
    expect(checksOf(setup)).toBe(0);
    fault.end();
    await checked(setup, 1);
  });

  it.each<[string, number]>([
    ['while it waits', 1_000_000],
    ['while it asks', 0],
  ])('ends with the reflector, %s', async (_name, intervalMs) => {
    const { setup } = await setUpWithBackup();
    const timings = {
      ...TIMINGS,
      checkIntervalMs: [intervalMs, intervalMs],
      checkTimeoutMs: 60_000,
    } as const;
    setup.server.fail({ url: /limit=1$/, how: 'hang' });
    const { reflector } = watchPods(setup, timings);
    await watchCount(setup, 1);
    if (intervalMs === 0) await until(() => expect(checksOf(setup)).toBe(1));
    await reflector.stop();
    setup.connection.close();
    await until(() => expect(setup.server.openConnections).toBe(0));
  });
});
