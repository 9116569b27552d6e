import type { ExpectationOf } from '../../trace/expectations.ts';
import type { Divergence, Scaling } from '../result.ts';
import type { Outcome, Run } from './check.ts';
import { sinceStart } from './select.ts';

const FLAPPING_WITHIN_MS = 300_000;

/** Each size of the recorded run in its turn: as many changes, in time and in number within the tolerances. */
export function checkSizes(expectation: ExpectationOf<'sizes'>, run: Run): Outcome {
  const { workload, sizes, toleranceTime = 0, toleranceReplicas = 0 } = expectation;
  const made = run.scalings.filter((scaling) => scaling.workload === workload);
  const differs = Array.from({ length: Math.max(sizes.length, made.length) }, (_, index) => index).find(
    (index) => {
      const wanted = sizes[index];
      const got = made[index];
      if (wanted === undefined || got === undefined) return true;
      const offMs = Math.abs(got.atMs - run.startMs - wanted.at);
      return offMs > toleranceTime || Math.abs(got.to - wanted.replicas) > toleranceReplicas;
    },
  );
  const within =
    toleranceTime > 0 || toleranceReplicas > 0
      ? `, each within ${toleranceTime / 1000} s and ${toleranceReplicas} replicas`
      : '';
  const base = {
    expected: `${workload} scaled to ${sizes.map(({ at, replicas }) => `${replicas} at ${at / 1000} s`).join(', ')}${within}`,
    held: differs === undefined,
    found: made.map(({ to, atMs }) => `${to} at ${sinceStart(run, atMs)}`).join(', ') || 'never scaled',
  };
  if (differs === undefined) return base;
  return { ...base, diverged: divergence(run, sizes[differs], made[differs], differs) };
}

function divergence(
  run: Run,
  wanted: { readonly at: number; readonly replicas: number } | undefined,
  got: Scaling | undefined,
  index: number,
): Divergence {
  const number = `change ${index + 1}`;
  const found = got === undefined ? 'did not come' : `was to ${got.to} at ${sinceStart(run, got.atMs)}`;
  const expected = wanted === undefined ? 'no further one' : `${wanted.replicas} at ${wanted.at / 1000} s`;
  return {
    atMs: got?.atMs ?? run.startMs + (wanted?.at ?? 0),
    what: `${number} ${found}, expected: ${expected}`,
  };
}

/** Scaled one way, and the other way soon after. */
export function checkFlapping(expectation: ExpectationOf<'noFlapping'>, run: Run): Outcome {
  const { workload, within = FLAPPING_WITHIN_MS, atMost = 0 } = expectation;
  const turns = run.scalings.flatMap((scaling, index) => {
    if (workload !== undefined && scaling.workload !== workload) return [];
    const before = run.scalings.slice(0, index).findLast((other) => other.workload === scaling.workload);
    if (before === undefined || scaling.atMs - before.atMs >= within) return [];
    return Math.sign(scaling.to - scaling.from) * Math.sign(before.to - before.from) < 0 ? [scaling] : [];
  });
  const first = turns[atMost];
  return {
    expected: `${atMost === 0 ? 'no change' : `at most ${atMost} changes`} of direction within ${within / 1000} s`,
    held: first === undefined,
    found: String(turns.length),
    ...(first && {
      diverged: {
        atMs: first.atMs,
        what: `${first.workload} went from ${first.from} to ${first.to}, the other way than just before`,
      },
    }),
  };
}
