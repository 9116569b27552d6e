import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CandidateVerdict } from '../../src/placement/decision.ts';
import { createPacked, packInto, unpackCandidates } from '../../src/telemetry/packed.ts';
import { fullCandidate } from '../candidates.ts';

const milli = fc.option(fc.double({ noNaN: true }), { nil: undefined });

const candidates: fc.Arbitrary<readonly CandidateVerdict[]> = fc.array(
  fc.record({
    node: fc.string(),
    tier: fc.constantFrom('edge', 'cloud', undefined),
    site: fc.option(fc.string(), { nil: undefined }),
    freshness: fc.constantFrom('fresh', 'ageing', 'unknown', undefined),
    usageMilli: milli,
    forecastMilli: milli,
    estimateMilli: milli,
    allocatableMilli: milli,
    thresholdMilli: milli,
    limitMilli: milli,
    closed: fc.constantFrom(true, false, undefined),
    verdict: fc.constantFrom('answered', 'refused'),
    reason: fc.constantFrom('edge-fits', 'node-unknown', 'overflow'),
  }),
);

describe('packed candidates', () => {
  it('keep every field that a candidate has, each in its place', () => {
    const packed = createPacked();
    const all = [fullCandidate(0), fullCandidate(1)];
    packInto(packed, all);
    expect(unpackCandidates(packed)).toEqual(all);
  });

  it('come out as they went in, whatever was packed in the same place before', () => {
    fc.assert(
      fc.property(candidates, candidates, (before, list) => {
        const packed = createPacked();
        packInto(packed, before);
        packInto(packed, list);
        // toEqual takes a missing field for an undefined one, which is what packing makes of it.
        expect(unpackCandidates(packed)).toEqual(list);
      }),
    );
  });
});
