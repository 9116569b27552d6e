import { describe, expect, it } from 'vitest';
import { rank } from '../../src/placement/rank.ts';
import { cloudNode, metrics, node, policy, question, SETTINGS } from '../builders.ts';

describe('ranking for prioritize', () => {
  const scoresOf = (candidates: readonly ReturnType<typeof node>[], over = {}) =>
    Object.fromEntries(
      rank(question({ candidates, ...over }), SETTINGS).scores.map(({ node: name, score }) => [name, score]),
    );
  const edge = (name: string, usageMilli: number) => node({ name, metrics: metrics(usageMilli) });
  const cloud = (name: string, usageMilli: number) => cloudNode({ name, metrics: metrics(usageMilli) });

  it.each([
    {
      name: 'cloud nodes by how idle they are',
      candidates: [cloud('x', 0), cloud('y', 16_000), cloud('z', 40_000)],
      scores: { x: 10, y: 5, z: 0 },
    },
    {
      name: 'edge nodes by best fit, only the first with the full score',
      candidates: [edge('a', 100), edge('b', 2000), edge('c', 3100)],
      scores: { a: 8, b: 10, c: 0 },
    },
    {
      name: 'an edge node before the cloud',
      candidates: [edge('a', 0), cloud('x', 0)],
      scores: { a: 10, x: 0 },
    },
    {
      name: 'an unmanaged pod: all alike',
      candidates: [edge('a', 0), cloud('x', 0)],
      over: { policy: policy({ placement: 'off' }) },
      scores: { a: 0, x: 0 },
    },
    {
      name: 'a pod for the cloud',
      candidates: [edge('a', 0), cloud('x', 0)],
      over: { policy: policy({ placement: 'cloud-first' }) },
      scores: { a: 0, x: 10 },
    },
    {
      name: 'a pod for the cloud that filter sent to the edge, for want of a cloud node',
      candidates: [edge('a', 0), edge('b', 100)],
      over: { policy: policy({ placement: 'cloud-first' }) },
      scores: { a: 8, b: 10 },
    },
    {
      name: 'no edge node admits it any more: the most room first',
      candidates: [edge('a', 3700), edge('b', 3300), node({ name: 'c', ready: false })],
      scores: { a: 8, b: 10, c: 0 },
    },
  ])('$name', ({ candidates, over, scores }) => {
    expect(scoresOf(candidates, over)).toEqual(scores);
  });
});
