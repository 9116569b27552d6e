import { CANDIDATE_FIELDS, type CandidateVerdict } from '../src/placement/decision.ts';

/**
 * A candidate with another value in each field that the table knows: a store that forgets one gives it back without.
 *
 * @param turn other values each time
 */
export function fullCandidate(turn = 0): CandidateVerdict {
  const fields = Object.entries(CANDIDATE_FIELDS).map(([field, kind], index) => [
    field,
    kind === 'number' ? 1000 * turn + index : `${field} ${turn}`,
  ]);
  return Object.fromEntries(fields);
}
