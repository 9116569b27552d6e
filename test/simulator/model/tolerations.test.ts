import { expect, it } from 'vitest';
import { type Toleration, tolerates } from '../../../src/simulator/model/tolerations.ts';

const TAINT = { key: 'gpu', value: 'a100', effect: 'NoSchedule' };

// k8s.io/api core/v1 toleration.go, Toleration.ToleratesTaint, 1.36.3.
it.each<[Toleration, { key: string; value?: string; effect: string }, boolean]>([
  [{}, { key: 'gpu', effect: 'NoSchedule' }, true],
  [{}, TAINT, false],
  [{ operator: 'Exists' }, TAINT, true],
  [{ value: 'a100' }, TAINT, true],
  [{ key: 'gpu' }, TAINT, false],
  [{ key: 'gpu', value: 'a100', effect: 'NoExecute' }, TAINT, false],
  [{ key: 'other', operator: 'Exists' }, TAINT, false],
  [{ key: 'gpu', operator: 'Lt', value: 'a100' }, TAINT, false],
])('%j tolerates %j: %s', (toleration, taint, expected) => {
  expect(tolerates(toleration, taint)).toBe(expected);
});
