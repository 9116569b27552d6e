import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { append, floatColumn, indexColumn, valueAt } from '../../src/outcome/columns.ts';
import { compactDecision, createCompact, withScores } from '../../src/outcome/compact.ts';
import { CANDIDATE_FIELDS, type CandidateVerdict, type Decision } from '../../src/placement/decision.ts';
import { fullCandidate } from '../candidates.ts';

const POLICY: Decision['policy'] = { placement: 'edge-first', sharing: 'shared' };

const judged = fc.record({
  node: fc.constantFrom('edge-1', 'edge-2', 'cloud-1'),
  tier: fc.constantFrom('edge', 'cloud'),
  site: fc.constantFrom(undefined, 'north'),
  freshness: fc.constantFrom('fresh', 'ageing', 'unknown'),
  usageMilli: fc.option(fc.double({ noNaN: true }), { nil: undefined }),
  forecastMilli: fc.double({ noNaN: true }),
  estimateMilli: fc.constant(0),
  allocatableMilli: fc.constantFrom(1000, 2000),
  thresholdMilli: fc.constantFrom(undefined, 800, 700),
  limitMilli: fc.constantFrom(undefined, 950),
  closed: fc.constantFrom(undefined, true, false),
  verdict: fc.constantFrom('answered', 'refused'),
  reason: fc.constantFrom('edge-fits', 'better-edge-fit', 'edge-above-threshold', 'overflow'),
}) satisfies fc.Arbitrary<CandidateVerdict>;

const unjudged = fc.record({
  node: fc.constantFrom('edge-1', 'new-1'),
  verdict: fc.constant('refused'),
  reason: fc.constant('node-unknown'),
}) satisfies fc.Arbitrary<CandidateVerdict>;

function decisionOf(milli: number, candidates: readonly CandidateVerdict[]): Decision {
  return {
    pod: { uid: 'uid', namespace: 'fn', name: 'web-1' },
    atMs: 1000,
    policy: POLICY,
    estimate: { milli, source: 'request' },
    result: 'edge',
    reason: 'edge-fits',
    nodes: candidates.map(({ node }) => node),
    candidates: candidates.map((one) => (one.tier === undefined ? one : { ...one, estimateMilli: milli })),
  };
}

const decisions = fc.array(
  fc
    .record({
      milli: fc.double({ min: 0, max: 1000, noNaN: true }),
      candidates: fc.array(fc.oneof(judged, unjudged), { maxLength: 20 }),
    })
    .map(({ milli, candidates }) => decisionOf(milli, candidates)),
  { maxLength: 20 },
);

describe('decisions in little memory', () => {
  it.each(Object.keys(CANDIDATE_FIELDS))(
    'keep the field %s of a candidate, in its place among the keys',
    (field) => {
      const compact = createCompact();
      // The second differs in this field alone: what is taken for said before would be lost.
      const [first, other] = [fullCandidate(0), fullCandidate(1)] as const;
      const second = { ...first, [field]: other[field as keyof CandidateVerdict] };
      const kept = [first, second].map((candidate) => {
        const decision = { ...decisionOf(Number(candidate.estimateMilli), []), candidates: [candidate] };
        return compactDecision(compact, decision).candidates[0];
      });
      expect(JSON.stringify(kept)).toBe(JSON.stringify([first, second]));
    },
  );

  it('are what they were, as values and as JSON', () => {
    fc.assert(
      fc.property(decisions, (all) => {
        const compact = createCompact();
        const kept = all.map((decision) => compactDecision(compact, decision));
        expect(kept).toEqual(all);
        expect(JSON.stringify(kept)).toBe(JSON.stringify(all));
        expect({ ...kept[0] }).toEqual({ ...all[0] });
      }),
    );
  });

  it('stay objects where candidates have estimates of their own', () => {
    const decision = decisionOf(100, []);
    const candidates: Decision['candidates'] = [
      {
        node: 'a',
        tier: 'edge',
        forecastMilli: 1,
        estimateMilli: 99,
        verdict: 'answered',
        reason: 'edge-fits',
      },
    ];
    expect(compactDecision(createCompact(), { ...decision, candidates }).candidates).toBe(candidates);
  });

  it('share what is said of a node again and again', () => {
    const compact = createCompact();
    const candidate = (forecastMilli: number, reason: CandidateVerdict['reason']): CandidateVerdict => ({
      node: 'edge-1',
      tier: 'edge',
      forecastMilli,
      verdict: 'refused',
      reason,
    });
    for (let index = 0; index < 100; index += 1) {
      const reason = index % 2 === 0 ? 'edge-above-threshold' : 'better-edge-fit';
      compactDecision(compact, decisionOf(index, [candidate(index, reason)]));
    }
    expect(compact.facts).toHaveLength(2);
  });
});

describe('scores in little memory', () => {
  const scores = fc.array(
    fc.record({ node: fc.constantFrom('a', 'b', 'c'), total: fc.integer({ min: 0, max: 100_000 }) }),
  );

  it('are what they were, in their place among the keys', () => {
    fc.assert(
      fc.property(fc.array(scores, { maxLength: 10 }), (all) => {
        const compact = createCompact();
        const kept = all.map((one, atMs) =>
          Object.assign(withScores(compact, { atMs }, one), { reasons: {} }),
        );
        const plain = all.map((one, atMs) => ({ atMs, scores: one, reasons: {} }));
        expect(kept).toEqual(plain);
        expect(JSON.stringify(kept)).toBe(JSON.stringify(plain));
      }),
    );
  });
});

describe('a column', () => {
  it.each([
    { name: 'of numbers', create: floatColumn, at: (index: number) => index / 3 - 1e6 },
    { name: 'of indexes', create: indexColumn, at: (index: number) => 2 ** 32 - 1 - index },
  ])('$name gives back what was appended, over several pages', ({ create, at }) => {
    const column = create();
    for (let index = 0; index < 50_000; index += 1) append(column, at(index));
    expect(column.length).toBe(50_000);
    for (let index = 0; index < 50_000; index += 997) expect(valueAt(column, index)).toBe(at(index));
  });
});
