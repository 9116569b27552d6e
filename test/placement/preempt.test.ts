import { describe, expect, it } from 'vitest';
import { nodesAfterPreemption } from '../../src/placement/preempt.ts';
import { cloudNode, maturePod, metrics, node, policy, question, SETTINGS } from '../builders.ts';

describe('preemption', () => {
  const victim = maturePod(1000, { uid: 'victim' });
  const busy = (name: string, over = {}) =>
    node({ name, metrics: metrics(3700, { podUsageMilli: 1000 }), pods: [victim], ...over });
  it.each([
    { name: 'room comes when the victim goes', node: busy('a'), victims: ['victim'], kept: true },
    {
      name: 'no pod metrics: room comes by what was last measured of the victim',
      node: busy('a', { metrics: metrics(3700, { podUsageMilli: undefined }) }),
      victims: ['victim'],
      kept: true,
    },
    {
      name: 'no pod metrics, and no room comes',
      node: busy('a', { metrics: metrics(3700, { podUsageMilli: undefined }) }),
      victims: [],
      kept: false,
    },
    { name: 'no room comes', node: busy('a'), victims: [], kept: false },
    {
      name: 'an empty list of victims where there is room',
      node: node({ name: 'a' }),
      victims: [],
      kept: true,
    },
    { name: 'not ready', node: busy('a', { ready: false }), victims: ['victim'], kept: false },
    { name: 'a cloud node', node: cloudNode({ name: 'a' }), victims: [], kept: true },
    {
      name: 'a cloud node for an edge-only pod',
      node: cloudNode({ name: 'a' }),
      over: { policy: policy({ placement: 'edge-only' }) },
      victims: [],
      kept: false,
    },
    {
      name: 'an edge node for a cloud-only pod',
      node: node({ name: 'a' }),
      over: { policy: policy({ placement: 'cloud-only' }) },
      victims: [],
      kept: false,
    },
    {
      name: 'an unmanaged pod',
      node: busy('a'),
      over: { policy: policy({ placement: 'off' }) },
      victims: [],
      kept: true,
    },
  ])('$name: kept $kept', ({ node: candidate, over, victims, kept }) => {
    const ask = question({ candidates: [candidate], ...over });
    const nodes = nodesAfterPreemption(ask, new Map([['a', new Set(victims)]]), SETTINGS);
    expect(nodes).toEqual(kept ? ['a'] : []);
  });
});
