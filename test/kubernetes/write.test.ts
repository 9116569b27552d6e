import { expect, it } from 'vitest';
import { type WriteRequest, writeObject } from '../../src/kubernetes/write.ts';
import { podObject } from '../fake/objects.ts';
import { setUp, until } from './harness.ts';

const never = new AbortController().signal;
const PODS = '/api/v1/namespaces/fn/pods';

function write(request: Partial<WriteRequest>): WriteRequest {
  return { method: 'POST', path: PODS, body: { metadata: { name: 'one' } }, signal: never, ...request };
}

it('creates an object, and gives what the server made of it', async () => {
  const { server, connection } = await setUp();
  expect(await writeObject(connection, write({}))).toMatchObject({
    ok: true,
    value: { kind: 'Pod', metadata: { name: 'one', namespace: 'fn', uid: 'uid-of-one' } },
  });
  expect(server.pods.list()).toHaveLength(1);
});

it('changes what a merge patch names, and removes what it names null', async () => {
  const { server, connection } = await setUp();
  server.pods.put(podObject('one', { namespace: 'fn', annotations: { keep: 'a', change: 'b', drop: 'c' } }));
  const body = { metadata: { annotations: { change: 'é', drop: null } } };
  const changed = await writeObject(connection, write({ method: 'PATCH', path: `${PODS}/one`, body }));
  expect(changed).toMatchObject({ ok: true });
  expect(server.pods.list()[0]?.metadata.annotations).toEqual({ keep: 'a', change: 'é' });
});

it('deletes an object', async () => {
  const { server, connection } = await setUp();
  server.pods.put(podObject('one', { namespace: 'fn' }));
  const body = { gracePeriodSeconds: 0 };
  const gone = await writeObject(connection, write({ method: 'DELETE', path: `${PODS}/one`, body }));
  expect(gone).toMatchObject({ ok: true });
  expect(server.pods.list()).toEqual([]);
});

it.each([
  { what: 'an object that is there already', request: {}, status: 409 },
  { what: 'one that is not there', request: { method: 'DELETE', path: `${PODS}/other` }, status: 404 },
  { what: 'a path that does not exist', request: { path: '/api/v1/frogs' }, status: 404 },
] as const)('gives the server’s no about $what', async ({ request, status }) => {
  const { server, connection } = await setUp();
  server.pods.put(podObject('one', { namespace: 'fn' }));
  const refused = await writeObject(connection, write(request));
  expect(refused).toMatchObject({ ok: false, failure: { kind: 'status', status } });
});

it('tries nothing again: only who asks knows whether twice does harm', async () => {
  const { server, connection } = await setUp();
  server.fail({ url: /pods/, how: 'reset' });
  expect(await writeObject(connection, write({}))).toMatchObject({
    ok: false,
    failure: { kind: 'network' },
  });
  expect(server.requests).toHaveLength(1);
});

it('ends when it is told to, before and while it waits for the answer', async () => {
  const { server, connection } = await setUp();
  server.fail({ url: /pods/, how: 'hang' });
  const ending = new AbortController();
  const written = writeObject(connection, write({ signal: ending.signal }));
  await until(() => expect(server.requests).toHaveLength(1));
  ending.abort();
  const stopped = { ok: false, failure: { kind: 'stopped' } };
  expect(await written).toMatchObject(stopped);
  expect(await writeObject(connection, write({ signal: ending.signal }))).toMatchObject(stopped);
  expect(server.requests).toHaveLength(1);
});
