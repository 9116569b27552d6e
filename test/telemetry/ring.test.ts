import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CandidateVerdict, Decision } from '../../src/placement/decision.ts';
import { createDecisionRing, MAX_CANDIDATES } from '../../src/telemetry/ring.ts';
import * as build from '../builders.ts';

function decision(name: string, over: Partial<Decision> = {}): Decision {
  return {
    pod: { uid: `uid-${name}`, namespace: 'default', name },
    atMs: build.NOW_MS,
    policy: build.policy(),
    estimate: { milli: 100, source: 'default' },
    result: 'edge',
    reason: 'edge-fits',
    nodes: ['edge-1'],
    candidates: [{ node: 'edge-1', tier: 'edge', verdict: 'answered', reason: 'edge-fits' }],
    ...over,
  };
}

function candidates(answered: number, refused: number): CandidateVerdict[] {
  return Array.from({ length: answered + refused }, (_, index) =>
    index < refused
      ? { node: `edge-${index}`, tier: 'edge', verdict: 'refused', reason: 'edge-above-threshold' }
      : { node: `cloud-${index}`, tier: 'cloud', verdict: 'answered', reason: 'overflow' },
  );
}

describe('the ring of decisions', () => {
  it.each<
    [string, { size: number; pushed: readonly string[] }, { pod?: string; limit?: number }, readonly string[]]
  >([
    ['nothing at first', { size: 3, pushed: [] }, {}, []],
    ['the newest first', { size: 3, pushed: ['a', 'b'] }, {}, ['b', 'a']],
    ['no more than it holds', { size: 3, pushed: ['a', 'b', 'c', 'd'] }, {}, ['d', 'c', 'b']],
    ['its last lap', { size: 2, pushed: ['a', 'b', 'c', 'd', 'e'] }, {}, ['e', 'd']],
    ['so many', { size: 3, pushed: ['a', 'b', 'c', 'd'] }, { limit: 2 }, ['d', 'c']],
    ['those of a pod', { size: 9, pushed: ['a', 'b', 'a'] }, { pod: 'default/a' }, ['a', 'a']],
    ['so many of a pod', { size: 9, pushed: ['a', 'b', 'a'] }, { pod: 'default/a', limit: 1 }, ['a']],
    ['none of a pod of another namespace', { size: 9, pushed: ['a'] }, { pod: 'other/a' }, []],
    ['nothing where nothing is kept', { size: 0, pushed: ['a'] }, {}, []],
  ])('gives %s', (_name, { size, pushed }, query, expected) => {
    const ring = createDecisionRing(size);
    for (const name of pushed) ring.push(decision(name));
    expect(ring.recent(query).map(({ pod }) => pod.name)).toEqual(expected);
  });

  it('is the tail of what was pushed, backwards', () => {
    fc.assert(
      fc.property(fc.nat({ max: 5 }), fc.array(fc.string(), { maxLength: 20 }), (size, names) => {
        const ring = createDecisionRing(size);
        for (const name of names) ring.push(decision(name));
        const tail = size === 0 ? [] : names.slice(-size).toReversed();
        expect(ring.recent().map(({ pod }) => pod.name)).toEqual(tail);
      }),
    );
  });

  it('counts all, those too that it has forgotten', () => {
    const ring = createDecisionRing(1);
    for (const result of ['edge', 'edge', 'pending'] as const) ring.push(decision('a', { result }));
    expect(ring.counts()).toEqual({ edge: 2, pending: 1 });
  });

  it.each<[string, number, number, { answered: number; refused: number; candidates: number }]>([
    ['a small one whole', 20, 30, { answered: 20, refused: 30, candidates: 0 }],
    ['of a large one both kinds', 2000, 3000, { answered: 50, refused: 50, candidates: 4900 }],
    ['the one node of an edge placement', 1, 4999, { answered: 1, refused: 99, candidates: 4900 }],
    ['few of many that were all answered', 5000, 0, { answered: 50, refused: 0, candidates: 4950 }],
  ])('keeps %s', (_name, answered, refused, expected) => {
    const ring = createDecisionRing(1);
    const nodes = Array.from({ length: answered }, (_, index) => `cloud-${index}`);
    ring.push(decision('a', { nodes, candidates: candidates(answered, refused) }));
    const [kept] = ring.recent();
    const count = (verdict: string) => kept?.candidates.filter((it) => it.verdict === verdict).length;
    expect({ answered: count('answered'), refused: count('refused') }).toMatchObject({
      answered: expected.answered,
      refused: expected.refused,
    });
    expect(kept?.leftOut).toEqual({
      nodes: answered + refused > MAX_CANDIDATES ? Math.max(0, answered - MAX_CANDIDATES) : 0,
      candidates: expected.candidates,
    });
    expect(kept?.nodes.length).toBe(answered - (kept?.leftOut.nodes ?? 0));
  });

  const long = 'x'.repeat(253);
  const short = `${'x'.repeat(63)}…`;
  it.each<[string, Partial<Decision>, readonly string[], readonly string[]]>([
    [
      'cut, of nodes that are not in the picture',
      {
        result: 'pending',
        nodes: [],
        candidates: [{ node: long, verdict: 'refused', reason: 'node-unknown' }],
      },
      [],
      [short],
    ],
    [
      'cut, where they were answered as asked',
      {
        result: 'passed',
        nodes: [long],
        candidates: [{ node: long, verdict: 'answered', reason: 'unmanaged' }],
      },
      [short],
      [short],
    ],
    [
      'whole, of nodes of the picture',
      { nodes: [long], candidates: [{ node: long, tier: 'edge', verdict: 'answered', reason: 'edge-fits' }] },
      [long],
      [long],
    ],
  ])('keeps long names %s', (_what, over, nodes, names) => {
    const ring = createDecisionRing(1);
    ring.push(decision('a', over));
    const [kept] = ring.recent();
    expect(kept?.nodes).toEqual(nodes);
    expect(kept?.candidates.map(({ node }) => node)).toEqual(names);
  });
});
