import { createRandom, uniform } from '../../../src/simulator/engine/random.ts';
import type { AutoscalerCase } from './cases.ts';
import type { SyncMoment } from './model.ts';
import { looksOf, type Seen } from './real.ts';

/** When a sync was seen, and between which times the controller can have looked at its clock. */
export interface SeenMoment extends SyncMoment {
  readonly earliestMs: number;
  readonly latestMs: number;
}

/**
 * When a case synced: when it asked for metrics. Outside of its bounds, which is at the start only, and without
 * replicas it has no need of them: then its status shows it.
 *
 * @param periodMs from the end of a sync to the beginning of the next
 */
export function momentsOf(one: AutoscalerCase, seen: Seen, periodMs: number): readonly SeenMoment[] {
  const { createdAtMs, askedAtMs, statuses } = seen;
  const looks = looksOf(one, askedAtMs).map((atMs, look) => ({ atMs, look }));
  const [first] = looks;
  const others = statuses.filter(({ atMs }) => first === undefined || atMs < first.atMs);
  const moments = [...others.map(({ atMs }) => ({ atMs, look: 0 })), ...looks];
  return moments.map(({ atMs, look }, index) => {
    const next = moments[index + 1];
    return {
      atMs,
      look,
      earliestMs: index === 0 ? Math.min(atMs, createdAtMs + periodMs) : atMs,
      latestMs: next === undefined ? atMs : Math.max(atMs, next.atMs - periodMs),
    };
  });
}

const TRIES = 300;

/**
 * As they were seen, then other times at which they may have been: where a window ends within one of these
 * spans, they decide. On a quiet machine they are some milliseconds long.
 */
export function* possibleMoments(seen: readonly SeenMoment[]): Generator<readonly SyncMoment[]> {
  yield seen;
  const random = createRandom(1, 'moments');
  for (let index = 0; index < TRIES; index += 1) {
    yield seen.map(({ earliestMs, latestMs, look }) => ({
      atMs: Math.round(earliestMs + uniform(random) * (latestMs - earliestMs)),
      look,
    }));
  }
}
