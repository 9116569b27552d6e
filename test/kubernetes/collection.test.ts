import { describe, expect, it, onTestFinished } from 'vitest';
import { createCollection } from '../../src/kubernetes/collection.ts';
import { podObject } from '../fake/objects.ts';

/** Counts what is told as gone in one turn of the event loop. */
function watchTurns() {
  const gone: string[] = [];
  let beforeTurn = 0;
  let mostATurn = 0;
  const turn = () => {
    mostATurn = Math.max(mostATurn, gone.length - beforeTurn);
    beforeTurn = gone.length;
    immediate = setImmediate(turn);
  };
  let immediate = setImmediate(turn);
  onTestFinished(() => clearImmediate(immediate));
  const told = () => ({ gone, mostATurn: Math.max(mostATurn, gone.length - beforeTurn) });
  return { gone: ({ uid }: { readonly uid: string }) => void gone.push(uid), told };
}

describe('createCollection', () => {
  it('lets questions come in between when a list lacks very many', async () => {
    const { gone, told } = watchTurns();
    const collection = createCollection({
      project: ({ metadata }) => metadata.name,
      seen: () => undefined,
      gone,
      unreadable: () => undefined,
    });
    for (let index = 0; index < 20_000; index += 1) collection.seen(podObject(`pod-${index}`));
    collection.beginList();
    for (const kept of ['pod-0', 'pod-9999', 'pod-19999']) collection.seen(podObject(kept));
    await collection.endList();
    expect(told().gone).toHaveLength(19_997);
    expect(told().gone).not.toContain('uid-of-pod-9999');
    expect(told().mostATurn).toBeLessThanOrEqual(250);
  });
});
