import { addAnswer, addFailure } from '../../outcome/responses.ts';
import type { RequestSpec } from '../../trace/request.ts';
import { pushTo } from '../engine/heap.ts';
import { type Random, uniform } from '../engine/random.ts';
import { schedule, scheduleIn } from '../engine/timeline.ts';
import { exponential } from './arrivals.ts';
import { chooseServer } from './endpoints.ts';
import { peek, take } from './fifo.ts';
import { nodeWork, pause, resume } from './nodes.ts';
import {
  isDoneBefore,
  type Outcome,
  type Request,
  type Requests,
  type Server,
  type Service,
} from './types.ts';

/**
 * The way of a request: to the pod, into its queue, its CPU, what else it waits for, and back. On each step it
 * may end early: the user breaks off, or the pod's containers end.
 */

/** @param ended told once, never before this returns unless nobody could take the request */
export function send(
  requests: Requests,
  service: Service,
  ended: (outcome: Outcome) => void,
): Request | undefined {
  const { world } = requests;
  const sentAtMs = world.timeline.nowMs;
  const server = chooseServer(requests, service);
  if (server === undefined) {
    addFailure(service.log, sentAtMs, sentAtMs, undefined);
    ended('refused');
    return undefined;
  }
  const cpuMs = cpuTimeMs(service.spec, world.random.load);
  const request: Request = { service, server, sentAtMs, cpuMs, ended, open: true, doneAt: 0 };
  server.unanswered += 1;
  service.sent.items.push(request);
  watchTimeout(requests, service);
  after(requests, halfWayMs(server), () => arrive(requests, request));
  return request;
}

/** Nobody waits for the answer any more, and it counts neither as answered nor as failed. */
export function breakOff(request: Request): void {
  if (!request.open) return;
  request.open = false;
  request.server.unanswered -= 1;
}

/** The request got all its CPU: the pod waits for what else it needs, then answers. */
export function cpuDone(requests: Requests, request: Request): void {
  const { wait, waitJitter } = request.service.spec;
  const jitterMs = waitJitter === 0 ? 0 : waitJitter * uniform(requests.world.random.load);
  after(requests, wait + jitterMs, () => leave(requests, request));
}

/**
 * All that is in the pod ends without an answer.
 *
 * @param reset whether those who wait for an answer learn of it; else they wait until the time-out
 */
export function endAll(requests: Requests, server: Server, reset: boolean): void {
  const inside = Array.from(server.inside);
  if (inside.length === 0) return;
  const work = server.pod.node && nodeWork(requests, server.pod.node);
  if (work !== undefined) pause(requests, work);
  server.inside.clear();
  server.running.length = 0;
  server.queue.items.length = 0;
  server.queue.first = 0;
  server.begun = 0;
  if (work !== undefined) resume(requests, work, server);
  if (reset) for (const request of inside) end(requests, request, 'failed');
}

function arrive(requests: Requests, request: Request): void {
  const { server, service } = request;
  const { pod, inside, queue } = server;
  if (pod.node?.state !== 'up') return;
  if (server.isDown || pod.goneAtMs !== undefined) {
    end(requests, request, 'failed');
    return;
  }
  inside.add(request);
  const { concurrency } = service.spec;
  if (concurrency > 0 && server.begun >= concurrency) queue.items.push(request);
  else begin(requests, request);
}

function begin(requests: Requests, request: Request): void {
  const { server } = request;
  const work = server.pod.node && nodeWork(requests, server.pod.node);
  if (work === undefined) return;
  pause(requests, work);
  // A sum that grew for days would lose its last digits.
  if (server.running.length === 0) server.worked = 0;
  server.begun += 1;
  request.doneAt = server.worked + request.cpuMs;
  pushTo(server.running, request, isDoneBefore);
  resume(requests, work, server);
}

function leave(requests: Requests, request: Request): void {
  const { server } = request;
  // Its pod has ended meanwhile.
  if (!server.inside.delete(request)) return;
  server.begun -= 1;
  beginNext(requests, server);
  if (request.open) after(requests, halfWayMs(server), () => end(requests, request, 'answered'));
}

/** Those whose users broke off while they waited for their turn are not begun. */
function beginNext(requests: Requests, server: Server): void {
  for (let next = take(server.queue); next !== undefined; next = take(server.queue)) {
    if (next.open) {
      begin(requests, next);
      return;
    }
    server.inside.delete(next);
  }
}

function end({ world }: Requests, request: Request, outcome: 'answered' | 'failed'): void {
  if (!request.open) return;
  breakOff(request);
  const { service, server, sentAtMs } = request;
  const add = outcome === 'answered' ? addAnswer : addFailure;
  add(service.log, sentAtMs, world.timeline.nowMs, server.pod.node?.tier);
  request.ended(outcome);
}

/** One event looks at the oldest request only, not one at each. */
function watchTimeout(requests: Requests, service: Service): void {
  const oldest = peek(service.sent);
  if (service.watched || oldest === undefined) return;
  service.watched = true;
  schedule(requests.world.timeline, oldest.sentAtMs + service.spec.timeout, () => {
    service.watched = false;
    const { nowMs } = requests.world.timeline;
    const late: Request[] = [];
    for (let next = peek(service.sent); next !== undefined; next = peek(service.sent)) {
      if (next.open && next.sentAtMs + service.spec.timeout > nowMs) break;
      take(service.sent);
      if (next.open) late.push(next);
    }
    watchTimeout(requests, service);
    for (const request of late) end(requests, request, 'failed');
  });
}

function cpuTimeMs({ cpuTime, variation }: RequestSpec, random: Random): number {
  switch (variation) {
    case 'fixed':
      return cpuTime;
    case 'uniform':
      return cpuTime * (0.5 + uniform(random));
    case 'exponential':
      return cpuTime * exponential(random);
  }
}

function halfWayMs({ pod, service }: Server): number {
  const { roundTrip } = service.spec;
  return pod.node === undefined ? 0 : roundTrip[pod.node.tier] / 2;
}

function after({ world }: Requests, delayMs: number, run: () => void): void {
  if (delayMs > 0) scheduleIn(world.timeline, delayMs, run);
  else run();
}
