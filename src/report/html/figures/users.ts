import type { SimulationResult } from '../../../outcome/result.ts';
import { roundMomentText, type TimeAxis } from '../axis.ts';
import { shortName } from '../format.ts';
import { html } from '../markup.ts';
import { type Figure, plot } from '../plot.ts';
import { incidentMarks, rowMoments, sinceStart, sumSteps } from '../run.ts';
import { countAxis } from '../scales.ts';
import { held, lastAt, type Point, stepAreaPath, stepPath } from '../series.ts';

const HEIGHT_PX = 96;

/** The most virtual users at once: the top of the figure. */
export function mostUsers(result: SimulationResult): number {
  return usersOf(result).reduce((most, { value }) => Math.max(most, value), 0);
}

/** Virtual users of all Deployments over time; undefined: the load was of another kind. */
export function usersFigure(
  result: SimulationResult,
  axis: TimeAxis,
  top = mostUsers(result),
  id = 'users',
): Figure | undefined {
  const users = usersOf(result);
  if (users.length === 0) return undefined;
  const { y, ticks } = countAxis(top, HEIGHT_PX);
  const points = held(users, sinceStart(result, result.endMs));
  const summary = summaryOf(result, users, axis);
  const title = 'Virtual users';
  const drawing = plot(axis, {
    id,
    title,
    description: summary,
    heightPx: HEIGHT_PX,
    yTicks: ticks,
    shapes: html`<path class="fill-users" d="${stepAreaPath(points, axis, y)}"/><path class="line users" d="${stepPath(points, axis, y)}"/>`,
    incidents: incidentMarks(result),
  });
  const table = {
    headers: ['time', 'virtual users'],
    rows: rowMoments(axis).map((ms) => [roundMomentText(axis, ms), String(lastAt(users, ms)?.value ?? 0)]),
  };
  return { id, title, summary, drawing, table };
}

function usersOf(result: SimulationResult): readonly Point[] {
  return sumSteps(
    result.workloads.map(({ users }) =>
      users.map(({ atMs, users: value }) => ({ ms: sinceStart(result, atMs), value })),
    ),
  );
}

function summaryOf(result: SimulationResult, users: readonly Point[], axis: TimeAxis): string {
  const most = mostUsers(result);
  const peak = users.find(({ value }) => value === most);
  const names = result.workloads.filter((workload) => workload.users.length > 0);
  const whose =
    names.length === 1 ? ` of ${shortName(names[0]?.workload ?? '')}` : ` of ${names.length} Deployments`;
  const end = users.at(-1)?.value ?? 0;
  return `At most ${most} virtual users${whose}, first at ${roundMomentText(axis, peak?.ms ?? 0)}; ${end} at the end.`;
}
