import type { UserCount } from '../../outcome/result.ts';
import type { LoadOf } from '../../trace/load.ts';
import { clockMs } from '../model/world.ts';

/**
 * How many users there are from each moment on, as k6 plans it (lib/executor/ramping_vus.go,
 * getRawExecutionSteps): there are n of them from the moment at which the line of the stage comes to n, on the
 * way up as on the way down. After the last stage there are none.
 */
export function userSteps({ start, startUsers, stages }: LoadOf<'virtualUsers'>): readonly UserCount[] {
  const steps: UserCount[] = [];
  const add = (atMs: number, users: number) => {
    if (steps.at(-1)?.atMs === atMs) steps.pop();
    if ((steps.at(-1)?.users ?? 0) !== users) steps.push({ atMs, users });
  };
  let fromMs = clockMs(start);
  let from = startUsers;
  add(fromMs, from);
  for (const { duration, target } of stages) {
    const change = Math.abs(target - from);
    for (let step = 1; step <= change; step += 1) {
      add(fromMs + (duration * step) / change, from + Math.sign(target - from) * step);
    }
    fromMs += duration;
    from = target;
  }
  add(fromMs, 0);
  return steps;
}
