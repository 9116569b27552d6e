import { expect, test } from 'vitest';
import type { Runtime } from '../../../src/kubernetes/runtime.ts';
import { cleanUp } from '../../../src/rehearsal/on-cluster/clean-up.ts';
import { type Item, inParallel, type RehearsalCluster } from '../../../src/rehearsal/on-cluster/cluster.ts';

const PODS = '/api/v1/pods';
const NAMESPACES = '/api/v1/namespaces';

/** A cluster that holds these; what is deleted is gone at once, or when so many lists have been asked for. */
function clusterOf(objects: Readonly<Record<string, readonly Item['metadata'][]>>, goneAfterLists = 0) {
  const held = new Map(Object.entries(objects));
  const removed: string[] = [];
  let lists = 0;
  const cluster: RehearsalCluster = {
    create: async () => undefined,
    patch: async () => undefined,
    remove: async (path) => {
      removed.push(path);
      const collection =
        path.startsWith(NAMESPACES) && path.includes('/pods/') ? PODS : path.slice(0, path.lastIndexOf('/'));
      const rest = (held.get(collection) ?? []).map((metadata) =>
        path.endsWith(`/${metadata.name}`) ? { ...metadata, deletionTimestamp: 'now' } : metadata,
      );
      held.set(collection, rest);
    },
    list: async (path, query) => {
      lists += 1;
      const id = query?.['labelSelector']?.split('=')[1];
      const isGone = ({ deletionTimestamp }: Item['metadata']) =>
        deletionTimestamp !== undefined && lists > goneAfterLists;
      const items = (held.get(path) ?? []).filter((metadata) => !isGone(metadata));
      held.set(path, items);
      const ofRun = items.filter(
        ({ labels }) => id === undefined || labels?.['spillway.dev/rehearsal'] === id,
      );
      return ofRun.map((metadata) => ({ metadata }));
    },
  };
  return { cluster, removed };
}

function hostOf() {
  let nowMs = 0;
  let err = '';
  const runtime: Runtime = {
    nowMs: () => nowMs,
    random: () => 0,
    sleep: async (ms) => {
      nowMs += ms;
    },
  };
  return {
    runtime,
    err: (text: string) => {
      err += text;
    },
    said: () => err,
    nowMs: () => nowMs,
  };
}

function of(id: string, name: string, namespace?: string): Item['metadata'] {
  return { name, namespace, labels: { 'spillway.dev/rehearsal': id } };
}

test('only what has the label of the run is deleted, pods before the namespace that they are in', async () => {
  const { cluster, removed } = clusterOf({
    [NAMESPACES]: [of('one', 'fn'), of('other', 'fn2')],
    [PODS]: [of('one', 'web-x', 'fn'), of('other', 'web-y', 'fn2')],
  });
  const host = hostOf();
  expect(await cleanUp(cluster, host, 'one')).toBe(true);
  expect(removed).toEqual(['/api/v1/namespaces/fn/pods/web-x', '/api/v1/namespaces/fn']);
  expect(host.said()).toBe('2 objects are deleted\n');
});

test('without an id what all rehearsals left is deleted', async () => {
  const { cluster, removed } = clusterOf({ [NAMESPACES]: [of('one', 'fn'), of('other', 'fn2')] });
  expect(await cleanUp(cluster, hostOf())).toBe(true);
  expect(removed).toHaveLength(2);
});

test('it waits for a namespace that is being deleted, and asks for that once', async () => {
  const { cluster, removed } = clusterOf({ [NAMESPACES]: [of('one', 'fn')] }, 40);
  const host = hostOf();
  expect(await cleanUp(cluster, host, 'one')).toBe(true);
  expect(removed).toEqual(['/api/v1/namespaces/fn']);
  expect(host.nowMs()).toBeGreaterThan(0);
});

test('it names what does not go, and gives up', async () => {
  const { cluster } = clusterOf({ [NAMESPACES]: [of('one', 'fn')] }, Number.POSITIVE_INFINITY);
  const host = hostOf();
  expect(await cleanUp(cluster, host, 'one')).toBe(false);
  expect(host.said()).toContain('/api/v1/namespaces/fn');
  expect(host.said()).toContain('--clean-up');
});

test('a failure is told and does not hide what came of the rehearsal', async () => {
  const { cluster } = clusterOf({});
  const host = hostOf();
  const list = () => Promise.reject(new Error('GET /api/v1/pods: no connection'));
  expect(await cleanUp({ ...cluster, list }, host, 'one')).toBe(false);
  expect(host.said()).toContain('no connection');
});

test('of many requests the others end before the first failure is thrown', async () => {
  const ended: number[] = [];
  const act = async (item: number) => {
    if (item === 0) throw new Error('no');
    await Promise.resolve();
    ended.push(item);
  };
  await expect(
    inParallel(
      Array.from({ length: 40 }, (_, index) => index),
      act,
    ),
  ).rejects.toThrow('no');
  expect(ended).toHaveLength(39);
});
