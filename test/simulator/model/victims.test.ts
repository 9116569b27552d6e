import { describe, expect, it } from 'vitest';
import { victimsOf } from '../../../src/simulator/model/victims.ts';
import { simNode, simPod } from './pods.ts';

const NOW_MS = 1_000_000_000_000;
const edge = simNode('edge-1');
const other = simNode('edge-2');
const DELETION_COST = 'controller.kubernetes.io/pod-deletion-cost';
const agoMs = (seconds: number) => NOW_MS - seconds * 1000;

/** On its own node, ready for 1000 s. */
function readyPod(name: string, over: Parameters<typeof simPod>[1] = {}) {
  return simPod(name, {
    createdAtMs: agoMs(1010),
    node: simNode(`node of ${name}`),
    startedAtMs: agoMs(1005),
    readyAtMs: agoMs(1000),
    ...over,
  });
}

describe('the victims of a scale-down (ActivePodsWithRanks.Less, in its order)', () => {
  it.each([
    {
      rule: '1. unassigned before assigned',
      pods: [readyPod('a'), readyPod('b', { node: undefined, startedAtMs: undefined, readyAtMs: undefined })],
      first: 'b',
    },
    {
      rule: '2. Pending before Running',
      pods: [
        readyPod('a', { readyAtMs: undefined }),
        readyPod('b', { startedAtMs: undefined, readyAtMs: undefined }),
      ],
      first: 'b',
    },
    {
      rule: '3. not ready before ready',
      pods: [readyPod('a'), readyPod('b', { readyAtMs: undefined })],
      first: 'b',
    },
    {
      rule: '4. a lower deletion cost first, also against the fuller node',
      pods: [
        readyPod('a', { node: edge }),
        readyPod('b', { node: edge }),
        readyPod('c', { annotations: { [DELETION_COST]: '-5' } }),
      ],
      first: 'c',
    },
    {
      rule: '4. a cost that is no whole number counts as 0',
      pods: [
        readyPod('a', { annotations: { [DELETION_COST]: '-1.5' } }),
        readyPod('b', { readyAtMs: undefined }),
      ],
      first: 'b',
    },
    {
      rule: '5. the node with more of its pods is emptied first',
      pods: [
        readyPod('a', { readyAtMs: agoMs(1) }),
        readyPod('b', { node: edge }),
        readyPod('c', { node: edge }),
      ],
      first: 'b',
    },
    {
      rule: '6. ready for less time, by order of magnitude',
      pods: [readyPod('a'), readyPod('b', { readyAtMs: agoMs(100) })],
      first: 'b',
    },
    {
      rule: '6. of the same order of magnitude: by uid',
      pods: [readyPod('b', { readyAtMs: agoMs(1000) }), readyPod('a', { readyAtMs: agoMs(990) })],
      first: 'a',
    },
    {
      rule: '8. ready at the same second: the younger first',
      pods: [readyPod('a', { createdAtMs: agoMs(5000) }), readyPod('b', { createdAtMs: agoMs(1001) })],
      first: 'b',
    },
  ])('$rule', ({ pods, first }) => {
    expect(victimsOf(pods, 1, NOW_MS).map(({ name }) => name)).toEqual([first]);
    expect(victimsOf(pods.toReversed(), 1, NOW_MS).map(({ name }) => name)).toEqual([first]);
  });

  it('counts the pods of a node once, before any goes, as the controller does', () => {
    // A real controller-manager emptied the fuller of two edge nodes (25 pods to 5): facts of the design.
    const pods = [
      ...[1, 2, 3, 4].map((number) => readyPod(`a${number}`, { node: edge })),
      ...[1, 2, 3].map((number) => readyPod(`b${number}`, { node: other })),
    ];
    const gone = victimsOf(pods, 5, NOW_MS).map(({ name }) => name);
    expect(gone).toEqual(['a1', 'a2', 'a3', 'a4', 'b1']);
  });

  it('takes all when all are to go', () => {
    const pods = [readyPod('a'), readyPod('b')];
    expect(victimsOf(pods, 3, NOW_MS)).toEqual(pods);
  });
});
