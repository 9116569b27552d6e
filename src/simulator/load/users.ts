import type { UserCount } from '../../outcome/result.ts';
import type { LoadOf } from '../../trace/load.ts';
import { schedule, scheduleIn } from '../engine/timeline.ts';
import { breakOff, send } from './request.ts';
import { userSteps } from './stages.ts';
import type { Outcome, Request, Requests, Service } from './types.ts';

/** A virtual user of k6: sends a request, waits for its answer, and sends the next one. */
interface User {
  /** Whether it goes on after the answer. */
  stays: boolean;
  /** It has sent a request, or thinks. */
  isBusy: boolean;
  request: Request | undefined;
  /** How often it came or left. */
  turns: number;
}

interface Crowd {
  readonly requests: Requests;
  readonly service: Service;
  readonly load: LoadOf<'virtualUsers'>;
  readonly users: User[];
  staying: number;
}

/** @returns how many users there are from each moment on */
export function startUsers(
  requests: Requests,
  service: Service,
  load: LoadOf<'virtualUsers'>,
): readonly UserCount[] {
  const crowd: Crowd = { requests, service, load, users: [], staying: 0 };
  const steps = userSteps(load);
  for (const { atMs, users } of steps) {
    schedule(requests.world.timeline, atMs, () => changeTo(crowd, users));
  }
  return steps;
}

/** The last ones to come are the first to leave, as in k6. */
function changeTo(crowd: Crowd, count: number): void {
  for (; crowd.staying < count; crowd.staying += 1) come(crowd, crowd.staying);
  for (; crowd.staying > count; crowd.staying -= 1) leave(crowd, crowd.staying - 1);
}

function come(crowd: Crowd, index: number): void {
  const user = crowd.users[index] ?? { stays: false, isBusy: false, request: undefined, turns: 0 };
  crowd.users[index] = user;
  user.stays = true;
  user.turns += 1;
  // One that still waits for its last answer just goes on.
  if (!user.isBusy) sendNext(crowd, user);
}

function leave(crowd: Crowd, index: number): void {
  const user = crowd.users[index];
  if (user === undefined) return;
  user.stays = false;
  user.turns += 1;
  if (user.request === undefined) return;
  const { turns } = user;
  scheduleIn(crowd.requests.world.timeline, crowd.load.gracefulRampDown, () => {
    if (user.turns !== turns || user.request === undefined) return;
    breakOff(user.request);
    user.request = undefined;
    user.isBusy = false;
  });
}

function sendNext(crowd: Crowd, user: User): void {
  if (!user.stays) {
    user.isBusy = false;
    return;
  }
  user.isBusy = true;
  user.request = send(crowd.requests, crowd.service, (outcome) => goOn(crowd, user, outcome));
}

function goOn(crowd: Crowd, user: User, outcome: Outcome): void {
  user.request = undefined;
  const { service, load } = crowd;
  const pauseMs = outcome === 'refused' ? service.spec.retryAfter : load.thinkTime;
  if (pauseMs === 0) sendNext(crowd, user);
  else scheduleIn(crowd.requests.world.timeline, pauseMs, () => sendNext(crowd, user));
}
